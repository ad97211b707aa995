"""A legal hold keeps what it covers from purge and erasure, whoever comes first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import KeptKind, Lead, LegalHold, Submission
from leads.retention.holds import HoldError, holds_on, place_hold, release_hold
from leads.retention.people import read_person
from leads.retention.periods import change_period
from leads.retention.purging import purge_business
from leads.retention.requests import ErasureError
from tests.console import events
from tests.erasing import erase, marked, person
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, take_in

LATER = timedelta(days=400)


@pytest.fixture
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, **marked(trustedFormUrl=None))


def hold(business: Business, on: Any) -> LegalHold:
    return place_hold(business, on=on, by=BY, reason="Example v. Example", now=timezone.now())


def release(held: LegalHold) -> None:
    release_hold(held, by=BY, reason=REASON, now=timezone.now())


WAYS: dict[str, Callable[[Lead], Any]] = {
    "lead": lambda lead: lead,
    "source": lambda lead: lead.source,
    "person": lambda lead: read_person(lead.phone, ""),
    "email": lambda lead: read_person("", lead.email),
    "business": lambda lead: None,
}


def keep_people(business: Business, days: int = 365) -> None:
    change_period(business, KeptKind.ACCEPTED_LEADS, days, by=BY, reason=REASON, now=timezone.now())


def purge(business: Business, now: datetime | None = None) -> Any:
    return purge_business(business, now=now or timezone.now() + LATER)[KeptKind.ACCEPTED_LEADS]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_erasure_is_refused_and_the_hold_named(
    business: Business, lead: Lead, way: Callable[[Lead], Any]
) -> None:
    held = hold(business, way(lead))
    with pytest.raises(ErasureError, match=held.public_id):
        erase(business)
    assert Lead.objects.get().first_name == "Zqxmark"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_purge_passes_over_what_is_held_and_counts_it(
    business: Business, lead: Lead, way: Callable[[Lead], Any]
) -> None:
    keep_people(business)
    hold(business, way(lead))
    purged = purge(business)
    assert (purged.purged, purged.on_hold) == (0, 1)
    assert Lead.objects.get().erased_at is None


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_once_released_it_goes(business: Business, lead: Lead, way: Callable[[Lead], Any]) -> None:
    keep_people(business)
    release(hold(business, way(lead)))
    assert purge(business).purged == 1


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_lead_knows_what_holds_it(business: Business, lead: Lead, way: Callable[[Lead], Any]) -> None:
    held = hold(business, way(lead))
    assert holds_on([lead], readable=[business.pk]) == {lead.pk: [held]}


def test_a_hold_on_a_person_keeps_their_refused_requests(business: Business, sender: Sender) -> None:
    sender.post(marked(trustedFormUrl=None))
    sender.post(flat_lead(trustedFormUrl=None, phone="+15125550188", email="other@example.com"))
    hold(business, person())
    purged = purge_business(business, now=timezone.now() + LATER)[KeptKind.REFUSED_REQUESTS]
    assert (purged.purged, purged.on_hold) == (1, 1)
    assert "zqxmark" in Submission.objects.get(erased_at=None).body


def test_a_hold_of_another_business_keeps_nothing_here(
    business: Business, other_business: Business, lead: Lead
) -> None:
    hold(other_business, person())
    hold(other_business, None)
    assert erase(business).counts["leads"] == 1


def test_the_same_is_held_once(business: Business, lead: Lead) -> None:
    hold(business, lead)
    with pytest.raises(HoldError, match="already"):
        hold(business, lead)


def test_an_erased_lead_cannot_be_held(business: Business, lead: Lead) -> None:
    erase(business)
    with pytest.raises(HoldError, match="erased"):
        hold(business, lead)


def test_a_hold_is_released_once(business: Business, lead: Lead) -> None:
    held = hold(business, lead)
    release(held)
    with pytest.raises(HoldError, match="already"):
        release(held)


def test_of_a_released_hold_on_a_person_hashes_stay(business: Business) -> None:
    held = hold(business, person())
    release(held)
    stored = LegalHold.objects.get()
    assert (stored.phone, stored.email, len(stored.contact_hashes)) == ("", "", 2)


def test_both_are_on_record_and_name_nobody(business: Business) -> None:
    release(hold(business, person()))
    placed, released = events("hold.placed", "hold.released")
    assert placed["data"] == released["data"] == {"scope": "person", "about": ""}
    assert (placed["reason"], released["reason"]) == ("Example v. Example", REASON)


@pytest.mark.django_db(transaction=True)
def test_a_hold_placed_while_a_purge_runs_keeps_what_is_left(
    business: Business, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purge has its batch at hand and waits; whoever places a hold waits for it, and what is purged then
    is only what was purged before the hold stood."""
    keep_people(business)
    begun, placed = Signal(), Signal()

    def place() -> None:
        begun.wait(10)
        hold(business, lead)
        placed.set()
        connection.close()

    holder = Thread(target=place)
    holder.start()
    with transaction.atomic():
        # A batch that is being purged holds the same lock until it is committed.
        from leads.retention.holds import lock_records  # noqa: PLC0415

        lock_records(business.pk)
        begun.set()
        assert not placed.wait(0.5)
    holder.join(10)
    assert placed.is_set()
    assert purge(business).on_hold == 1
    assert Lead.objects.get().erased_at is None


@pytest.mark.django_db(transaction=True)
def test_a_purge_sees_a_hold_that_was_committed_while_it_waited(business: Business, lead: Lead) -> None:
    keep_people(business)
    found: list[Any] = []

    def run() -> None:
        found.append(purge(business))
        connection.close()

    purger = Thread(target=run)
    with transaction.atomic():
        hold(business, lead)
        purger.start()
        purger.join(0.5)
        assert purger.is_alive()
    purger.join(10)
    assert (found[0].purged, found[0].on_hold) == (0, 1)
