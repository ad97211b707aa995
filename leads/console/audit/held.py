"""What is held in some businesses: narrowed, counted and walked through, the oldest first.

The walk is read from the index `lead_held`, whatever the number of held leads, and only the page that is
shown looks at leads; the counts by reason and source read all that are held. Each business is asked by
itself: for one PostgreSQL can walk the index in the order of id, and would sort the leads of several.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import QueryDict

from leadping.ids import parse_public_id, public_id
from leads.models import Lead, Override
from leads.overrides import waits_for_second
from sources.models import Source

PAGE = 50


class Need(StrEnum):
    """Whom a held lead waits for. Each is in exactly one of these."""

    PERSON = "person"
    SECOND = "second"
    TRUSTEDFORM = "trustedform"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue is looked at; None and empty mean anything."""

    need: Need | None = Need.PERSON
    code: str = ""
    source: UUID | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Wanted":
        """What nobody can mean is taken for nothing."""
        need = query.get("needs", Need.PERSON)
        code = query.get("code", "")
        return cls(
            Need(need) if need in set(Need) else None,
            code if code.isascii() and code.replace("_", "").isalnum() and len(code) <= 40 else "",
            parse_public_id(Source.PREFIX, query.get("source", "")),
        )

    def query(self, **differing: Any) -> str:
        """As the query string of an address."""
        wanted = replace(self, **differing)
        told = QueryDict(mutable=True)
        if wanted.need is not Need.PERSON:
            told["needs"] = wanted.need or "any"
        if wanted.code:
            told["code"] = wanted.code
        if wanted.source:
            told["source"] = public_id(Source.PREFIX, wanted.source)
        return f"?{told.urlencode()}" if told else ""


def held_in(business_id: UUID) -> QuerySet[Lead]:
    return Lead.objects.filter(business=business_id, status=Lead.Status.AUDIT)


def narrowed(leads: QuerySet[Lead], wanted: Wanted) -> QuerySet[Lead]:
    condition = Q()
    if wanted.code:
        condition &= Q(held_for__contains=[wanted.code])
    if wanted.source:
        condition &= Q(source=wanted.source)
    match wanted.need:
        case Need.SECOND:
            condition &= Q(waits_for_second())
        case Need.PERSON:
            condition &= Q(recheck_at=None) & ~Q(waits_for_second())
        case Need.TRUSTEDFORM:
            condition &= Q(recheck_at__isnull=False) & ~Q(waits_for_second())
    return leads.filter(condition)


@dataclass(frozen=True, slots=True)
class Alike:
    """How many leads are held for exactly these reasons, of one source, waiting for the same."""

    need: Need
    codes: tuple[str, ...]
    source: UUID
    count: int


def count_alike(businesses: Collection[UUID]) -> list[Alike]:
    """Everything that is held, counted once; the figures of each filter follow from it."""
    found: Counter[tuple[Need, tuple[str, ...], UUID]] = Counter()
    for business_id in businesses:
        waits = ExpressionWrapper(Q(recheck_at__isnull=False), BooleanField())
        grouped = held_in(business_id).order_by().annotate(waits=waits).values("waits", "held_for", "source")
        for row in grouped.annotate(count=Count("pk")):
            need = Need.TRUSTEDFORM if row["waits"] else Need.PERSON
            found[need, tuple(row["held_for"]), row["source"]] += row["count"]
    # Few wait for a second person. Asked about each held lead, that would be most of the work.
    waiting = Override.objects.filter(
        business__in=businesses, state=Override.State.WAITING, lead__status=Lead.Status.AUDIT
    )
    for codes, source, recheck_at in waiting.values_list(
        "lead__held_for", "lead__source", "lead__recheck_at"
    ):
        need = Need.PERSON if recheck_at is None else Need.TRUSTEDFORM
        found[need, tuple(codes), source] -= 1
        found[Need.SECOND, tuple(codes), source] += 1
    return [Alike(*kind, count) for kind, count in found.items() if count > 0]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of each filter, how many it would leave, the others staying as they are."""

    needs: Counter[Need]
    codes: Counter[str]
    sources: Counter[UUID]
    total: int


def figures(groups: Iterable[Alike], wanted: Wanted) -> Figures:
    counted = Figures(Counter(), Counter(), Counter(), 0)
    total = 0
    for one in groups:
        needed = wanted.need in {None, one.need}
        coded = not wanted.code or wanted.code in one.codes
        sent = wanted.source in {None, one.source}
        if coded and sent:
            counted.needs[one.need] += one.count
        if needed and sent:
            counted.codes.update(dict.fromkeys(one.codes, one.count))
        if needed and coded:
            counted.sources[one.source] += one.count
        if needed and coded and sent:
            total += one.count
    return replace(counted, total=total)


def find_ids(
    businesses: Collection[UUID], wanted: Wanted, *, beside: UUID | None = None, most: int, back: bool = False
) -> list[UUID]:
    """After the lead `beside`, or before it, the nearest first; without one from the oldest on."""
    place = Q()
    if beside:
        place = Q(id__lt=beside) if back else Q(id__gt=beside)
    order = "-id" if back else "id"
    found: list[UUID] = []
    for business_id in businesses:
        leads = narrowed(held_in(business_id), wanted).filter(place).order_by(order)
        found += leads.values_list("id", flat=True)[:most]
    return sorted(found, reverse=back)[:most]


def find_next(businesses: Collection[UUID], wanted: Wanted, lead_id: UUID) -> UUID | None:
    """The next in the queue; after the last one the oldest that still waits."""
    after = find_ids(businesses, wanted, beside=lead_id, most=1)
    if after:
        return after[0]
    first = find_ids(businesses, wanted, most=1)
    return first[0] if first and first[0] != lead_id else None


def find_previous(businesses: Collection[UUID], wanted: Wanted, lead_id: UUID) -> UUID | None:
    before = find_ids(businesses, wanted, beside=lead_id, most=1, back=True)
    return before[0] if before else None
