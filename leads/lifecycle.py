"""The life of a lead after it came in. `lead.status` is changed here and nowhere else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from conversations.inbox import enter_inbox
from leadping.events import SYSTEM, record_event
from leads.models import Lead

# When TrustedForm is asked again: soon at first, then more and more patiently, for two days in all.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360, 720, 1440))


class LifecycleError(Exception):
    """The step is not possible in the lead's status; the message says so to a person."""


@transaction.atomic
def release_lead(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """A held lead becomes an accepted one: from now on it may be contacted."""
    leave_audit(lead, Lead.Status.ACCEPTED)
    enter_inbox(lead.conversation, now=now)
    announce("lead.released", lead, by=by, reason=reason, now=now)


@transaction.atomic
def refuse_lead(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """A held lead is refused for good. It stays on record, and nobody contacts it."""
    leave_audit(lead, Lead.Status.REFUSED)
    announce("lead.refused", lead, by=by, reason=reason, now=now)


def leave_audit(lead: Lead, status: Lead.Status) -> None:
    held = Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT)
    if not held.update(status=status, held_for=[], recheck_at=None):
        raise LifecycleError("Only a lead that is held can be released or refused.")
    lead.status = status


@transaction.atomic
def wait_longer(lead: Lead, *, now: datetime) -> None:
    """TrustedForm could still not be asked. When patience ends, the lead is left for a person."""
    held = Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT)
    rechecks = lead.rechecks + 1
    if rechecks < len(PATIENCE):
        held.update(rechecks=rechecks, recheck_at=now + PATIENCE[rechecks])
    elif held.update(rechecks=rechecks, recheck_at=None, trusted_form_outcome="unavailable"):
        reason = "TrustedForm could not be asked for two days; a person must decide."
        announce("lead.recheck_ended", lead, by=SYSTEM, reason=reason, now=now)


@transaction.atomic
def settle_hold(lead: Lead, code: str, *, now: datetime, by: str, reason: str) -> None:
    """One of the checks that hold the lead has passed; without any other the lead is released."""
    others = [other for other in lead.held_for if other != code]
    if not others:
        release_lead(lead, by=by, reason=reason, now=now)
        return
    Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT).update(held_for=others, recheck_at=None)
    announce("lead.hold_settled", lead, by=by, reason=reason, now=now)


@transaction.atomic
def change_hold(lead: Lead, old: str, new: str, *, now: datetime, by: str, reason: str) -> None:
    """Asked again, the answer holds the lead for another reason; that one is for a person."""
    held_for = [new if code == old else code for code in lead.held_for]
    Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT).update(held_for=held_for, recheck_at=None)
    announce("lead.still_held", lead, by=by, reason=reason, now=now)


@transaction.atomic
def hold_on(
    lead: Lead, codes: Sequence[str], *, ask_again_at: datetime | None, by: str, reason: str, now: datetime
) -> None:
    """Judged again, it is still held, for these reasons."""
    held = Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT)
    if not held.update(held_for=list(codes), recheck_at=ask_again_at, rechecks=0):
        raise LifecycleError("Only a lead that is held can be held on.")
    announce("lead.still_held", lead, by=by, reason=reason, now=now)


@transaction.atomic
def keep_duplicate(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """Judged again, the held lead is kept as a duplicate of another."""
    leave_audit(lead, Lead.Status.DUPLICATE)
    announce("lead.kept_as_duplicate", lead, by=by, reason=reason, now=now)


def announce(kind: str, lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    record_event(kind, subject=lead.public_id, by=by, business_id=lead.business_id, reason=reason, now=now)
