"""What a reviewer is shown, gathered once: the page shows it, and the review keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing

from compliance.models import CertificateCheck
from leads.console.example import Example, judge_example
from leads.console.launch.checklist import Item, list_items
from leads.console.launch.facts import find_check, gather_facts
from leads.console.traffic import Traffic, read_traffic
from sources.admin.difference import Difference, compare_terms
from sources.approval import widenings
from sources.changes import plain
from sources.models import Review, Source, Terms
from sources.versions import content_of

SALT = "leads.console.review"
DRAFT_SALT = "leads.console.narrowing"
SHOWN_OF_DRAFT = ("terms", "difference", "example")
CHANGED = "What is in force changed since you opened this page. Look again, then decide."
# After this a page lay open too long to decide by.
GOOD_FOR_SECONDS = 12 * 60 * 60
EARLIER = 10


class OutOfDateError(Exception):
    """What the page showed is no longer what the decision would be about."""


@dataclass(frozen=True, slots=True)
class Sight:
    terms: Terms
    in_force: Terms | None
    differences: list[Difference]
    # Sentences; none where nothing becomes wider.
    wider: list[str]
    example: Example | None
    check: CertificateCheck | None
    items: list[Item]

    def as_seen(self) -> dict[str, Any]:
        """As a review keeps it, in plain values."""
        return {
            "terms": content_as_seen(self.terms),
            "asked": self.terms.submitted_reason,
            "difference": [
                {"field": one.name, "before": plain(one.old), "after": plain(one.new)}
                for one in self.differences
            ],
            "example": self.example.as_seen() if self.example else None,
            "certificate": check_as_seen(self.check) if self.check else None,
            "checklist": [
                {"code": item.code, "passed": item.passed, "detail": item.detail} for item in self.items
            ],
        }

    def sealed(self) -> str:
        """The same for a hidden field, so that what comes back with the decision is what was shown."""
        sealed = {"terms": self.terms.public_id, "against": against(self.in_force), "seen": self.as_seen()}
        return signing.dumps(sealed, salt=SALT, compress=True)


def look_at(terms: Terms, *, now: datetime) -> Sight:
    source = terms.source
    in_force = source.terms_in_force
    return Sight(
        terms=terms,
        in_force=in_force,
        differences=compare_terms(in_force, terms),
        wider=widenings(in_force, content_of(terms)) if in_force else [],
        example=judge_example(source, terms, now=now),
        check=find_check(source),
        items=list_items(gather_facts(source, now=now, terms=terms)),
    )


def unseal(text: str, terms: Terms) -> dict[str, Any]:
    """What was seen of these terms. Raises OutOfDateError."""
    sealed = open_seal(text, terms.source)
    if sealed["terms"] != terms.public_id:
        raise OutOfDateError(CHANGED)
    seen: dict[str, Any] = sealed["seen"]
    return seen


def open_seal(text: str, source: Source, *, salt: str = SALT) -> dict[str, Any]:
    try:
        sealed: dict[str, Any] = signing.loads(text, salt=salt, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature as error:
        raise OutOfDateError("This page lay open too long. Look at it again, then decide.") from error
    if sealed["against"] != against(source.terms_in_force):
        raise OutOfDateError(CHANGED)
    return sealed


def seal_draft(sight: Sight) -> str:
    """What the page of a narrowing shows. Whoever drafts can still change the terms while it is open."""
    shown = {name: value for name, value in sight.as_seen().items() if name in SHOWN_OF_DRAFT}
    return signing.dumps({"against": against(sight.in_force), "seen": shown}, salt=DRAFT_SALT, compress=True)


def unseal_draft(text: str, draft: Terms) -> dict[str, Any]:
    """Raises OutOfDateError also where the draft is not what was shown."""
    seen: dict[str, Any] = open_seal(text, draft.source, salt=DRAFT_SALT)["seen"]
    if seen["terms"] != content_as_seen(draft):
        raise OutOfDateError("Somebody changed the draft since you opened this page. Look at it again.")
    return seen


def content_as_seen(terms: Terms) -> dict[str, Any]:
    return {name: plain(value) for name, value in content_of(terms).items()}


def against(in_force: Terms | None) -> str:
    return in_force.public_id if in_force else ""


def check_as_seen(check: CertificateCheck) -> dict[str, Any]:
    return {"outcome": check.outcome, "checkedAt": check.at.isoformat(), "host": check.host}


def read_source_traffic(source: Source, *, now: datetime) -> Traffic:
    return read_traffic([source.pk], now=now)[source.pk]


def earlier_reviews(source_id: UUID) -> list[Review]:
    reviews = Review.objects.filter(terms__source=source_id).select_related("terms__source").order_by("-id")
    return list(reviews[:EARLIER])
