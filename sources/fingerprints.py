"""Tying decisions to the log: the event of each holds hashes of what was decided on and of the review."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from leadping.audit.findings import Fault, Finding
from leadping.chain import events_of
from leadping.ids import parse_public_id
from leadping.models import Event
from sources.changes import plain
from sources.models import Review, Terms

REVIEWED = ("decision", "by", "reason", "at", "conditions", "expires_at", "seen", "terms_id")
BATCH = 200


def take_fingerprints(review: Review) -> dict[str, Any]:
    """Of the rows as the database gives them back. Fields are named, so that later ones change nothing."""
    stored = Review.objects.select_related("terms").get(pk=review.pk)
    return {
        "of": review.public_id,
        "review": fingerprint(stored, REVIEWED),
        "terms": fingerprint(stored.terms, Terms.CONTENT),
        "review_fields": list(REVIEWED),
        "terms_fields": list(Terms.CONTENT),
    }


def fingerprint(row: Review | Terms, names: Sequence[str]) -> str:
    content = [[name, getattr(row, name)] for name in names]
    return sha256(json.dumps(content, sort_keys=True, default=plain).encode()).hexdigest()


def verify(business_id: UUID | None, since: int) -> Iterator[Finding]:
    """Holds the rows against the events of decisions after that number of the chain."""
    events = events_of(business_id).filter(
        chain_number__gt=since, kind__startswith="terms.", data__has_key="fingerprints"
    )
    told = events.order_by("chain_number").iterator(chunk_size=BATCH)
    while batch := list(islice(told, BATCH)):
        rows = reviews_of(batch)
        for event in batch:
            yield from compare(event, rows.get(review_id(event)))


def reviews_of(events: Sequence[Event]) -> dict[UUID | None, Review]:
    ids = [review_id(event) for event in events]
    found = Review.objects.select_related("terms").filter(pk__in=[row_id for row_id in ids if row_id])
    return {review.pk: review for review in found}


def review_id(event: Event) -> UUID | None:
    return parse_public_id(Review.PREFIX, str(event.data["fingerprints"].get("of")))


def compare(event: Event, review: Review | None) -> Iterator[Finding]:
    told = event.data["fingerprints"]
    if review is None:
        yield finding(event, f"The review {told.get('of')} that this event tells of is gone.")
        return
    if fingerprint(review, told["review_fields"]) != told["review"]:
        yield finding(event, f"The review {review.public_id} is not what it was when it was decided.")
    if fingerprint(review.terms, told["terms_fields"]) != told["terms"]:
        yield finding(event, f"The terms {review.terms.public_id} are not those that were decided on.")


def finding(event: Event, detail: str) -> Finding:
    return Finding(Fault.ALTERED, detail, event.chain_number, event.public_id)
