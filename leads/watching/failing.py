"""Sources whose leads of the last 24 hours mostly come to nothing, or to much less than before."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from leads.models import FailingSource, SourceTally
from leads.watching.buckets import Period, floor
from leads.watching.figures import share
from leads.watching.reading import TELLING, sums_by_source, top_refusals
from leads.watching.spans import SPANS
from leads.watching.writing import prepare

DAY = SPANS["24h"]
WEEK = timedelta(days=7)
# From so large a share on it matters whether it has doubled.
NOTICED = 10


@transaction.atomic
def note_failing(*, now: datetime) -> None:
    """Over what was noted a minute ago."""
    prepare()
    found = find_failing(now=now)
    FailingSource.objects.all().delete()
    FailingSource.objects.bulk_create(found)


def failing_sources(businesses: Collection[UUID]) -> QuerySet[FailingSource]:
    """Those first that lose the most requests. Not those that somebody stopped: they are told of apart."""
    alive = FailingSource.objects.filter(
        source__deleted_at=None, source__paused_at=None, source__enabled=True, business_id__in=businesses
    )
    return alive.select_related("source").order_by("-refused", "source_id")


def find_failing(*, now: datetime) -> list[FailingSource]:
    """In all businesses."""
    mostly_lost = Q(requests__gt=F("accepted_sum") * 2)
    noticed = Q(refused_sum__gte=F("requests") * 1.0 / NOTICED)
    sums = sums_by_source(None, DAY, now=now).filter(requests__gte=TELLING)
    rows = list(sums.filter(mostly_lost | noticed))
    before = shares_before([row["source_id"] for row in rows], now=now)
    found = [
        FailingSource(
            source_id=row["source_id"],
            business_id=row["business_id"],
            requests=row["requests"],
            accepted=row["accepted_sum"],
            refused=row["refused_sum"],
            before=before.get(row["source_id"]),
        )
        for row in rows
    ]
    failing = [one for one in found if one.accepted * 2 < one.requests or has_doubled(one)]
    codes = top_refusals(DAY, now=now, source_id__in=[one.source_id for one in failing])
    for one in failing:
        one.code = codes.get(one.source_id, "")
    return failing


def has_doubled(one: FailingSource) -> bool:
    now_refused = one.refused / one.requests
    return one.before is not None and now_refused * NOTICED >= 1 and now_refused >= 2 * one.before


def shares_before(source_ids: Collection[UUID], *, now: datetime) -> dict[UUID, float | None]:
    """What share of their requests was refused on the seven whole days before the last 24 hours."""
    end = floor(DAY.start(now=now), Period.DAY)
    days = SourceTally.objects.filter(
        source_id__in=source_ids, period=Period.DAY, starts_at__gte=end - WEEK, starts_at__lt=end
    )
    requests = Sum(F("accepted") + F("held") + F("duplicates") + F("refused"))
    sums = days.values("source_id").annotate(requests=requests, lost=Sum("refused"))
    return {
        row["source_id"]: share(row["lost"], row["requests"]) for row in sums if row["requests"] >= TELLING
    }
