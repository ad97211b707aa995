"""Passing over failed evidence: one person asks, another confirms, and only then the lead is released.

The lead's row is locked first in each step, so that of two who settle the same at once one finds it settled.
When the lead changes meanwhile, the request lapses; `leads/lifecycle.py` sees to that.
"""

from datetime import datetime

from django.db import transaction

from leads.grounds import evidence_among
from leads.lifecycle import LifecycleError, accept_lead, announce_override, lock_held, settle_override
from leads.models import Lead, Override
from sources.decisions import is_person

State = Override.State


class OverrideError(LifecycleError):
    """The message says to a person why this cannot be asked for, confirmed, declined or taken back."""


@transaction.atomic
def ask_override(lead: Lead, *, by: str, reason: str, now: datetime) -> Override:
    """The lead stays held until a second person confirms."""
    held = lock_held(lead)
    codes = evidence_among(held.held_for)
    if not codes:
        raise OverrideError("No evidence failed, so one person alone can release it.")
    if not reason.strip():
        raise OverrideError("Say why the lead should be released all the same.")
    if held.overrides.filter(state=State.WAITING).exists():
        raise OverrideError("Somebody has asked already; it waits for a second person.")
    override = Override.objects.create(
        business_id=held.business_id, lead=held, codes=codes, asked_by=by, asked_at=now, reason=reason
    )
    announce_override(override, by=by, reason=reason, now=now)
    return override


@transaction.atomic
def confirm_override(override: Override, *, by: str, reason: str, now: datetime) -> None:
    """By another person than the one who asked: the lead is released."""
    lead, waiting = lock_waiting(override)
    if by == waiting.asked_by or not is_person(by):
        raise OverrideError("Somebody else must confirm: you asked for it yourself.")
    if not reason.strip():
        raise OverrideError("Say what you looked at.")
    if evidence_among(lead.held_for) != sorted(waiting.codes):
        raise OverrideError("The lead is held for something else by now. Refuse it, or ask anew.")
    settle_override(waiting, State.CONFIRMED, by=by, reason=reason, now=now)
    accept_lead(lead, by=by, reason=reason, now=now)


@transaction.atomic
def decline_override(override: Override, *, by: str, reason: str, now: datetime) -> None:
    """The lead stays held."""
    _, waiting = lock_waiting(override)
    if by == waiting.asked_by:
        raise OverrideError("You asked for it yourself: take it back instead.")
    if not reason.strip():
        raise OverrideError("Say why not.")
    settle_override(waiting, State.DECLINED, by=by, reason=reason, now=now)


@transaction.atomic
def withdraw_override(override: Override, *, by: str, reason: str, now: datetime) -> None:
    """Whoever asked takes it back; the lead stays held."""
    _, waiting = lock_waiting(override)
    if by != waiting.asked_by:
        raise OverrideError("Only who asked takes it back; you can decline it.")
    settle_override(waiting, State.WITHDRAWN, by=by, reason=reason, now=now)


def lock_waiting(override: Override) -> tuple[Lead, Override]:
    """Both as they are stored now, the lead first."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=override.lead_id)
    stored = Override.objects.select_for_update(of=("self",)).select_related("lead").get(pk=override.pk)
    if stored.state != State.WAITING:
        raise OverrideError(f"It waits no more: {stored.get_state_display().lower()}.")
    if lead.status != Lead.Status.AUDIT:
        raise OverrideError("The lead is not held any more.")
    return lead, stored
