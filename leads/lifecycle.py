"""The life of a lead after it came in. `lead.status` is changed here and nowhere else."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from compliance.suppression.contacts import contacts_of
from compliance.suppression.looking import find_suppressed
from compliance.suppression.rules import CODE as SUPPRESSED
from conversations.inbox import enter_inbox, leave_inbox
from leadping.events import SYSTEM, record_event
from leadping.ids import public_id
from leadping.models import Event
from leadping.verbs import VerbError
from leadping.verdicts import Effect
from leads.certificates.claiming import claim_released
from leads.grounds import asks_for_two, evidence_among
from leads.models import Lead, Override

# When TrustedForm is asked again: soon at first, then more and more patiently, for two days in all.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360, 720, 1440))


class LifecycleError(VerbError):
    """The step is not possible in the lead's status; the message says so to a person."""


class SecondPersonError(LifecycleError):
    """Evidence failed, and the business wants nobody to pass over that alone."""

    def __init__(self) -> None:
        super().__init__("Evidence failed, so a second person must confirm: ask for that instead.")


@transaction.atomic
def release_lead(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """A person lets a held lead go; from now on it may be contacted. Where evidence failed, that one person
    passed over it stays with the lead for good.

    Raises SecondPersonError where the business asks for two.
    """
    passed_over = evidence_among(lock_held(lead).held_for)
    if passed_over and asks_for_two(lead.business_id):
        raise SecondPersonError
    if passed_over:
        alone = Override.objects.create(
            **{"business_id": lead.business_id, "lead": lead, "codes": passed_over, "reason": reason},
            **{"state": Override.State.ALONE, "asked_by": by, "asked_at": now},
            **{"settled_by": by, "settled_at": now},
        )
        announce_override(alone, by=by, reason=reason, now=now)
    accept_lead(lead, by=by, reason=reason, now=now)


def lock_held(lead: Lead) -> Lead:
    """As it is stored, and nobody else changes it until this transaction ends."""
    held = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if held.status != Lead.Status.AUDIT:
        raise LifecycleError("Only a lead that is held can be released or refused.")
    return held


@transaction.atomic
def accept_lead(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """Nothing holds the lead any more: every check is settled, or was passed over as the business wants it.
    For the verbs that make sure of that."""
    leave_audit(lead, Lead.Status.ACCEPTED, by=by, now=now)
    enter_inbox(lead.conversation, now=now)
    claim_released(lead, now=now)
    announce("lead.released", lead, by=by, reason=reason, now=now)


@transaction.atomic
def refuse_lead(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """A held lead is refused for good. It stays on record, and nobody contacts it."""
    leave_audit(lead, Lead.Status.REFUSED, by=by, now=now)
    announce("lead.refused", lead, by=by, reason=reason, now=now)


def leave_audit(lead: Lead, status: Lead.Status, *, by: str, now: datetime) -> None:
    held = Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT)
    if not held.update(status=status, held_for=[], recheck_at=None):
        raise LifecycleError("Only a lead that is held can be released or refused.")
    lead.status = status
    lapse_overrides([lead.pk], by=by, now=now, reason=f"The lead is {status.label.lower()} by now.")


def lapse_when_changed(lead: Lead, codes: Iterable[str], *, by: str, now: datetime) -> None:
    """Whoever asked to pass over some checks did not ask for others."""
    reason = "The lead is held for something else by now."
    lapse_overrides([lead.pk], by=by, now=now, reason=reason, but_for=evidence_among(codes))


def lapse_overrides(
    lead_ids: Collection[UUID], *, by: str, now: datetime, reason: str, but_for: Sequence[str] | None = None
) -> None:
    """What waits for a second person about these leads is of no use any more. `but_for`: unless it is about
    exactly these codes."""
    waiting = Override.objects.filter(lead__in=lead_ids, state=Override.State.WAITING)
    for override in waiting.select_for_update(of=("self",)).select_related("lead").order_by("id"):
        if but_for is None or sorted(override.codes) != list(but_for):
            settle_override(override, Override.State.LAPSED, by=by, reason=reason, now=now)


def settle_override(
    override: Override, state: Override.State, *, by: str, reason: str, now: datetime
) -> None:
    """`override` is locked and waits."""
    settled = {"state": state, "settled_by": by, "settled_at": now, "settled_reason": reason}
    Override.objects.filter(pk=override.pk).update(**settled)
    for name, value in settled.items():
        setattr(override, name, value)
    announce_override(override, by=by, reason=reason, now=now)


def announce_override(override: Override, *, by: str, reason: str, now: datetime) -> None:
    """Told of the lead, in the chain of what people decided."""
    state = "asked" if override.state == Override.State.WAITING else override.state
    record_event(
        f"override.{state}",
        subject=override.lead.public_id,
        by=by,
        business_id=override.business_id,
        reason=reason,
        now=now,
        override=override.public_id,
        codes=override.codes,
    )


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
    """One of the checks that hold the lead has passed; without any other the lead is released. Who asked not
    to be contacted while it was held is not released by anything but a person."""
    others = [other for other in lead.held_for if other != code]
    if SUPPRESSED not in others and is_suppressed(lead):
        others.append(SUPPRESSED)
    if not others:
        accept_lead(lead, by=by, reason=reason, now=now)
        return
    Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT).update(held_for=others, recheck_at=None)
    lapse_when_changed(lead, others, by=by, now=now)
    announce("lead.hold_settled", lead, by=by, reason=reason, now=now)


def is_suppressed(lead: Lead) -> bool:
    """Where its source's setting stops such leads at all."""
    if lead.source.settings.suppression_effect in {Effect.OFF, Effect.WARN}:
        return False
    return bool(find_suppressed(lead.business_id, lead.account_id, contacts_of(lead.phone, lead.email_key)))


@transaction.atomic
def change_hold(lead: Lead, old: str, new: Sequence[str], *, now: datetime, by: str, reason: str) -> None:
    """Asked again, the answer holds the lead for other reasons; those are for a person."""
    others = [code for code in lead.held_for if code != old]
    held_for = list(dict.fromkeys([*new, *others]))
    Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT).update(held_for=held_for, recheck_at=None)
    lapse_when_changed(lead, held_for, by=by, now=now)
    announce("lead.still_held", lead, by=by, reason=reason, now=now)


