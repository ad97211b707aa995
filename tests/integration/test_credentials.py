"""Issuing and revoking the keys of a source."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leadping.keys import API_KEY, API_SECRET, read_prefix
from leadping.models import Event
from leads.intake.receive import receive
from sources.credentials import (
    CredentialError,
    Issued,
    flag_exposed,
    issue_credential,
    retire_due,
    revoke_credential,
    rotate_credential,
)
from sources.models import Credential, Source
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)


def issue(source: Source) -> Issued:
    return issue_credential(source, by=BY, reason=REASON, now=NOW)


def revoke(issued: Issued) -> None:
    revoke_credential(issued.credential, by=BY, reason=REASON, now=NOW)


def test_a_new_source_has_one_key_and_secret(sender: Sender) -> None:
    assert sender.source.credentials.count() == 1
    issued = sender.issued
    assert read_prefix(API_KEY, issued.api_key) == read_prefix(API_SECRET, issued.api_secret)


def test_of_key_and_secret_only_hashes_are_kept(sender: Sender) -> None:
    kept = Credential.objects.filter(pk=sender.issued.credential.pk).values().get()
    text = repr([bytes(value) if isinstance(value, memoryview) else value for value in kept.values()])
    assert sender.issued.api_key not in text
    assert sender.issued.api_secret not in text


def test_issuing_leaves_an_event_that_names_the_key_by_its_prefix(sender: Sender) -> None:
    issued = issue(sender.source)
    event = Event.objects.filter(kind="credential.issued").latest("id")
    assert (event.subject, event.actor, event.at, event.data) == (
        sender.source.public_id,
        BY,
        NOW,
        {
            **{"credential": issued.credential.public_id, "prefix": issued.credential.prefix},
            **{"before": {}, "after": {"slot": 2}},
        },
    )


def test_two_keys_are_active_at_most(sender: Sender) -> None:
    issue(sender.source)
    with pytest.raises(CredentialError, match="Two keys are active already"):
        issue(sender.source)
    assert sender.source.credentials.count() == 2


def test_the_database_itself_allows_two_active_keys_at_most(sender: Sender) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.create(
            business=sender.source.business,
            source=sender.source,
            slot=1,
            prefix="AbCd0123",
            key_hash=b"",
            secret_hash=b"",
            created_by=BY,
        )


@pytest.mark.django_db(transaction=True)
def test_two_keys_are_active_at_most_however_many_ask_at_once() -> None:
    source = SenderFactory.create().source

    def try_to_issue(_: int) -> bool:
        try:
            issue(source)
        except CredentialError:
            return False
        return True

    assert sorted(at_once(6, try_to_issue)) == [False] * 5 + [True]
    assert source.credentials.filter(revoked_at=None).count() == 2


def test_while_keys_are_rotated_both_open_the_door(waived_sender: Sender) -> None:
    successor = Sender(waived_sender.source, issue(waived_sender.source))
    assert [sender.post().status_code for sender in (waived_sender, successor)] == [201, 201]
    revoke(waived_sender.issued)
    assert [sender.post().status_code for sender in (waived_sender, successor)] == [401, 201]


def test_a_revoked_key_makes_room_for_another(sender: Sender) -> None:
    issue(sender.source)
    revoke(sender.issued)
    assert issue(sender.source).credential.slot == 1


def test_a_revoked_key_is_refused_at_once_though_a_copy_is_kept(waived_sender: Sender) -> None:
    assert waived_sender.post().status_code == 201
    revoke(waived_sender.issued)
    assert waived_sender.post().status_code == 401


def test_revoking_leaves_the_moment_an_event_and_a_new_version(sender: Sender) -> None:
    revoke(sender.issued)
    event = Event.objects.filter(kind="credential.revoked").get()
    assert Credential.objects.get().revoked_at == NOW
    assert (event.subject, event.reason) == (sender.source.public_id, REASON)
    assert (event.data["before"], event.data["after"]) == (
        {"revoked_at": None},
        {"revoked_at": "2026-06-14T12:00:00Z"},
    )
    assert Source.objects.get(pk=sender.source.pk).version == sender.source.version + 1


def test_a_key_is_revoked_once(sender: Sender) -> None:
    revoke(sender.issued)
    with pytest.raises(CredentialError, match="revoked already"):
        revoke(sender.issued)
    assert Event.objects.filter(kind="credential.revoked").count() == 1


def test_the_use_of_a_key_is_noted_to_the_minute(waived_sender: Sender, time_machine: object) -> None:
    uses = []
    for second in (0, 30, 61):
        time_machine.move_to(NOW.timestamp() + second, tick=False)  # type: ignore[attr-defined]
        waived_sender.post()
        used_at = Credential.objects.get().last_used_at
        assert used_at
        uses.append((used_at - NOW).total_seconds())
    assert uses == [0, 0, 61]


def test_a_key_that_was_never_used_says_so(sender: Sender) -> None:
    assert Credential.objects.get().last_used_at is None
    assert timezone.now() > Credential.objects.get().created_at


OVERLAP = timedelta(hours=24)
SECOND = timedelta(seconds=1)


def rotate(issued: Issued, overlap: timedelta = OVERLAP) -> Issued:
    return rotate_credential(issued.credential, by=BY, reason=REASON, now=NOW, overlap=overlap)


def status_at(sender: Sender, moment: datetime) -> int:
    return receive(arrival_of(sender, flat_lead(), at=moment)).status


def test_a_rotated_key_works_up_to_the_second_at_which_the_overlap_ends(waived_sender: Sender) -> None:
    successor = Sender(waived_sender.source, rotate(waived_sender.issued))
    last, end = NOW + OVERLAP - SECOND, NOW + OVERLAP
    assert [status_at(sender, last) for sender in (waived_sender, successor)] == [201, 201]
    # Within the second for which a copy of the key is kept.
    assert [status_at(sender, end) for sender in (waived_sender, successor)] == [401, 201]


def test_a_key_rotated_at_once_is_dead_at_once(waived_sender: Sender) -> None:
    assert status_at(waived_sender, NOW) == 201
    successor = Sender(waived_sender.source, rotate(waived_sender.issued, timedelta()))
    assert [status_at(sender, NOW) for sender in (waived_sender, successor)] == [401, 201]


def test_a_rotation_leaves_an_event_that_names_the_successor(sender: Sender) -> None:
    issued = rotate(sender.issued)
    event = Event.objects.get(kind="credential.rotated")
    assert event.data == {
        "credential": sender.issued.credential.public_id,
        "prefix": sender.issued.credential.prefix,
        "before": {"retires_at": None},
        "after": {"retires_at": "2026-06-15T12:00:00Z"},
        "successor": issued.credential.prefix,
    }


def test_a_key_is_rotated_once(sender: Sender) -> None:
    rotate(sender.issued)
    with pytest.raises(CredentialError, match="rotated already; it ends on 15 Jun 2026, 12:00 UTC"):
        rotate(sender.issued)


def test_a_dead_key_is_not_rotated(sender: Sender) -> None:
    revoke(sender.issued)
    with pytest.raises(CredentialError, match="works no more"):
        rotate(sender.issued)


def test_an_overlap_needs_room_for_both_keys(sender: Sender) -> None:
    issue(sender.source)
    with pytest.raises(CredentialError, match="Two keys are active"):
        rotate(sender.issued)
    assert Credential.objects.get(pk=sender.issued.credential.pk).retires_at is None
    rotate(sender.issued, timedelta())


def test_a_key_whose_overlap_is_over_makes_room(sender: Sender) -> None:
    successor = rotate(sender.issued)
    later = rotate_credential(successor.credential, by=BY, reason=REASON, now=NOW + OVERLAP)
    assert later.credential.slot == sender.issued.credential.slot


def test_a_key_whose_overlap_is_over_is_marked_as_revoked(sender: Sender) -> None:
    rotate(sender.issued)
    assert [retire_due(NOW + OVERLAP - SECOND), retire_due(NOW + OVERLAP), retire_due(NOW + OVERLAP)] == [
        0,
        1,
        0,
    ]
    assert Credential.objects.get(pk=sender.issued.credential.pk).revoked_at == NOW + OVERLAP
    assert Event.objects.get(kind="credential.revoked").actor == "system"


def test_a_rotated_key_can_be_revoked_before_its_end(waived_sender: Sender) -> None:
    rotate(waived_sender.issued)
    revoke(waived_sender.issued)
    assert status_at(waived_sender, NOW) == 401


def test_the_use_of_a_key_is_noted_with_its_address(waived_sender: Sender) -> None:
    waived_sender.client.post("/leads/intake", headers=waived_sender.credentials, REMOTE_ADDR="203.0.113.9")
    assert Credential.objects.get().last_used_ip == "203.0.113.9"


def flag(key: str, sender: Sender) -> int:
    """How many events there are of it by now."""
    flag_exposed([key], "sub_1", business_id=sender.source.business_id, now=NOW)
    return Event.objects.filter(kind="credential.exposed").count()


@pytest.mark.parametrize("kind", ["api_key", "api_secret"])
def test_a_key_or_secret_that_was_seen_is_flagged_once_and_goes_on_working(
    waived_sender: Sender, kind: str
) -> None:
    key: Any = getattr(waived_sender.issued, kind)
    assert [flag(key, waived_sender), flag(key, waived_sender)] == [1, 1]
    credential = Credential.objects.get()
    assert (credential.exposed_at, credential.exposed_in) == (NOW, "sub_1")
    data = Event.objects.get(kind="credential.exposed").data
    assert (data["submission"], data["before"], data["after"]) == (
        "sub_1",
        {"exposed_at": None, "exposed_in": ""},
        {"exposed_at": "2026-06-14T12:00:00Z", "exposed_in": "sub_1"},
    )
    assert waived_sender.post().status_code == 201


def test_the_checksum_at_its_end_is_no_part_of_the_secret(sender: Sender) -> None:
    assert flag(sender.issued.api_key[:-6], sender)


def test_a_key_that_only_begins_like_ours_is_not_flagged(sender: Sender) -> None:
    forged = sender.issued.api_key[:12] + "x" * 38
    assert not flag(forged, sender)


def test_a_key_of_another_business_is_not_flagged(sender: Sender) -> None:
    stranger = SenderFactory.create()
    assert not flag(stranger.issued.api_key, sender)
    assert set(Credential.objects.values_list("exposed_at", flat=True)) == {None}


@pytest.mark.django_db(transaction=True)
def test_those_who_rotate_revoke_and_flag_one_key_at_once_never_wait_for_each_other_forever() -> None:
    sender = SenderFactory.create()

    def deed(number: int) -> None:
        # Somebody else may have been faster.
        with suppress(CredentialError):
            (rotate, revoke, lambda issued: flag(issued.api_key, sender))[number % 3](sender.issued)

    at_once(18, deed)
    assert not Credential.objects.get(pk=sender.issued.credential.pk).is_live(NOW + OVERLAP)
