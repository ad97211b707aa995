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
from sources.basis import basis_of, digest
from sources.decisions import OutOfDateError
from sources.models import Review, Source, Terms
from sources.narrowing import widenings
from sources.versions import content_of

SALT = "leads.console.review"
DRAFT_SALT = "leads.console.narrowing"
# After this a page lay open too long to decide by.
GOOD_FOR_SECONDS = 12 * 60 * 60
EARLIER = 10


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a person decides: `shown` is for the verb to compare, `seen` for the review to keep."""

    shown: str
    seen: dict[str, Any]


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
        """As a review keeps it beside terms and difference, in plain values."""
        return {
            "asked": self.terms.submitted_reason,
            "example": self.example.as_seen() if self.example else None,
            "certificate": check_as_seen(self.check) if self.check else None,
            "checklist": [
                {"code": item.code, "passed": item.passed, "detail": item.detail} for item in self.items
            ],
        }

    def sealed(self) -> str:
        """The same for a hidden field, so that what comes back with the decision is what was shown."""
        return seal(Basis(basis_of(self.terms, self.in_force), self.as_seen()), SALT)


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


def seal(basis: Basis, salt: str) -> str:
    return signing.dumps({"shown": basis.shown, "seen": basis.seen}, salt=salt, compress=True)


def unseal(text: str, *, salt: str = SALT) -> Basis:
    """What a page showed. Whether that still holds is for the verb to say, under its lock."""
    try:
        sealed: dict[str, Any] = signing.loads(text, salt=salt, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature as error:
        raise OutOfDateError("This page lay open too long. Look at it again, then decide.") from error
    return Basis(sealed["shown"], sealed["seen"])


def seal_draft(sight: Sight) -> str:
    """What the page of a narrowing shows. Whoever drafts can still change the terms while it is open."""
    shown = digest(content_of(sight.terms), sight.in_force)
    return seal(Basis(shown, {"example": sight.as_seen()["example"]}), DRAFT_SALT)


def check_as_seen(check: CertificateCheck) -> dict[str, Any]:
    return {"outcome": check.outcome, "checkedAt": check.at.isoformat(), "host": check.host}


def read_source_traffic(source: Source, *, now: datetime) -> Traffic:
    return read_traffic([source.pk], now=now)[source.pk]


def earlier_reviews(source_id: UUID) -> list[Review]:
    reviews = Review.objects.filter(terms__source=source_id).select_related("terms__source").order_by("-id")
    return list(reviews[:EARLIER])
