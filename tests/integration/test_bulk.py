"""Many leads at once leave what the same leads leave one by one at a door."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.models import Event
from leads.bulk import receive
from leads.bulk.bringer import Bringer, NoLongerKnown
from leads.bulk.receive import take_in, take_in_many
from leads.intake import record
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Case, Provenance
from leads.intake.rows import lead_rows
from leads.models import Lead, Submission
from sources.credentials import revoke_credential
from sources.lifecycle import pause_source
from tests.arrivals import arrival
from tests.senders import Sender, flat_lead, structured_lead
from tests.situations import BY, REASON, SenderFactory


def line(sent: Any, *, at: datetime | None = None, key: str | None = None, **differences: Any) -> Arrival:
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return arrival(
        Submission.Door.BATCH,
        sent=text,
        received_at=at or timezone.now(),
        idempotency_key=key,
        content_type="application/x-ndjson",
        **differences,
    )


def bring(
    sender: Sender, lines: Sequence[Any], *, by_person: bool = False, **differences: Any
) -> list[Reply]:
    """The lines in one call, numbered from 1."""
    now = timezone.now()
    arrivals = [line(sent, at=now, **differences) for sent in lines]
    provenances = [Provenance(row_number=number) for number, _ in enumerate(lines, 1)]
    credential = None if by_person else sender.issued.credential
    return take_in_many(arrivals, sender.source, credential, provenances)


def person(number: int, **fields: Any) -> dict[str, Any]:
    own = {"externalId": f"e{number}", "phone": f"+1512555{number:04}", "email": f"e{number}@example.com"}
    return flat_lead(**{**own, "trustedFormUrl": None, **fields})


def statuses(replies: Sequence[Reply]) -> list[int]:
    return [reply.status for reply in replies]


def test_each_line_is_answered_in_order_and_one_bad_line_stops_no_other(waived_sender: Sender) -> None:
    replies = bring(waived_sender, [person(1), b"{nonsense", person(2, state="XX"), b"\xff", person(3)])
    assert statuses(replies) == [201, 400, 400, 400, 201]
    assert Lead.objects.count() == 2
    rows = Submission.objects.order_by("row_number")
    assert [row.row_number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.answer for row in rows] == [reply.body for reply in replies]


def test_a_line_may_have_either_shape(waived_sender: Sender) -> None:
    replies = bring(waived_sender, [person(1), structured_lead(trustedFormUrl=None, externalId="s")])
    assert statuses(replies) == [201, 201]
    assert set(Lead.objects.values_list("external_id", flat=True)) == {"e1", "s"}


def test_of_lines_with_the_same_person_the_first_is_taken_where_duplicates_are_refused(db: None) -> None:
    sender = SenderFactory.create(waived=True, settings__duplicate_rule="refuse")
    replies = bring(sender, [person(1), person(2), person(1, externalId="other"), person(3)])
    assert statuses(replies) == [201, 201, 400, 201]
    assert json.loads(replies[0].body)["id"] in replies[2].body


def test_a_cap_is_exact_among_the_lines(db: None) -> None:
    sender = SenderFactory.create(waived=True, settings__cap_per_day=3)
    replies = bring(sender, [person(number) for number in range(6)])
    assert statuses(replies) == [201] * 3 + [429] * 3
    assert Lead.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_line_that_came_before_gets_its_first_answer(waived_sender: Sender) -> None:
    first = bring(waived_sender, [person(1), person(2)])
    again = bring(waived_sender, [person(2), person(3), person(1)])
    assert [reply.body for reply in (again[2], again[0])] == [reply.body for reply in first]
    assert again[0].headers == {"Idempotency-Replayed": "true"}
    assert Lead.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_line_twice_makes_one_lead(waived_sender: Sender) -> None:
    sent = person(1)
    one, other = bring(waived_sender, [sent, sent])
    assert one.body == other.body
    assert Lead.objects.count() == 1


def test_each_lead_leaves_its_event(waived_sender: Sender) -> None:
    bring(waived_sender, [person(1), person(2)])
    assert Event.objects.filter(kind="lead.created").count() == 2


@pytest.mark.parametrize("by_person", [False, True])
def test_what_a_person_brings_is_bound_by_no_ip_list_and_no_rate(db: None, by_person: bool) -> None:
    sender = SenderFactory.create(
        waived=True, settings__ip_list=["198.51.100.0/24"], settings__rate_per_minute=1
    )
    replies = bring(sender, [person(1), person(2)], by_person=by_person)
    assert statuses(replies) == ([201, 201] if by_person else [403, 403])


@pytest.mark.django_db(transaction=True)
def test_what_comes_after_a_change_of_the_source_is_judged_by_it(
    waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "TOGETHER", 2)
    some = receive.take_in(brought(5), Bringer(waived_sender.source, waived_sender.issued.credential))
    first = next(some)
    pause_source(waived_sender.source, by=BY, reason=REASON, now=timezone.now())
    outcomes = [taken.reply.status for together in [first, *some] for taken in together]
    assert outcomes == [201, 201, 403, 403, 403]


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_revoked_meanwhile_brings_nothing_more(
    waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "TOGETHER", 2)
    credential = waived_sender.issued.credential
    some = receive.take_in(brought(5), Bringer(waived_sender.source, credential))
    next(some)
    revoke_credential(credential, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(NoLongerKnown):
        next(some)
    assert Lead.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_fails_for_whatever_reason_stops_no_other(
    waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_on_the_second(case: Case, lead_id: UUID) -> Any:
        if case.provenance.row_number == 2:
            raise RuntimeError
        return lead_rows(case, lead_id)

    monkeypatch.setattr(record, "lead_rows", fail_on_the_second)
    assert statuses(bring(waived_sender, [person(1), person(2), person(3)])) == [201, 500, 201]


@pytest.mark.django_db(transaction=True)
def test_a_business_gets_its_own_conversation_with_a_person_whom_another_knows(
    waived_sender: Sender, other_business: Business
) -> None:
    other = SenderFactory.create(business=other_business, waived=True)
    for sender in (waived_sender, other):
        assert statuses(bring(sender, [person(1)])) == [201]
    assert Lead.objects.values("conversation").distinct().count() == 2


def brought(count: int) -> list[tuple[Arrival, Provenance]]:
    return [(line(person(number)), Provenance(row_number=number)) for number in range(1, count + 1)]


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_answers_are_on_their_way() -> None:
    sender = SenderFactory.create(waived=True)
    bringer = Bringer(sender.source, sender.issued.credential)
    lines = [(line(person(number)), Provenance(row_number=number)) for number in range(1, 600)]
    held = [connection.connection for _ in take_in(lines, bringer)]
    assert len(held) > 1
    assert set(held) == {None}
