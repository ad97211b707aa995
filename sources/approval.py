"""The approval of a source: draft, submit, decide, narrow, revoke, expire. Nothing else changes what is in
force. The version in force stays so while another is drafted or waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from leadping.events import SYSTEM
from leadping.moments import say_moment
from leadping.one_by_one import one_by_one
from sources.basis import REWRITTEN, bring_up_to_date, digest
from sources.changes import compare
from sources.decisions import (
    ApprovalError,
    OutOfDateError,
    announce,
    announce_draft,
    authors_of,
    is_person,
    keep_separate,
    moved,
    record_decision,
    requester_of,
)
from sources.examples import fit_to_keep
from sources.models import Review, Source, Terms
from sources.narrowing import widenings
from sources.versions import add_version, content_of, start_of_draft

Status = Terms.Status
Decision = Review.Decision
# Words that nobody approved: who wrote them is an author of what is made of them.
TURNED_DOWN = (Status.CHANGES_REQUESTED, Status.REFUSED)


@transaction.atomic
def draft_terms(
    source: Source, fields: Mapping[str, Any], *, by: str, now: datetime, reason: str = ""
) -> Terms:
    """A new version, or new content for the draft that there is. What `fields` lack is as it was before."""
    locked = lock(source, now=now)
    fields = fit_to_keep(fields)
    start = start_of_draft(locked)
    if start and start.status == Status.DRAFT:
        return redraft(start, fields, by=by, now=now, reason=reason)
    if start and start.status == Status.SUBMITTED:
        raise ApprovalError("Terms are waiting for a decision; decide on them before a new draft is made.")
    authors = authors_of(start) if start and start.status in TURNED_DOWN else set()
    course = {"created_by": by, "created_at": now, "edited_by": sorted({*authors, by})}
    draft = add_version(locked, {**content_of(start), **fields}, **course)
    difference = compare(start or Terms(), content_of(draft))
    announce_draft("terms.drafted", draft, difference, by=by, now=now, reason=reason)
    return draft


def redraft(draft: Terms, fields: Mapping[str, Any], *, by: str, **said: Any) -> Terms:
    difference = compare(draft, fields)
    if not difference.changed:
        return draft
    columns = {**difference.changed, "edited_by": sorted({*draft.edited_by, by})}
    Terms.objects.filter(pk=draft.pk).update(**columns)
    for name, value in columns.items():
        setattr(draft, name, value)
    announce_draft("terms.redrafted", draft, difference, by=by, **said)
    return draft


@transaction.atomic
def submit_terms(terms: Terms, *, by: str, reason: str, now: datetime, shown: str | None = None) -> None:
    """From here on the terms cannot be changed. The reviewer reads the reason.

    `shown`, here and below, is the basis of the page that the person saw: see `basis.py`.
    """
    in_force = lock(terms.source, now=now).terms_in_force
    bring_up_to_date(terms, in_force, shown, why=REWRITTEN)
    asked = {"submitted_at": now, "submitted_by": by, "submitted_reason": reason}
    move(terms, Status.DRAFT, Status.SUBMITTED, **asked)
    announce("terms.submitted", terms, by=by, now=now, reason=reason, **moved(Status.DRAFT, Status.SUBMITTED))


@transaction.atomic
def withdraw_terms(terms: Terms, *, by: str, reason: str, now: datetime) -> None:
    """Who asked takes the question back: the terms are a draft again."""
    lock(terms.source, now=now)
    if is_person(by) and by != requester_of(terms):
        raise ApprovalError("Only who submitted the terms can withdraw them; a reviewer asks for changes.")
    move(terms, Status.SUBMITTED, Status.DRAFT, submitted_at=None, submitted_by="", submitted_reason="")
    course = moved(Status.SUBMITTED, Status.DRAFT)
    announce("terms.withdrawn", terms, by=by, reason=reason, now=now, **course)


@transaction.atomic
def approve_terms(
    terms: Terms,
    *,
    by: str,
    reason: str,
    now: datetime,
    conditions: str = "",
    expires_at: datetime | None = None,
    seen: Mapping[str, Any] | None = None,
    shown: str | None = None,
) -> None:
    """Puts the terms in force in place of those that were. They end by themselves at `expires_at`, if any."""
    if expires_at and expires_at <= now:
        raise ApprovalError("This approval would be over already; choose a time in the future.")
    source = lock(terms.source, now=now)
    old = source.terms_in_force
    bring_up_to_date(terms, old, shown)
    keep_separate(terms, by)
    if old:
        move(old, Status.APPROVED, Status.SUPERSEDED)
    move(terms, Status.SUBMITTED, Status.APPROVED, conditions=conditions.strip(), expires_at=expires_at)
    put_in_force(source, terms)
    record_decision(
        Decision.APPROVED,
        terms,
        was=Status.SUBMITTED,
        old=old,
        new=terms,
        by=by,
        reason=reason,
        now=now,
        seen=seen,
    )


@transaction.atomic
def request_changes(terms: Terms, *, by: str, reason: str, now: datetime, **page: Any) -> None:
    """Not so: the next draft starts from these terms, and the reason says what must change. `page` is `seen`
    and `shown`, as for an approval."""
    decline(
        terms, Status.CHANGES_REQUESTED, Decision.CHANGES_REQUESTED, by=by, reason=reason, now=now, **page
    )


@transaction.atomic
def refuse_terms(terms: Terms, *, by: str, reason: str, now: datetime, **page: Any) -> None:
    decline(terms, Status.REFUSED, Decision.REFUSED, by=by, reason=reason, now=now, **page)


def decline(
    terms: Terms,
    status: Terms.Status,
    decision: Review.Decision,
    *,
    by: str,
    now: datetime,
    shown: str | None = None,
    **said: Any,
) -> None:
    """What is in force stays in force."""
    in_force = lock(terms.source, now=now).terms_in_force
    bring_up_to_date(terms, in_force, shown)
    keep_separate(terms, by)
    move(terms, Status.SUBMITTED, status)
    record_decision(decision, terms, was=Status.SUBMITTED, old=in_force, new=in_force, by=by, now=now, **said)


@transaction.atomic
def narrow_terms(
    source: Source,
    fields: Mapping[str, Any],
    *,
    by: str,
    reason: str,
    now: datetime,
    seen: Mapping[str, Any] | None = None,
    shown: str | None = None,
) -> Terms:
    """Puts a stricter version in force at once, by one person. Conditions and expiry stay as they are.

    Raises ApprovalError where anything would be allowed that was not.
    """
    locked = lock(source, now=now)
    old = locked.terms_in_force
    if old is None:
        raise ApprovalError("The source is not approved, so there is nothing to narrow.")
    if shown is not None and shown != digest(fields, old):
        raise OutOfDateError(REWRITTEN)
    fields = fit_to_keep(fields)
    if wider := widenings(old, fields):
        raise ApprovalError(f"This allows more than before and needs a review. {' '.join(wider)}")
    if not compare(old, fields).changed:
        raise ApprovalError("Nothing would change.")
    move(old, Status.APPROVED, Status.SUPERSEDED)
    content = {**content_of(old), **fields}
    course = {
        **{"submitted_by": by, "submitted_at": now, "submitted_reason": reason},
        **{"conditions": old.conditions, "expires_at": old.expires_at},
    }
    new = locked.terms.filter(status=Status.DRAFT, **content).first()
    if new:
        # A draft of just this: it is used up, or it would stay behind as one that changes nothing.
        move(new, Status.DRAFT, Status.APPROVED, **course)
        new.refresh_from_db()
    else:
        author = {"created_by": by, "created_at": now, "edited_by": [by]}
        new = add_version(locked, content, status=Status.APPROVED, **author, **course)
    put_in_force(locked, new)
    record_decision(
        Decision.NARROWED, new, was=Status.DRAFT, old=old, new=new, by=by, reason=reason, now=now, seen=seen
    )
    return new


@transaction.atomic
def revoke_approval(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """Takes the terms in force away; intake refuses from the next request on."""
    locked = lock(source, now=now)
    if locked.terms_in_force is None:
        raise ApprovalError("The source is not approved, so there is nothing to revoke.")
    end_approval(locked, Status.REVOKED, Decision.REVOKED, by=by, reason=reason, now=now)


def expire_due(now: datetime) -> int:
    """Marks what has expired, and says how many. Intake does not wait for it: it judges by `expires_at`."""
    due = Source.objects.filter(terms_in_force__expires_at__lte=now)
    return one_by_one(due, lambda source: expire(source, now=now), otherwise="approval not ended")


@transaction.atomic
def expire(source: Source, *, now: datetime) -> bool:
    """False where the approval has ended or was renewed meanwhile."""
    locked = read_locked(source)
    terms = locked.terms_in_force
    if terms is None or terms.expires_at is None or not terms.expired_at(now):
        return False
    reason = f"The approval ended on {say_moment(terms.expires_at)}."
    end_approval(locked, Status.EXPIRED, Decision.EXPIRED, by=SYSTEM, reason=reason, now=now)
    return True


def end_approval(
    source: Source, status: Terms.Status, decision: Review.Decision, *, by: str, reason: str, now: datetime
) -> None:
    terms = source.terms_in_force
    assert terms
    move(terms, Status.APPROVED, status)
    put_in_force(source, None)
    record_decision(decision, terms, was=Status.APPROVED, old=terms, new=None, by=by, reason=reason, now=now)


def lock(source: Source, *, now: datetime) -> Source:
    """The source as stored, for nobody else to change meanwhile; what has expired is marked so first."""
    expire(source, now=now)
    locked = read_locked(source)
    if locked.deleted_at:
        raise ApprovalError("The source is deleted; restore it first.")
    return locked


def read_locked(source: Source) -> Source:
    """`no_key`, here and in the other verbs: leads refer to the source, and intake is not to wait for us."""
    return (
        Source.objects.select_for_update(of=("self",), no_key=True)
        .select_related("terms_in_force")
        .get(pk=source.pk)
    )


def move(terms: Terms, old: Terms.Status, new: Terms.Status, **columns: Any) -> None:
    """`terms` as the caller knows them: what was withdrawn and submitted anew meanwhile is another matter."""
    known = Terms.objects.filter(pk=terms.pk, status=old, submitted_at=terms.submitted_at)
    if not known.update(status=new, **columns):
        raise ApprovalError(f"Only terms with the status “{old.label}” can become “{new.label}”.")
    for name, value in {"status": new, **columns}.items():
        setattr(terms, name, value)


def put_in_force(source: Source, terms: Terms | None) -> None:
    Source.objects.filter(pk=source.pk).update(terms_in_force=terms, version=F("version") + 1)
