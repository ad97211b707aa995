"""Reading the tallies for pages, which look at nothing else however much came in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.functions import Cast

from leads.models import BusinessTally, SourceTally, TallyReach
from leads.watching.closing import rows_of
from leads.watching.figures import NUMBERS, Figures
from leads.watching.spans import Span

CODES = ("held_codes", "refused_codes")
COLUMNS = (*NUMBERS, "spent", *CODES)
# Below so many requests a share says little.
TELLING = 20


@dataclass(frozen=True, slots=True)
class Series:
    """Bucket by bucket, the oldest first; `total` is their sum and `before` that of as many before them."""

    span: Span
    points: Sequence[tuple[datetime, Figures]]
    total: Figures
    before: Figures


def series_of_businesses(businesses: Collection[UUID], span: Span, *, now: datetime) -> Series:
    return read_series(BusinessTally.objects.filter(business_id__in=businesses), span, now=now)


def series_of_source(source_id: UUID, span: Span, *, now: datetime) -> Series:
    return read_series(SourceTally.objects.filter(source_id=source_id), span, now=now)


def read_series(tallies: QuerySet[Any], span: Span, *, now: datetime) -> Series:
    points = {starts_at: Figures() for starts_at in span.buckets(now=now)}
    total, before = Figures(), Figures()
    own = tallies.filter(period=span.period, starts_at__lte=now)
    for row in own.filter(starts_at__gte=span.start(now=now)).values("starts_at", *COLUMNS):
        points[row["starts_at"]].add(row)
        total.add(row)
    earlier = own.filter(starts_at__gte=span.start_of_before(now=now), starts_at__lt=span.start(now=now))
    before.add(earlier.aggregate(**{name: Sum(name) for name in (*NUMBERS, "spent")}))
    return Series(span, list(points.items()), total, before)


# --- one source beside another

SUMMED = ("accepted", "held", "duplicates", "refused", "complaints", "disputes", "opt_outs", "spent")


def of_none(whole: str, expression: Any) -> Case:
    """Nothing where it would be divided by nought."""
    return Case(When(**{whole: 0}, then=Value(None)), default=expression, output_field=FloatField())


def sums_by_source(businesses: Collection[UUID] | None, span: Span, *, now: datetime) -> QuerySet[Any]:
    """One row for each source that had anything in the span; see `ORDERS`. None stands for all businesses."""
    within = SourceTally.objects.filter(rows_of(span, now=now))
    if businesses is not None:
        within = within.filter(business_id__in=businesses)
    sums = within.values("source_id", "business_id").annotate(**{f"{name}_sum": Sum(name) for name in SUMMED})
    requests = F("accepted_sum") + F("held_sum") + F("duplicates_sum") + F("refused_sum")
    return sums.annotate(requests=requests).annotate(
        accepted_share=of_none("requests", Cast("accepted_sum", FloatField()) / F("requests")),
        cost_per_accepted=of_none("accepted_sum", Cast("spent_sum", FloatField()) / F("accepted_sum")),
        telling=Case(When(requests__gte=TELLING, then=Value(0)), default=Value(1)),
    )


# The first is the usual one: what accepts the least of enough requests to say so.
ORDERS: dict[str, tuple[Any, ...]] = {
    "worst": ("telling", F("accepted_share").asc(nulls_last=True), "-refused_sum", "source_id"),
    "requests": ("-requests", "source_id"),
    "refused": ("-refused_sum", "source_id"),
    "raised": ("-complaints_sum", "-disputes_sum", "-opt_outs_sum", "source_id"),
    "spent": ("-spent_sum", "source_id"),
    "cost": (F("cost_per_accepted").desc(nulls_last=True), "source_id"),
}


def figures_of(row: dict[str, Any]) -> Figures:
    return Figures(**{name: row[f"{name}_sum"] for name in SUMMED})


TOP_REFUSALS = """\
SELECT DISTINCT ON (source_id) source_id, code
FROM ({tallies}) AS tally (source_id, codes) CROSS JOIN LATERAL jsonb_each(codes) AS counted (code, requests)
GROUP BY source_id, code
ORDER BY source_id, sum(requests::int) DESC, code
"""


def top_refusals(span: Span, *, now: datetime, **which: Any) -> dict[UUID, str]:
    """Of each source the code that refused most; those that refused nothing are left out."""
    tallies = SourceTally.objects.filter(rows_of(span, now=now), refused__gt=0, **which)
    try:
        rows, parameters = tallies.values("source_id", "refused_codes").query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TOP_REFUSALS.format(tallies=rows), parameters)
        return dict(cursor.fetchall())


def counted(span: Span, *, now: datetime) -> dict[str, datetime | None]:
    """`until` when all is counted that came; `since` when, where the worker has not got to all of the span
    yet."""
    reach = TallyReach.objects.first()
    if reach is None:
        return {"until": None, "since": None}
    return {"until": reach.until, "since": reach.since if reach.since > span.start(now=now) else None}
