"""The approval of a source: draft, submit, approve, revoke. Nothing else changes what is in force."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from leadping.events import record_event
from sources.models import Review, Source, Terms

IN_THE_MAKING = (Terms.Status.DRAFT, Terms.Status.SUBMITTED)


class ApprovalError(Exception):
    """The step is not possible in the state the terms are in; the message says why to a person."""


@transaction.atomic
def draft_terms(source: Source, fields: dict[str, Any], *, by: str, now: datetime) -> Terms:
    """A new version, or new content for the draft that there is."""
    lock(source)
    draft = source.terms.filter(status=Terms.Status.DRAFT).first()
    if draft:
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save(update_fields=fields)
        announce("terms.redrafted", draft, by=by, now=now)
        return draft
    if source.terms.filter(status=Terms.Status.SUBMITTED).exists():
        raise ApprovalError("Terms are waiting for a decision; decide on them before a new draft is made.")
    last = source.terms.aggregate(last=Max("number"))["last"] or 0
    draft = Terms.objects.create(
        business_id=source.business_id,
        source=source,
        number=last + 1,
        created_by=by,
        created_at=now,
        **fields,
    )
    announce("terms.drafted", draft, by=by, now=now)
    return draft


@transaction.atomic
def submit_terms(terms: Terms, *, by: str, now: datetime) -> None:
    """From here on the terms cannot be changed."""
    lock(terms.source)
    move(terms, Terms.Status.DRAFT, Terms.Status.SUBMITTED, submitted_at=now)
    announce("terms.submitted", terms, by=by, now=now)


@transaction.atomic
def approve_terms(terms: Terms, *, by: str, reason: str, now: datetime) -> None:
    """Puts the terms in force in place of those that were."""
    source = lock(terms.source)
    if source.terms_in_force:
        move(source.terms_in_force, Terms.Status.APPROVED, Terms.Status.SUPERSEDED)
    move(terms, Terms.Status.SUBMITTED, Terms.Status.APPROVED)
    put_in_force(source, terms)
    review(terms, Review.Decision.APPROVED, by=by, reason=reason, now=now)


@transaction.atomic
def revoke_approval(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """Takes the terms in force away; intake refuses from the next request on."""
    locked = lock(source)
    terms = locked.terms_in_force
    if terms is None:
        raise ApprovalError("The source is not approved, so there is nothing to revoke.")
    move(terms, Terms.Status.APPROVED, Terms.Status.REVOKED)
    put_in_force(locked, None)
    review(terms, Review.Decision.REVOKED, by=by, reason=reason, now=now)


def terms_in_the_making(source: Source) -> Terms | None:
    """The draft, or what waits for a decision; a dry run is judged by it while no terms are in force."""
    return source.terms.filter(status__in=IN_THE_MAKING).first()


def lock(source: Source) -> Source:
    return Source.objects.select_for_update(of=("self",)).select_related("terms_in_force").get(pk=source.pk)


def move(terms: Terms, old: Terms.Status, new: Terms.Status, **columns: Any) -> None:
    changed = Terms.objects.filter(pk=terms.pk, status=old).update(status=new, **columns)
    if not changed:
        raise ApprovalError(f"Only terms with the status “{old.label}” can become “{new.label}”.")
    terms.status = new


def put_in_force(source: Source, terms: Terms | None) -> None:
    Source.objects.filter(pk=source.pk).update(terms_in_force=terms, version=F("version") + 1)


def review(terms: Terms, decision: Review.Decision, *, by: str, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise ApprovalError("A decision needs a reason.")
    Review.objects.create(
        business_id=terms.business_id, terms=terms, decision=decision, by=by, reason=reason, at=now
    )
    announce(f"terms.{decision}", terms, by=by, now=now, reason=reason)


def announce(kind: str, terms: Terms, *, by: str, now: datetime, reason: str = "") -> None:
    record_event(
        kind,
        subject=terms.source.public_id,
        by=by,
        business_id=terms.source.business_id,
        now=now,
        reason=reason,
        terms=terms.public_id,
        number=terms.number,
    )
