"""Sources whose leads of the last 24 hours mostly come to nothing, or to much less than before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from leads.models import SourceTally
from leads.watching.buckets import Period, floor
from leads.watching.figures import share
from leads.watching.reading import TELLING, sums_by_source
from leads.watching.spans import SPANS
from sources.models import Source

DAY = SPANS["24h"]
WEEK = timedelta(days=7)
# From so large a share on it matters whether it has doubled.
NOTICED = 10


@dataclass(frozen=True, slots=True)
class Failing:
    """`before` is the share that was refused in the week before, where enough came to say so."""

    source: Source
    requests: int
    accepted: int
    refused: int
    before: float | None


def find_failing(businesses: Collection[UUID], *, now: datetime) -> list[Failing]:
    """Those first that lose the most requests. Not those that somebody stopped: they are told of apart."""
    mostly_lost = Q(requests__gt=F("accepted_sum") * 2)
    noticed = Q(refused_sum__gte=F("requests") * 1.0 / NOTICED)
    sums = sums_by_source(businesses, DAY, now=now).filter(requests__gte=TELLING)
    rows = list(sums.filter(mostly_lost | noticed).order_by("-refused_sum", "source_id"))
    alive = Source.objects.alive().filter(paused_at=None, enabled=True).only("name", "deleted_at")
    sources = alive.in_bulk([row["source_id"] for row in rows])
    before = shares_before(list(sources), now=now)
    found = (
        Failing(
            sources[row["source_id"]],
            row["requests"],
            row["accepted_sum"],
            row["refused_sum"],
            before.get(row["source_id"]),
        )
        for row in rows
        if row["source_id"] in sources
    )
    return [one for one in found if one.accepted * 2 < one.requests or has_doubled(one)]


def has_doubled(one: Failing) -> bool:
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
