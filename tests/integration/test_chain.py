"""Control events as links of a chain, and its head outside the database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.chain import GENESIS, chain_everything, chain_waiting
from leadping.events import count_event, record_event
from leadping.heads import publish_head, read_heads
from leadping.models import ChainHead, Event
from tests.races import at_once
from tests.situations import BusinessFactory


@pytest.fixture
def heads_file(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads" / "audit.jsonl")
    return Path(settings.AUDIT_HEADS_FILE)


def record(business: Business | None, kind: str = "source.changed", **data: Any) -> Event:
    return record_event(
        kind,
        subject="source_1",
        by="user_1",
        business_id=business.pk if business else None,
        now=timezone.now(),
        **data,
    )


def numbers(business: Business | None) -> list[int | None]:
    """Those of the business's events, unchained ones last."""
    links = Event.objects.filter(business=business).order_by("chain_number", "id")
    return list(links.values_list("chain_number", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_control_event_is_a_link_as_soon_as_it_is_committed(heads_file: Path) -> None:
    business = BusinessFactory.create()
    record(business)
    assert numbers(business) == [1, 2]
    head = ChainHead.objects.get(business=business)
    last = Event.objects.get(business=business, chain_number=2)
    assert (head.count, bytes(head.hash)) == (2, bytes(last.chain_hash or b""))


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap(heads_file: Path) -> None:
    business = BusinessFactory.create()
    with transaction.atomic():
        record(business)
        transaction.set_rollback(True)
    record(business)
    assert numbers(business) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_several_events_of_one_transaction_are_links_one_after_the_other(heads_file: Path) -> None:
    business = BusinessFactory.create()
    with transaction.atomic():
        ids = {record(business).pk for _ in range(3)}
    links = Event.objects.filter(business=business).order_by("chain_number")
    assert [event.chain_number for event in links] == [1, 2, 3, 4]
    assert {event.pk for event in links[1:]} == ids


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain_without_a_gap(heads_file: Path) -> None:
    business = BusinessFactory.create()
    at_once(8, lambda _: [record(business) for _ in range(5)])
    found = Event.objects.filter(business=business).order_by("chain_number")
    assert [event.chain_number for event in found] == list(range(1, 42))
    assert ChainHead.objects.get(business=business).count == 41


@pytest.mark.django_db(transaction=True)
def test_verbs_that_touch_two_businesses_in_either_order_do_not_wait_for_each_other(heads_file: Path) -> None:
    one, two = BusinessFactory.create(), BusinessFactory.create()

    def write(number: int) -> None:
        with transaction.atomic():
            for business in (one, two) if number % 2 else (two, one):
                record(business)

    at_once(6, write)
    assert sorted(filter(None, numbers(one))) == sorted(filter(None, numbers(two))) == list(range(1, 8))


@pytest.mark.django_db
def test_businesses_and_the_installation_have_chains_of_their_own(
    business: Business, other_business: Business
) -> None:
    for owner in (business, other_business, None):
        record(owner)
        chain_waiting(owner.pk if owner else None)
    assert numbers(business) == numbers(other_business) == [1, 2]
    assert numbers(None) == [1]
    assert bytes(ChainHead.objects.get(business=None).hash) != GENESIS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", ["lead.created", "submission.purged", "certificate.checked", "conversation.x"]
)
def test_traffic_is_no_link(business: Business, kind: str) -> None:
    record(business, kind)
    chain_waiting(business.pk)
    assert numbers(business) == [1, None]


@pytest.mark.django_db
def test_what_folds_is_no_link(business: Business) -> None:
    count_event(
        "authentication.failed", subject="", by="", business_id=business.pk, now=timezone.now(), ip="::1"
    )
    chain_waiting(business.pk)
    assert numbers(business) == [1, None]


@pytest.mark.django_db
def test_the_worker_links_what_a_dying_process_left_waiting(business: Business, heads_file: Path) -> None:
    record(business)
    record(None)
    assert numbers(business) == [None, None]
    chain_everything()
    assert numbers(business) == [1, 2]
    assert numbers(None) == [1]


@pytest.mark.django_db(transaction=True)
def test_each_move_of_the_head_is_a_signed_line_outside_the_database(heads_file: Path) -> None:
    business = BusinessFactory.create()
    record(business)
    lines = [json.loads(text) for text in heads_file.read_text().splitlines()]
    assert [(line["business"], line["count"]) for line in lines] == [
        (business.public_id, 1),
        (business.public_id, 2),
    ]
    signed = read_heads([heads_file])
    assert signed.faults == []
    head = ChainHead.objects.get(business=business)
    assert signed.chains[head.public_id].hashes[2] == bytes(head.hash)
    assert heads_file.stat().st_mode & 0o777 == 0o600


def alter(line: dict[str, Any]) -> str:
    return json.dumps({**line, "count": line["count"] + 1})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        alter,
        lambda line: json.dumps({**line, "signature": "x"}),
        lambda line: "[]",
        lambda line: "{",
        lambda line: "\0",
    ],
)
def test_a_line_that_was_not_signed_by_us_proves_nothing(
    business: Business, heads_file: Path, spoil: Callable[[dict[str, Any]], str]
) -> None:
    chain_waiting(business.pk)
    publish_head(ChainHead.objects.get(business=business))
    line = json.loads(heads_file.read_text())
    heads_file.write_text(spoil(line) + "\n")
    signed = read_heads([heads_file])
    assert (signed.chains, signed.faults) == ({}, [(str(heads_file), 1)])


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_written_fails_nobody_and_is_caught_up_on(
    heads_file: Path, settings: Settings
) -> None:
    settings.AUDIT_HEADS_FILE = "/proc/no/such/place"
    business = BusinessFactory.create()
    assert numbers(business) == [1]
    settings.AUDIT_HEADS_FILE = str(heads_file)
    chain_everything()
    assert [json.loads(text)["count"] for text in heads_file.read_text().splitlines()] == [1]
    chain_everything()
    assert len(heads_file.read_text().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_cannot_be_written_on_keeps_no_other_waiting(
    heads_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = BusinessFactory.create(), BusinessFactory.create()
    Event.objects.update(chain_number=None, chain_hash=None)
    ChainHead.objects.all().delete()

    def chain(business_id: object) -> None:
        if business_id == broken.pk:
            raise RuntimeError("Broken.")
        chain_waiting(business_id)  # type: ignore[arg-type]

    monkeypatch.setattr("leadping.chain.chain_waiting", chain)
    with pytest.raises(RuntimeError):
        chain_everything()
    assert (numbers(broken), numbers(whole)) == ([None], [1])