@transaction.atomic
def withdraw_leads(
    lead_ids: Collection[UUID], *, business_id: UUID, by: str, reason: str, now: datetime
) -> int:
    """The import that brought these leads is undone: they stay on record, and nobody contacts the people.

    Many at once, each with its event; those that are withdrawn already are left as they are.
    """
    standing = Lead.objects.filter(pk__any=lead_ids, business_id=business_id)
    locked = standing.exclude(status=Lead.Status.WITHDRAWN).select_for_update(no_key=True)
    rows = list(locked.order_by("id").values_list("id", "conversation_id"))
    ids = [lead_id for lead_id, _ in rows]
    Lead.objects.filter(pk__any=ids).update(status=Lead.Status.WITHDRAWN, held_for=[], recheck_at=None)
    lapse_overrides(ids, by=by, now=now, reason="The import that brought the lead was undone.")
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
def refuse_erased(
    lead_ids: Collection[UUID], *, business_id: UUID, by: str, reason: str, now: datetime
) -> None:
    """Nobody can decide any more on held leads whose person is erased."""
    held = Lead.objects.filter(pk__in=lead_ids, business_id=business_id, status=Lead.Status.AUDIT)
    ids = list(held.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    Lead.objects.filter(pk__in=ids).update(status=Lead.Status.REFUSED, held_for=[], recheck_at=None)
    lapse_overrides(ids, by=by, now=now, reason="The person was erased.")
    said = {"actor": by, "business_id": business_id, "at": now, "reason": reason}
    Event.objects.bulk_create(
        Event(kind="lead.refused", subject=public_id(Lead.PREFIX, lead_id), **said) for lead_id in ids
    )


@transaction.atomic
def hold_on(
    lead: Lead, codes: Sequence[str], *, ask_again_at: datetime | None, by: str, reason: str, now: datetime
) -> None:
    """Judged again, it is still held, for these reasons."""
    held = Lead.objects.filter(pk=lead.pk, status=Lead.Status.AUDIT)
    if not held.update(held_for=list(codes), recheck_at=ask_again_at, rechecks=0):
        raise LifecycleError("Only a lead that is held can be held on.")
    lapse_when_changed(lead, codes, by=by, now=now)
    announce("lead.still_held", lead, by=by, reason=reason, now=now)


@transaction.atomic
def keep_duplicate(lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    """Judged again, the held lead is kept as a duplicate of another."""
    leave_audit(lead, Lead.Status.DUPLICATE, by=by, now=now)
    announce("lead.kept_as_duplicate", lead, by=by, reason=reason, now=now)


def announce(kind: str, lead: Lead, *, by: str, reason: str, now: datetime) -> None:
    record_event(kind, subject=lead.public_id, by=by, business_id=lead.business_id, reason=reason, now=now)
