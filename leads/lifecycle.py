"""The life of a lead after it came in. `lead.status` is changed here and nowhere else."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from conversations.inbox import enter_inbox, leave_inbox
from leadping.events import SYSTEM, record_event
from leadping.ids import public_id
from leadping.models import Event
from leads.certificates.claiming import claim_released
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
    claim_released(lead, now=now)
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
def change_hold(lead: Lead, old: str, new: Sequence[str], *, now: datetime, by: str, reason: str) -> None:
    """Asked again, the answer holds the lead for other reasons; those are for a person."""
    others = [code for code in lead.held_for if code != old]
    held_for = list(dict.fromkeys([*new, *others]))
    Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT).update(held_for=held_for, recheck_at=None)
    announce("lead.still_held", lead, by=by, reason=reason, now=now)


@transaction.atomic
def withdraw_leads(
    lead_ids: Collection[UUID], *, business_id: UUID, by: str, reason: str, now: datetime
) -> int:
    """The import that brought these leads is undone: they stay on record, and nobody contacts the people.

    Many at once, each with its event; those that are withdrawn already are left as they are.
    """
    standing = Lead.objects.filter(pk__in=lead_ids, business_id=business_id)
    locked = standing.exclude(status=Lead.Status.WITHDRAWN).select_for_update(no_key=True)
    rows = list(locked.order_by("id").values_list("id", "conversation_id"))
    ids = [lead_id for lead_id, _ in rows]
    Lead.objects.filter(pk__in=ids).update(status=Lead.Status.WITHDRAWN, held_for=[], recheck_at=None)
    waiting = Lead.objects.filter(conversation=OuterRef("pk"), status=Lead.Status.ACCEPTED)
    leave_inbox({conversation_id for _, conversation_id in rows}, unless=Exists(waiting))
    events = (withdrawal(lead_id, business_id=business_id, by=by, reason=reason, now=now) for lead_id in ids)
    Event.objects.bulk_create(events)
    return len(ids)


def withdrawal(lead_id: UUID, *, business_id: UUID, by: str, reason: str, now: datetime) -> Event:
    """Events of leads are sealed in batches and hang on no chain, so they can be made in bulk."""
    subject = public_id(Lead.PREFIX, lead_id)
    return Event(
        kind="lead.withdrawn", subject=subject, actor=by, business_id=business_id, at=now, reason=reason
    )


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
