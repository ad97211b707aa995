"""The life of a source: created, changed, paused, deleted."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from threading import Event as Signal

import pytest
from django.db import transaction

from leadping.accounts.models import Business
from leadping.models import Event
from sources.credentials import CredentialError, issue_credential
from sources.lifecycle import (
    SourceError,
    change_settings,
    change_source,
    confirm_outreach,
    create_source,
    delete_source,
    pause_source,
    restore_source,
    resume_source,
)
from sources.models import Credential, Source, SourceSettings
from tests.races import at_once
from tests.senders import Sender
from tests.situations import REASON, AccountFactory, MemberFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
BY = "user_1"


def stored(source: Source) -> Source:
    return Source.objects.select_related("settings").get(pk=source.pk)


def last_event(source: Source) -> tuple[str, str, str, dict[str, object]]:
    event = Event.objects.filter(subject=source.public_id).latest("id")
    assert (event.business_id, event.at) == (source.business_id, NOW)
    return event.kind, event.actor, event.reason, event.data


def test_a_new_source_has_settings_credentials_and_no_approval(business: Business) -> None:
    account = AccountFactory.create(business=business)
    source, issued = create_source(
        business, "Quote form", account=account, kind=Source.Kind.VENDOR, by=BY, reason=REASON, now=NOW
    )
    kept = stored(source)
    assert (kept.name, kept.kind, kept.enabled, kept.account_id, kept.approved, kept.created_at) == (
        "Quote form",
        "vendor",
        True,
        account.pk,
        False,
        NOW,
    )
    assert (kept.settings.duplicate_rule, kept.settings.outage_policy, kept.settings.rate_per_minute) == (
        "off",
        "hold",
        None,
    )
    assert issued.credential == kept.credentials.get()
    kinds = Event.objects.filter(subject=source.public_id).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["source.created", "credential.issued"]


def test_a_name_is_given_once_in_a_business_whatever_its_case(business: Business) -> None:
    create_source(business, "Quote form", account=None, by=BY, reason=REASON, now=NOW)
    with pytest.raises(SourceError, match="QUOTE FORM"):
        create_source(business, "QUOTE FORM", account=None, by=BY, reason=REASON, now=NOW)
    assert (Source.objects.count(), SourceSettings.objects.count(), Credential.objects.count()) == (1, 1, 1)


def test_another_business_may_use_the_same_name(business: Business, other_business: Business) -> None:
    for one in (business, other_business):
        create_source(one, "Quote form", account=None, by=BY, reason=REASON, now=NOW)
    assert Source.objects.filter(name="Quote form").count() == 2


def test_the_name_of_a_deleted_source_is_free(source: Source) -> None:
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    create_source(source.business, source.name, account=None, by=BY, reason=REASON, now=NOW)
    assert Source.objects.filter(name=source.name).count() == 2


def test_a_change_is_written_with_what_it_was_and_what_it_is(source: Source) -> None:
    change_source(
        source, {"name": "New name", "kind": source.kind, "enabled": False}, by=BY, reason=REASON, now=NOW
    )
    kept = stored(source)
    assert (kept.name, kept.enabled, kept.version) == ("New name", False, source.version + 1)
    _, _, _, data = last_event(source)
    assert (last_event(source)[:3], data["after"]) == (
        ("source.changed", BY, REASON),
        {"name": "New name", "enabled": False},
    )


def test_what_is_no_change_leaves_nothing(source: Source) -> None:
    events = Event.objects.count()
    change_source(source, {"name": source.name, "enabled": True}, by=BY, reason=REASON, now=NOW)
    assert (Event.objects.count(), stored(source).version) == (events, source.version)


def test_a_source_is_attached_and_detached(source: Source) -> None:
    account = source.account
    assert account
    change_source(source, {"account": None}, by=BY, reason=REASON, now=NOW)
    assert stored(source).account_id is None
    assert last_event(source)[3] == {"before": {"account": str(account)}, "after": {"account": None}}


def test_settings_change_at_once_with_an_event(source: Source) -> None:
    change_settings(
        source.settings,
        {"tags": ["web"], "duplicate_rule": "hold", "notes": ""},
        by=BY,
        reason=REASON,
        now=NOW,
    )
    kept = stored(source)
    assert (kept.settings.tags, kept.settings.duplicate_rule, kept.version) == (
        ["web"],
        "hold",
        source.version + 1,
    )
    assert last_event(source) == (
        "settings.changed",
        BY,
        REASON,
        {
            "before": {"tags": [], "duplicate_rule": "off"},
            "after": {"tags": ["web"], "duplicate_rule": "hold"},
        },
    )


def test_a_paused_source_says_since_when_and_why_until_it_is_resumed(source: Source) -> None:
    pause_source(source, by=BY, reason="Bad leads.", now=NOW)
    kept = stored(source)
    assert (kept.paused_at, kept.paused_reason, last_event(source)[:3]) == (
        NOW,
        "Bad leads.",
        ("source.paused", BY, "Bad leads."),
    )
    resume_source(source, by=BY, reason="Mended.", now=NOW)
    kept = stored(source)
    assert (kept.paused_at, kept.paused_reason, last_event(source)[:3]) == (
        None,
        "",
        ("source.resumed", BY, "Mended."),
    )


def test_a_deleted_source_stays_on_record_and_its_name_says_so(source: Source) -> None:
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    kept = stored(source)
    assert (kept.deleted_at, str(kept), last_event(source)[:3]) == (
        NOW,
        f"{source.name} (Deleted)",
        ("source.deleted", BY, "Gone."),
    )
    assert source not in Source.objects.alive()


def test_a_deleted_sources_keys_die_with_it(waived_sender: Sender) -> None:
    assert waived_sender.post().status_code == 201
    delete_source(waived_sender.source, by=BY, reason="Gone.", now=NOW)
    assert waived_sender.post().status_code == 401


def test_the_event_of_a_deletion_names_the_keys_that_it_revoked(sender: Sender) -> None:
    second = issue_credential(sender.source, by=BY, reason=REASON, now=NOW)
    delete_source(sender.source, by=BY, reason="Gone.", now=NOW)
    prefixes = [sender.issued.credential.prefix, second.credential.prefix]
    assert last_event(sender.source)[3]["revoked_keys"] == prefixes
    assert set(Credential.objects.values_list("revoked_at", flat=True)) == {NOW}


def test_a_source_is_deleted_once(source: Source) -> None:
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    with pytest.raises(SourceError, match="deleted already"):
        delete_source(source, by=BY, reason="Gone.", now=NOW)


def test_a_deleted_source_gets_no_new_key(source: Source) -> None:
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    with pytest.raises(CredentialError, match="deleted"):
        issue_credential(source, by=BY, reason=REASON, now=NOW)


def test_a_restored_source_is_as_it_was_but_for_its_keys(waived_sender: Sender) -> None:
    source = waived_sender.source
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    restore_source(source, by=BY, reason="By mistake.", now=NOW)
    assert last_event(source)[:3] == ("source.restored", BY, "By mistake.")
    assert (stored(source).deleted_at, stored(source).approved) == (None, True)
    assert waived_sender.post().status_code == 401
    assert Sender(source, issue_credential(source, by=BY, reason=REASON, now=NOW)).post().status_code == 201


def test_a_source_whose_name_was_given_away_is_not_restored(source: Source) -> None:
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    create_source(source.business, source.name.upper(), account=None, by=BY, reason=REASON, now=NOW)
    with pytest.raises(SourceError, match="another source of this name"):
        restore_source(source, by=BY, reason="By mistake.", now=NOW)
    assert stored(source).deleted_at == NOW


def test_what_is_not_deleted_is_not_restored(source: Source) -> None:
    with pytest.raises(SourceError, match="not deleted"):
        restore_source(source, by=BY, reason="By mistake.", now=NOW)


def test_an_owner_is_a_member_of_the_business(source: Source, other_business: Business) -> None:
    own = MemberFactory.create(business=source.business)
    change_source(source, {"owner": own}, by=BY, reason=REASON, now=NOW)
    assert stored(source).owner == own
    with pytest.raises(SourceError, match="not a member"):
        change_source(
            source, {"owner": MemberFactory.create(business=other_business)}, by=BY, reason=REASON, now=NOW
        )


def test_somebody_confirms_that_outreach_is_ready(source: Source) -> None:
    confirm_outreach(source, by=BY, reason=REASON, now=NOW)
    settings = stored(source).settings
    assert (settings.outreach_ready_at, settings.outreach_ready_by) == (NOW, BY)
    assert last_event(source)[0] == "source.outreach_confirmed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time_zone": "Texas"}, "no time zone"),
        ({"ip_list": ["203.0.113.0/33"]}, "no IP address"),
        ({"schedule_days": [7]}, "less than or equal to 6"),
        ({"schedule_from": time(9)}, "both hours"),
        ({"schedule_from": time(9), "schedule_until": time(9)}, "same hour"),
        ({"cap_per_day": 0}, "greater than or equal to 1"),
        ({"cap_effect": "warn"}, "not a valid choice"),
    ],
)
def test_settings_that_intake_could_not_go_by_are_refused(
    source: Source, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        change_settings(source.settings, changes, by=BY, reason=REASON, now=NOW)
    assert stored(source).version == source.version


def test_addresses_are_kept_as_networks_each_once(source: Source) -> None:
    listed = ["203.0.113.7", "203.0.113.7/32", "198.51.100.9/24", "2001:DB8::/32"]
    change_settings(source.settings, {"ip_list": listed}, by=BY, reason=REASON, now=NOW)
    assert stored(source).settings.ip_list == ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::/32"]


def test_a_schedule_is_written_down_as_it_reads(source: Source) -> None:
    change_settings(
        source.settings, {"schedule_from": time(9), "schedule_until": time(17)}, by=BY, reason=REASON, now=NOW
    )
    assert last_event(source)[3]["after"] == {"schedule_from": "09:00:00", "schedule_until": "17:00:00"}


Deed = Callable[[Source], None]

RAISING: dict[str, Deed] = {
    "change": lambda source: change_source(source, {"name": "x"}, by=BY, reason=REASON, now=NOW),
    "settings": lambda source: change_settings(
        source.settings, {"notes": "x"}, by=BY, reason=REASON, now=NOW
    ),
    "pause": lambda source: pause_source(source, by=BY, reason="x", now=NOW),
    "delete": lambda source: delete_source(source, by=BY, reason="x", now=NOW),
}


@pytest.mark.parametrize("deed", RAISING.values(), ids=RAISING.keys())
def test_each_change_raises_the_version_by_one_and_leaves_one_event(source: Source, deed: Deed) -> None:
    events = Event.objects.count()
    deed(source)
    assert (stored(source).version, Event.objects.count()) == (source.version + 1, events + 1)


@pytest.mark.django_db(transaction=True)
def test_intake_does_not_wait_for_a_verb_about_the_source(waived_sender: Sender) -> None:
    locked, answered = Signal(), Signal()

    def act(number: int) -> bool:
        if number == 0:
            with transaction.atomic():
                change_source(waived_sender.source, {"enabled": False}, by=BY, reason=REASON, now=NOW)
                locked.set()
                return answered.wait(timeout=5)
        locked.wait(timeout=5)
        status = waived_sender.post().status_code
        answered.set()
        return status == 201

    assert at_once(2, act) == [True, True]
