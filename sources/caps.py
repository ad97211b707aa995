"""How many leads a source may bring in an hour, a day and a month, by the clock of its time zone.

Counted are leads that are taken, accepted or held, in the very transaction that stores them. Whoever counts
holds the counts' rows until it ends, so that of any number of senders exactly as many pass as there is room
for.

Only capped periods are counted, from their first moment in the source's time zone. When a cap is set or a
time zone changed, the leads that have come already in the period are counted first; see `recounting.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from leadping.verdicts import Effect, Verdict, failed, passed
from sources.models import CapCount, Source, SourceSettings

Period = CapCount.Period
Counts = Mapping[str, int]

# Clocks are put forward or back by half an hour at the least.
STEP = timedelta(minutes=30)


class Cap(NamedTuple):
    period: CapCount.Period
    most: int
    starts_at: datetime

    def ends_at(self, zone: str) -> datetime:
        """The first moment that is counted anew."""
        end = self.starts_at
        while start_of(self.period, end, zone) == self.starts_at:
            end += LONG_STEPS.get(self.period, STEP) if end == self.starts_at else STEP
        return start_of(self.period, end, zone)


# Periods are never shorter, so that their end need not be looked for from the beginning.
LONG_STEPS = {Period.DAY: timedelta(hours=20), Period.MONTH: timedelta(days=27)}


A_PERIOD = {Period.HOUR: "an hour", Period.DAY: "a day", Period.MONTH: "a month"}


def has_caps(settings: SourceSettings) -> bool:
    caps = (settings.cap_per_hour, settings.cap_per_day, settings.cap_per_month)
    return any(most is not None for most in caps)


def caps_at(settings: SourceSettings, now: datetime) -> list[Cap]:
    """In the order in which their counts are locked."""
    limits = {
        Period.HOUR: settings.cap_per_hour,
        Period.DAY: settings.cap_per_day,
        Period.MONTH: settings.cap_per_month,
    }
    return [
        Cap(period, most, start_of(period, now, settings.time_zone))
        for period, most in limits.items()
        if most is not None
    ]


def start_of(period: CapCount.Period, moment: datetime, zone: str) -> datetime:
    """Where midnight is skipped or comes twice, the day begins with what there is, or with the first."""
    if period is Period.HOUR:
        return start_of_hour(moment.astimezone(UTC), ZoneInfo(zone))
    local = moment.astimezone(ZoneInfo(zone))
    day = 1 if period is Period.MONTH else local.day
    return datetime(local.year, local.month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def start_of_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the clock last showed a full hour, counted back in real time: some clocks change between hours."""
    while past := since_full_hour(moment.astimezone(zone)):
        moment -= past
    return moment


def since_full_hour(local: datetime) -> timedelta:
    return timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def judge_caps(settings: SourceSettings, caps: Sequence[Cap], taken: Counts) -> Verdict:
    """`taken` are the leads before this one, by period."""
    reached = [cap for cap in caps if taken.get(cap.period, 0) >= cap.most]
    if not reached:
        left = (f"{cap.most - taken.get(cap.period, 0)} this {cap.period}" for cap in caps)
        return passed("cap_reached", f"Leads that may still come: {', '.join(left)}.")
    told = " and ".join(f"{cap.most} {A_PERIOD[cap.period]}" for cap in reached)
    return failed(
        "cap_reached",
        f"Of the leads that this source may bring, {told}, as many have come.",
        effect=Effect(settings.cap_effect),
    )


def free_again_at(settings: SourceSettings, caps: Sequence[Cap], taken: Counts) -> datetime | None:
    """When the last of the caps that are reached begins anew; None while there is room."""
    reached = [cap for cap in caps if taken.get(cap.period, 0) >= cap.most]
    return max((cap.ends_at(settings.time_zone) for cap in reached), default=None)


def leads_left(caps: Sequence[Cap], taken: Counts) -> dict[str, int]:
    return {cap.period.value: max(cap.most - taken.get(cap.period, 0), 0) for cap in caps}


# Written by hand, for intake asks on each request of a source with caps.
ROWS = "unnest(%s::text[], %s::timestamptz[]) WITH ORDINALITY AS cap (period, starts_at, place)"
READ = f"""
    SELECT period, count FROM sources_capcount JOIN {ROWS} USING (period, starts_at) WHERE source_id = %s
"""  # noqa: S608 (our own words alone)
COUNT = f"""
    INSERT INTO sources_capcount (business_id, source_id, period, starts_at, count)
    SELECT %s, %s, period, starts_at, %s FROM {ROWS} ORDER BY place
    ON CONFLICT (source_id, period, starts_at) DO UPDATE SET count = sources_capcount.count + excluded.count
    RETURNING period, count
"""  # noqa: S608


def read_taken(source: Source, caps: Sequence[Cap]) -> dict[str, int]:
    """The leads taken so far; what is being stored at this instant is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [*columns_of(caps), source.pk])
        return dict(cursor.fetchall())


def count_lead(source: Source, caps: Sequence[Cap]) -> dict[str, int]:
    """Counts one lead and gives the leads before it. Until the transaction ends nobody else can count."""
    return {period: count - 1 for period, count in count_leads(source, caps, 1).items()}


def count_leads(source: Source, caps: Sequence[Cap], leads: int) -> dict[str, int]:
    """Counts so many leads, perhaps none, and gives how many there are then; nobody else can count until the
    transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [source.business_id, source.pk, leads, *columns_of(caps)])
        return dict(cursor.fetchall())


def columns_of(caps: Sequence[Cap]) -> tuple[list[str], list[datetime]]:
    return [cap.period.value for cap in caps], [cap.starts_at for cap in caps]


def discount_lead(source: Source, caps: Sequence[Cap]) -> None:
    """Takes the lead that was just counted out again: it is not stored after all."""
    for cap in caps:
        counted = CapCount.objects.filter(source=source, period=cap.period, starts_at=cap.starts_at)
        counted.update(count=F("count") - 1)


def discount_leads(source: Source, cap: Cap, count: int) -> None:
    """Takes out many that were counted, for they are withdrawn; never below nothing."""
    counted = CapCount.objects.filter(source=source, period=cap.period, starts_at=cap.starts_at)
    counted.update(count=Greatest(F("count") - count, 0))


def forget_cap_counts(*, before: datetime) -> None:
    """Periods that are over are counted no more."""
    CapCount.objects.filter(starts_at__lt=before).delete()
