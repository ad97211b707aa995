"""The life of a lead after it came in: from which status each step works, and exactly what it leaves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadping.models import Event
from leads.lifecycle import (
    PATIENCE,
    LifecycleError,
    change_hold,
    refuse_lead,
    release_lead,
    settle_hold,
    wait_longer,
)
from leads.models import Lead
from tests.prepared import prepared
from tests.senders import Sender, certificate
from tests.situations import SenderFactory, let_one_pass, take_in

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
BY, REASON = "user_1", "Looked at."
UNAVAILABLE = "certificate_unavailable"

Step = Callable[[Lead], None]


@prepared
def held(sender: Sender, sandbox: str) -> Lead:
    """Held because TrustedForm could not be asked; to be asked again. One person alone may decide."""
    let_one_pass(sender.source.business)
    return take_in(sender, trustedFormUrl=certificate("error"))


@pytest.fixture
def doubtful(business: object, sandbox: str) -> Lead:
    """Held for two reasons."""
    sender = SenderFactory.create(business=business, settings__duplicate_rule="hold")
    take_in(sender)
    return take_in(sender, trustedFormUrl=certificate("error"))


def state_of(lead: Lead) -> dict[str, Any]:
    """All that a step of the life may touch; events since the lead came in."""
    kept = Lead.objects.select_related("conversation").get(pk=lead.pk)
    events = Event.objects.filter(subject=lead.public_id).exclude(kind="lead.created").order_by("id")
    return {
        "status": kept.status,
        "held_for": kept.held_for,
        "recheck_at": kept.recheck_at,
        "rechecks": kept.rechecks,
        "inbox_since": kept.conversation.inbox_since,
        "events": [(event.kind, event.actor, event.reason, event.at) for event in events],
    }


def release(lead: Lead) -> None:
    release_lead(lead, by=BY, reason=REASON, now=NOW)


def refuse(lead: Lead) -> None:
    refuse_lead(lead, by=BY, reason=REASON, now=NOW)


def test_a_released_lead_is_accepted_and_enters_the_inbox(held: Lead) -> None:
    release(held)
    assert state_of(held) == {
        "status": "accepted",
        "held_for": [],
        "recheck_at": None,
        "rechecks": 0,
        "inbox_since": NOW,
        "events": [("override.alone", BY, REASON, NOW), ("lead.released", BY, REASON, NOW)],
    }


def test_a_refused_lead_stays_on_record_and_out_of_the_inbox(held: Lead) -> None:
    refuse(held)
    assert state_of(held) == {
        "status": "refused",
        "held_for": [],
        "recheck_at": None,
        "rechecks": 0,
        "inbox_since": None,
        "events": [("lead.refused", BY, REASON, NOW)],
    }


def test_a_conversation_that_was_in_the_inbox_keeps_its_place(sender: Sender, sandbox: str) -> None:
    let_one_pass(sender.source.business)
    accepted = take_in(sender)
    held = take_in(sender, trustedFormUrl=certificate("mismatch"))
    release(held)
    assert state_of(held)["inbox_since"] == accepted.created_at


@pytest.mark.parametrize("step", [release, refuse])
@pytest.mark.parametrize("status", [Lead.Status.ACCEPTED, Lead.Status.DUPLICATE, Lead.Status.REFUSED])
def test_only_a_held_lead_is_released_or_refused(held: Lead, step: Step, status: Lead.Status) -> None:
    Lead.objects.filter(pk=held.pk).update(status=status, held_for=[], recheck_at=None)
    before = state_of(held)
    with pytest.raises(LifecycleError):
        step(held)
    assert state_of(held) == before


@pytest.mark.parametrize("first", [release, refuse])
@pytest.mark.parametrize("second", [release, refuse])
def test_of_two_decisions_the_first_holds(held: Lead, first: Step, second: Step) -> None:
    other_copy = Lead.objects.get(pk=held.pk)
    first(held)
    after = state_of(held)
    with pytest.raises(LifecycleError):
        second(other_copy)
    assert state_of(held) == after


def test_when_its_only_hold_is_settled_a_lead_is_released(held: Lead) -> None:
    settle_hold(held, UNAVAILABLE, by=BY, reason=REASON, now=NOW)
    after = state_of(held)
    assert (after["status"], after["inbox_since"], after["events"]) == (
        "accepted",
        NOW,
        [("lead.released", BY, REASON, NOW)],
    )


def test_a_lead_held_for_another_reason_stays_held_and_waits_no_more(doubtful: Lead) -> None:
    assert sorted(doubtful.held_for) == [UNAVAILABLE, "duplicate_lead"]
    settle_hold(doubtful, UNAVAILABLE, by=BY, reason=REASON, now=NOW)
    after = state_of(doubtful)
    assert (after["status"], after["held_for"], after["recheck_at"], after["events"]) == (
        "audit",
        ["duplicate_lead"],
        None,
        [("lead.hold_settled", BY, REASON, NOW)],
    )


def test_a_hold_that_changes_its_reason_is_for_a_person(doubtful: Lead) -> None:
    change_hold(doubtful, UNAVAILABLE, ["certificate_mismatch"], by=BY, reason=REASON, now=NOW)
    after = state_of(doubtful)
    assert (after["status"], sorted(after["held_for"]), after["recheck_at"], after["events"]) == (
        "audit",
        ["certificate_mismatch", "duplicate_lead"],
        None,
        [("lead.still_held", BY, REASON, NOW)],
    )


@pytest.mark.parametrize("rechecks", range(len(PATIENCE) - 1))
def test_a_lead_waits_longer_each_time(held: Lead, rechecks: int) -> None:
    held.rechecks = rechecks
    wait_longer(held, now=NOW)
    after = state_of(held)
    assert (after["recheck_at"], after["rechecks"]) == (NOW + PATIENCE[rechecks + 1], rechecks + 1)


def test_when_patience_ends_the_lead_is_left_for_a_person(held: Lead) -> None:
    held.rechecks = len(PATIENCE) - 1
    wait_longer(held, now=NOW)
    after = state_of(held)
    assert (after["status"], after["held_for"], after["recheck_at"]) == ("audit", [UNAVAILABLE], None)
    assert Event.objects.filter(kind="lead.recheck_ended", subject=held.public_id).count() == 1


def test_patience_grows_and_lasts_two_days() -> None:
    assert list(PATIENCE) == sorted(PATIENCE)
    assert timedelta(days=1.5) < sum(PATIENCE, timedelta()) < timedelta(days=2.5)
