"""The closed part of each span, all its buckets but the running one, added up for each source.

A page that compares sources then adds two rows of each instead of ninety. A span is added up anew when its
running bucket has closed, and when anything was counted in a closed one; the first is so once an hour or a
day and for the minutes after it in which the last minutes are counted again.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from leads.models import SourceTally, TallyReach
from leads.watching.buckets import LENGTHS, floor
from leads.watching.spans import COMPARED, Span
from leads.watching.statements import CLOSE
from leads.watching.writing import prepare, run


@transaction.atomic
def close(*, now: datetime) -> None:
    """Pages go by `closed_at`, which is written together with the sums."""
    prepare()
    reach = TallyReach.objects.first()
    if reach is None:
        return
    for span in COMPARED.values():
        if is_stale(span, reach, now=now):
            start, end = span.start(now=now), floor(now, span.period)
            run(CLOSE, fine=span.period, coarse=span.closed, start=start, end=end)
    TallyReach.objects.update(closed_at=now, changed_from=None)


def is_stale(span: Span, reach: TallyReach, *, now: datetime) -> bool:
    opened = floor(now, span.period)
    if reach.closed_at is None or floor(reach.closed_at, span.period) != opened:
        return True
    return reach.changed_from is not None and reach.changed_from < opened


def rows_of(span: Span, *, now: datetime) -> Q:
    """The tallies of sources whose sum is the span: the closed part and what came since, where the worker
    keeps up, and else every bucket."""
    reach = TallyReach.objects.first()
    closed_at = reach.closed_at if reach else None
    length = LENGTHS[span.period]
    if closed_at is None or span.closed is None or floor(now, span.period) - closed_at > length:
        return Q(period=span.period, starts_at__gte=span.start(now=now), starts_at__lte=now)
    closed = Q(period=span.closed, starts_at=span.start(now=closed_at))
    opened = floor(closed_at, span.period)
    return closed | Q(period=span.period, starts_at__gte=opened, starts_at__lte=now)


def forget_closed(*, now: datetime) -> int:
    """Those of spans that have moved on; the last one stays a while, for pages that have begun with it."""
    gone = 0
    for span in COMPARED.values():
        before = span.start(now=now) - LENGTHS[span.period]
        gone += SourceTally.objects.filter(period=span.closed, starts_at__lt=before).delete()[0]
    return gone
