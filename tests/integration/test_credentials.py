"""Issuing and revoking the keys of a source."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leadping.keys import API_KEY, API_SECRET, read_prefix
from leadping.models import Event
from sources.credentials import CredentialError, Issued, issue_credential, revoke_credential
from sources.models import Credential, Source
from tests.races import at_once
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)


def issue(source: Source) -> Issued:
    return issue_credential(source, by=BY, now=NOW)


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
        {"credential": issued.credential.public_id, "prefix": issued.credential.prefix},
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
