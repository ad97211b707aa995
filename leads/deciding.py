"""What a person can do about a held lead, and doing it: the one way for every page on which leads are decided
on."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from leads.attempts import newest_attempt
from leads.do_not_contact import closed_for, say_closed
from leads.grounds import asks_for_two, evidence_among
from leads.lifecycle import LifecycleError, lock_held, refuse_lead, release_lead
from leads.models import Lead, Override, Submission
from leads.overrides import (
    OverrideError,
    ask_override,
    confirm_override,
    decline_override,
    withdraw_override,
)
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.verbs import judge_again

Outcome = Submission.Outcome


class Choice(StrEnum):
    RELEASE = "release"
    # A second person must agree first.
    ASK = "ask"
    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REFUSE = "refuse"
    AGAIN = "again"


OF_OVERRIDES = {
    Choice.CONFIRM: confirm_override,
    Choice.DECLINE: decline_override,
    Choice.WITHDRAW: withdraw_override,
}
DONE = {
    Choice.RELEASE: "Released.",
    Choice.ASK: "Asked for. The lead stays held until a second person confirms.",
    Choice.CONFIRM: "Confirmed and released.",
    Choice.DECLINE: "Declined. The lead stays held.",
    Choice.WITHDRAW: "Taken back. The lead stays held.",
    Choice.REFUSE: "Refused. The lead stays on record, and nobody contacts the person.",
}
RELEASING = {Choice.RELEASE, Choice.CONFIRM}
CAME_OF_AGAIN = {
    Outcome.ACCEPTED: "TrustedForm was asked again: nothing holds the lead any more, and it is released.",
    Outcome.REFUSED: "TrustedForm was asked again, and the lead is refused.",
    Outcome.DUPLICATE: "It was judged again and kept as a duplicate.",
    Outcome.AUDIT: "TrustedForm was asked again; the lead stays held.",
}
CHANGED = "The lead changed since this page was shown. Look at it again, then decide."


def waiting_override(lead: Lead) -> Override | None:
    return lead.overrides.filter(state=Override.State.WAITING).first()


def choices_for(lead: Lead, waiting: Override | None, *, by: str) -> list[Choice]:
    """What may be done about the lead by somebody who decides on held leads."""
    if lead.status != Lead.Status.AUDIT:
        return []
    if waiting:
        settling = [Choice.WITHDRAW] if waiting.asked_by == by else [Choice.CONFIRM, Choice.DECLINE]
        return [*settling, Choice.REFUSE]
    return [releasing(lead), Choice.REFUSE, Choice.AGAIN]


def releasing(lead: Lead) -> Choice:
    """How the lead would be released: at once, or once a second person agrees."""
    return Choice.ASK if evidence_among(lead.held_for) and asks_for_two(lead.business_id) else Choice.RELEASE


def decide(
    lead: Lead,
    choice: Choice,
    *,
    by: str,
    reason: str,
    now: datetime,
    seen: Sequence[str] | None = None,
    override: str = "",
) -> str:
    """Carries it out; the sentence for the page that follows. `seen` are the codes for which the page showed
    it held, and `override` names the request that it showed; what changed since is not decided on unseen.

    Raises LifecycleError. Call it without a transaction, for TrustedForm may be asked.
    """
    said: dict[str, Any] = {"by": by, "reason": reason, "now": now}
    if choice is Choice.AGAIN:
        return CAME_OF_AGAIN[ask_again(lead, **said)]
    with transaction.atomic():
        if seen is not None and sorted(seen) != sorted(lock_held(lead).held_for):
            raise LifecycleError(CHANGED)
        if choice in OF_OVERRIDES:
            OF_OVERRIDES[choice](find_override(lead, override), **said)
        elif choice is Choice.ASK:
            ask_override(lead, **said)
        elif choice is Choice.RELEASE:
            release_lead(lead, **said)
        else:
            refuse_lead(lead, **said)
    return f"{DONE[choice]} {say_permission(lead)}" if choice in RELEASING else DONE[choice]


def say_permission(lead: Lead) -> str:
    """A release changes nothing for whoever is on the suppression list."""
    closed = say_closed(closed_for([lead])[lead.pk])
    return f"{closed}, for the suppression list has them." if closed else "The lead may be contacted now."


def find_override(lead: Lead, named: str) -> Override:
    found = Override.named(named).filter(lead=lead).first() if named else waiting_override(lead)
    if found is None:
        raise OverrideError("Nothing waits for a second person here.")
    return found


def ask_again(lead: Lead, *, by: str, reason: str, now: datetime) -> Outcome:
    """The lead is judged as it stands now, and TrustedForm asked. That it was, who wanted it and why stays as
    an attempt of its own."""
    first = lead.submissions.exclude(outcome=Outcome.REPLAYED).order_by("id").first()
    if first is None:
        raise LifecycleError("No request of this lead is on record, so it cannot be judged again.")
    try:
        return Outcome(judge_again(newest_attempt(first), by=by, reason=reason, now=now).outcome)
    except NotAgainError as error:
        raise LifecycleError(str(error)) from error
