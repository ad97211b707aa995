"""One page of a list that may have a million rows: by keyset, newest first, never counted.

For each business the database walks an index in the order of the list and stops at a page's worth; Python
merges the few. Conditions that no index answers are tried on a bounded stretch of leads, so that a rare value
costs no more than a common one; a page then says how far it looked, and the next one goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from leadping.ids import moment_of
from leads.models import Lead
from leads.overrides import passed_over
from leads.pages.filters import Criteria

PAGE_SIZE = 50
# How many leads a page looks at for conditions without an index, in all businesses together.
STRETCH = 20_000

ROW_FIELDS = (
    *("created_at", "status", "test", "first_name", "last_name", "email", "phone", "state", "product"),
    *("trusted_form_outcome", "email_key", "account", "erased_at"),
    *("source__name", "source__deleted_at", "business__name"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: beside this lead, or at the newest one."""

    toward: Literal["older", "newer"] = "older"
    beside: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`older` and `newer` are the leads beside which the neighbouring pages begin, where there are any.
    `looked_until` is set where the page ends because enough was looked at, not because it is full."""

    leads: list[Lead]
    older: UUID | None = None
    newer: UUID | None = None
    looked_until: datetime | None = None


def read_page(criteria: Criteria, place: Place) -> Page:
    bound = find_bound(criteria, place)
    ids = find_ids(criteria, place, bound)
    full = len(ids) > PAGE_SIZE
    further = ids[PAGE_SIZE - 1] if full else bound
    if place.toward == "newer" and further is None:
        # The newest page is a full one.
        return read_page(criteria, Place())
    leads = fetch_rows(ids[:PAGE_SIZE])
    return Page(
        leads,
        older=further if place.toward == "older" else way_back(leads[-1:], place),
        newer=further if place.toward == "newer" else way_back(leads[:1], place),
        looked_until=moment_of(bound) if bound and not full else None,
    )


def way_back(outermost: list[Lead], place: Place) -> UUID | None:
    """Where the page begins from which this one was reached; there is none before the newest."""
    return outermost[0].id if outermost and place.beside else place.beside


def find_bound(criteria: Criteria, place: Place) -> UUID | None:
    """The lead at which looking ends; None when all can be looked at."""
    if not criteria.slow:
        return None
    share = STRETCH // max(len(criteria.businesses), 1)
    # An OFFSET, but the same for every page however far back it lies.
    bounds = collect(criteria, criteria.quick, place, slice(share - 1, share))
    nearest = max if place.toward == "older" else min
    return nearest(bounds, default=None)


def find_ids(criteria: Criteria, place: Place, bound: UUID | None) -> list[UUID]:
    """A page's ids and one more where there is more, in the direction in which we look."""
    condition = criteria.quick & criteria.slow
    if bound:
        condition &= Q(id__gte=bound) if place.toward == "older" else Q(id__lte=bound)
    found = collect(criteria, condition, place, slice(PAGE_SIZE + 1))
    return sorted(found, reverse=place.toward == "older")[: PAGE_SIZE + 1]


def collect(criteria: Criteria, condition: Q, place: Place, part: slice) -> list[UUID]:
    """From each business this part of its leads, in the order in which we look.

    Each business is named in a query of its own. In one over all of them PostgreSQL reckons with an average
    business, and walks past all leads of a large one to find the few of a small one.
    """
    if place.beside:
        condition &= Q(id__lt=place.beside) if place.toward == "older" else Q(id__gt=place.beside)
    order = "-id" if place.toward == "older" else "id"
    parts = [
        Lead.objects.filter(condition, business=business).order_by(order).values_list("id", flat=True)[part]
        for business in criteria.businesses
    ]
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def fetch_rows(ids: Sequence[UUID]) -> list[Lead]:
    leads = Lead.objects.filter(pk__in=ids).select_related("source", "business").only(*ROW_FIELDS)
    return list(leads.annotate(passed_over=passed_over()).order_by("-id"))
