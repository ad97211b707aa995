"""Complaints, disputes and opt-outs: recorded, closed with an outcome, opened again. Each is told to the
source it is about, whose row is locked meanwhile, so that two at once are settled one after the other."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from compliance.suppression.contacts import contacts_of
from compliance.suppression.models import Suppression
from compliance.suppression.verbs import suppress_contacts
from leadping.events import record_event
from leadping.verbs import VerbError
from leads.models import Complaint, Lead
from leads.pausing import pause_when_crossed
from sources.disputes import lock_source, note_disputed
from sources.models import Source

# The same words by the same person within so long are a button pressed twice.
SAME_WITHIN = timedelta(minutes=10)
# With which a complaint or dispute can be closed; an opt-out is honoured as it is recorded.
OUTCOMES = (Complaint.Outcome.UPHELD, Complaint.Outcome.UNFOUNDED, Complaint.Outcome.SETTLED)


class ComplaintError(VerbError):
    """The message says to a person why the complaint cannot be recorded, closed or opened again."""


@transaction.atomic
def record_complaint(
    source: Source,
    *,
    kind: str,
    raised_by: str,
    details: str,
    by: str,
    now: datetime,
    lead: Lead | None = None,
    suppress: bool = False,
) -> Complaint:
    """Gives the earlier one where the same was recorded a moment ago. May pause the source.

    An opt-out suppresses the lead's phone and email, any other complaint where `suppress` says so.
    """
    if lead and lead.source_id != source.pk:
        raise ComplaintError("The lead came through another source.")
    if not details.strip():
        raise ComplaintError("Say what is held against the source or the lead.")
    lock_source(source)
    told = {"source": source, "lead": lead, "kind": kind, "raised_by": raised_by, "details": details}
    again = Complaint.objects.filter(**told, opened_by=by, opened_at__gt=now - SAME_WITHIN).first()
    if again:
        keep_from_contact(again, suppress=suppress, by=by, now=now)
        return again
    complaint = Complaint.objects.create(
        business_id=source.business_id,
        opened_at=now,
        opened_by=by,
        **told,
        **(closed_as(Complaint.Outcome.HONOURED, "", by, now) if kind == Complaint.Kind.OPT_OUT else {}),
    )
    announce("complaint.recorded", complaint, by=by, now=now)
    keep_from_contact(complaint, suppress=suppress, by=by, now=now)
    settle_source(source, by=by, now=now)
    pause_when_crossed(source, now=now)
    return complaint


def keep_from_contact(complaint: Complaint, *, suppress: bool, by: str, now: datetime) -> None:
    """Nobody of the business contacts the lead's person any more, through whatever source they came."""
    lead, opted_out = complaint.lead, complaint.kind == Complaint.Kind.OPT_OUT
    if lead is None or not (opted_out or suppress):
        return
    suppress_contacts(
        complaint.business,
        contacts_of(lead.phone, lead.email_key),
        origin=Suppression.Origin.OPT_OUT if opted_out else Suppression.Origin.COMPLAINT,
        note=complaint.details,
        about=complaint.public_id,
        by=by,
        now=now,
    )


@transaction.atomic
def close_complaint(complaint: Complaint, *, outcome: str, reason: str, by: str, now: datetime) -> None:
    if outcome not in OUTCOMES:
        raise ComplaintError("Close it as upheld, unfounded or settled.")
    lock_source(complaint.source)
    still_open = Complaint.objects.filter(pk=complaint.pk, closed_at=None)
    changes = closed_as(outcome, reason, by, now)
    if not still_open.update(**changes):
        raise ComplaintError("It was closed already; see its history.")
    take_over(complaint, changes)
    announce("complaint.closed", complaint, by=by, now=now, reason=reason, outcome=outcome)
    settle_source(complaint.source, by=by, now=now)


@transaction.atomic
def reopen_complaint(complaint: Complaint, *, reason: str, by: str, now: datetime) -> None:
    """New facts came up. When it was opened stays; what it had been closed as stays in the history."""
    if complaint.kind == Complaint.Kind.OPT_OUT:
        raise ComplaintError("An opt-out was honoured; there is nothing left to find out.")
    lock_source(complaint.source)
    earlier = Complaint.objects.get(pk=complaint.pk).outcome
    changes = {"closed_at": None, "closed_by": "", "outcome": "", "outcome_reason": ""}
    if not Complaint.objects.filter(pk=complaint.pk, closed_at__isnull=False).update(**changes):
        raise ComplaintError("It is open.")
    take_over(complaint, changes)
    announce("complaint.reopened", complaint, by=by, now=now, reason=reason, closed_before_as=earlier)
    settle_source(complaint.source, by=by, now=now)
    pause_when_crossed(complaint.source, now=now)


def closed_as(outcome: str, reason: str, by: str, now: datetime) -> dict[str, object]:
    return {"outcome": outcome, "outcome_reason": reason, "closed_by": by, "closed_at": now}


def take_over(complaint: Complaint, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        setattr(complaint, name, value)


def settle_source(source: Source, *, by: str, now: datetime) -> None:
    """The source is disputed as long as anything about it is open."""
    is_open = Complaint.objects.filter(source=source, closed_at=None).exists()
    note_disputed(source, disputed=is_open, by=by, now=now)


def announce(
    kind: str, complaint: Complaint, *, by: str, now: datetime, reason: str = "", **said: object
) -> None:
    """Of the source, naming the complaint. What people said in it stays out of the log, which is for good."""
    record_event(
        kind,
        subject=complaint.source.public_id,
        by=by,
        business_id=complaint.business_id,
        now=now,
        reason=reason,
        complaint=complaint.public_id,
        about=complaint.lead.public_id if complaint.lead else "the source",
        raised_as=Complaint.Kind(complaint.kind).label,
        **said,
    )
