"""The versions of a source's terms: which there are, and which one counts for what. Decides nothing."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from sources.models import Review, Source, Terms

IN_THE_MAKING = (Terms.Status.DRAFT, Terms.Status.SUBMITTED)
ABOUT_FORCE = (
    *(Review.Decision.APPROVED, Review.Decision.NARROWED),
    *(Review.Decision.REVOKED, Review.Decision.EXPIRED),
)


def terms_in_the_making(source: Source) -> Terms | None:
    """The draft, or what waits for a decision; a dry run is judged by it while no terms are in force."""
    return source.terms.filter(status__in=IN_THE_MAKING).first()


def start_of_draft(source: Source) -> Terms | None:
    """What the next draft is made of: the one in the making, or the one to which changes were asked for, or
    the one in force, or whatever came last."""
    newest = source.terms.order_by("number").last()
    if newest and newest.status == Terms.Status.CHANGES_REQUESTED:
        return newest
    return terms_in_the_making(source) or source.terms_in_force or newest


def terms_to_judge_by(source: Source, *, dry: bool, now: datetime) -> Terms | None:
    """Those in force. Expired ones still tell a sender all that is wrong, the expiry first of all."""
    terms = source.terms_in_force
    if terms and not terms.expired_at(now):
        return terms
    return (terms_in_the_making(source) if dry else None) or terms or just_expired(source)


def just_expired(source: Source) -> Terms | None:
    """The terms whose expiry is the reason why none are in force."""
    last = (
        Review.objects.filter(terms__source=source, decision__in=ABOUT_FORCE)
        .select_related("terms")
        .order_by("id")
        .last()
    )
    return last.terms if last and last.decision == Review.Decision.EXPIRED else None


def content_of(terms: Terms | None) -> dict[str, Any]:
    """What people wrote, by field."""
    return {name: getattr(terms, name) for name in Terms.CONTENT} if terms else {}


def add_version(source: Source, content: dict[str, Any], **course: Any) -> Terms:
    last = source.terms.aggregate(last=Max("number"))["last"] or 0
    return Terms.objects.create(
        business_id=source.business_id, source=source, number=last + 1, **content, **course
    )
