"""Counting what came in into tallies, which nothing else writes.

A request states the moment at which it came, but its row is seen only once it is committed: seconds later,
or minutes where something stalled. So each minute the last five minutes are counted again, and each hour the
last two hours. Whatever is committed later than that after it came is not counted.

Nothing is added up as it goes: each bucket is counted anew from the stored submissions, then the hours it
belongs to from their minutes, the days from their hours, and the businesses from their sources.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least

from compliance.certificates import AT_FAULT
from leadping.ids import first_id_at
from leads.models import BusinessTally, SourceTally, Submission, TallyReach
from leads.watching.buckets import LENGTHS, Period, ceil, coarser, floor
from leads.watching.closing import close, forget_closed
from leads.watching.failing import note_failing
from leads.watching.statements import COUNT, RAISE, ROLL_UP, SUM_BUSINESSES
from leads.watching.writing import prepare, run

# What came so long ago is counted in these units at the finest; days are kept for ever.
KEPT = {Period.MINUTE: timedelta(days=2), Period.HOUR: timedelta(days=35)}
# Forgotten a little later, so that whatever is still summed up is whole.
GRACE = timedelta(days=1)
LATE = timedelta(minutes=5)
VERY_LATE = timedelta(hours=2)
# So much is counted in one statement at most.
BATCHES = {Period.MINUTE: timedelta(hours=6), Period.HOUR: timedelta(days=1), Period.DAY: timedelta(days=1)}
# An id is made when its row is stored, after the moment that the row states; clocks may go back a little.
CLOCK_SLACK = timedelta(minutes=1)
# Since when everything is counted, once there is nothing left from before.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time that is counted at once, by the finest period that is kept of it."""

    finest: Period
    start: datetime
    end: datetime

    def buckets(self, period: Period) -> list[datetime]:
        """The beginnings of all buckets of this length that it touches."""
        first, length = floor(self.start, period), LENGTHS[period]
        return [first + length * number for number in range(-((first - self.end) // length))]


# --- verbs


def tally(*, now: datetime) -> None:
    """Counts all that came since the last time and the last minutes before that again; then what follows."""
    reach = TallyReach.objects.first()
    begin = floor(now, Period.DAY)
    if reach is None:
        TallyReach.objects.get_or_create(id=1, defaults={"since": begin, "until": begin})
    start = begin if reach is None else min(reach.until, now) - LATE
    recount(start, now)
    close(now=now)
    note_failing(now=now)


def recount(start: datetime, now: datetime) -> None:
    """Everything from `start` until now, a batch at a time."""
    for stretch in stretches(start, ceil(now + timedelta(microseconds=1), Period.MINUTE), now=now):
        count_stretch(stretch, until=min(stretch.end, now))


def recount_lately(*, now: datetime) -> None:
    recount(now - VERY_LATE, now)
    close(now=now)


def fill_back(*, now: datetime) -> bool:
    """Counts the latest day that is not counted yet; False when there is none before it."""
    reach = TallyReach.objects.exclude(since=BEGINNING).first()
    if reach is None:
        return False
    oldest = Submission.objects.order_by("id").first()
    if oldest is None or oldest.received_at >= reach.since:
        TallyReach.objects.update(since=BEGINNING)
        return False
    day = floor(reach.since - timedelta(microseconds=1), Period.DAY)
    with transaction.atomic():
        prepare()
        count(Stretch(finest_kept(day, now=now), day, reach.since))
        TallyReach.objects.update(since=day)
    return True


def forget(*, now: datetime) -> int:
    """Minutes and hours that are older than they are kept, and sums of spans that have moved on."""
    gone = forget_closed(now=now)
    for period, age in KEPT.items():
        before = floor(now - age - GRACE, Period.DAY)
        for model in (SourceTally, BusinessTally):
            gone += model._default_manager.filter(period=period, starts_at__lt=before).delete()[0]
    return gone


# --- how


def stretches(start: datetime, end: datetime, *, now: datetime) -> Iterator[Stretch]:
    while start < end:
        finest = finest_kept(start, now=now)
        start = floor(start, finest)
        stop = min(end, start + BATCHES[finest])
        yield Stretch(finest, start, stop)
        start = stop


def finest_kept(moment: datetime, *, now: datetime) -> Period:
    kept = (period for period, age in KEPT.items() if moment >= floor(now - age, Period.DAY))
    return next(kept, Period.DAY)


@transaction.atomic
def count_stretch(stretch: Stretch, *, until: datetime) -> None:
    prepare()
    count(stretch)
    TallyReach.objects.filter(until__lt=until).update(until=until)


def count(stretch: Stretch) -> None:
    moments = {"start": stretch.start, "end": stretch.end}
    ids = {
        "first": first_id_at(stretch.start - CLOCK_SLACK),
        "last": first_id_at(stretch.end + VERY_LATE + CLOCK_SLACK),
    }
    run(COUNT, period=stretch.finest, at_fault=list(AT_FAULT), **moments, **ids)
    periods = coarser(stretch.finest)
    for fine, coarse in pairwise(periods):
        whole = {"start": floor(stretch.start, coarse), "end": ceil(stretch.end, coarse)}
        run(ROLL_UP, fine=fine, coarse=coarse, **whole)
    changed = stretch.start
    for period in periods:
        raised = run(RAISE, period=period, length=LENGTHS[period], first=first_id_at(stretch.start))
        buckets = sorted({*stretch.buckets(period), *raised})
        run(SUM_BUSINESSES, fine=period, coarse=period, buckets=buckets)
        if period == stretch.finest:
            changed = min([changed, *raised])
    TallyReach.objects.update(changed_from=Least(F("changed_from"), Value(changed)))
