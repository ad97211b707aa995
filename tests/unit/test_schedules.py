"""When a source may send, by the clock of its time zone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.models import SourceSettings
from sources.schedules import has_schedule, is_open, say_schedule

NEW_YORK = ZoneInfo("America/New_York")
MONDAY, FRIDAY, SATURDAY = 0, 4, 5


def open_at(moment: datetime, **schedule: Any) -> bool:
    return is_open(SourceSettings(**schedule), moment.astimezone(UTC))


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]


def test_without_a_schedule_leads_are_taken_at_any_time() -> None:
    assert not has_schedule(SourceSettings())
    assert open_at(local(2026, 6, 14, 3))


@pytest.mark.parametrize(
    ("clock", "taken"),
    [((8, 59, 59), False), ((9, 0), True), ((16, 59, 59), True), ((17, 0), False)],
)
def test_hours_begin_with_the_first_and_end_just_before_the_last(clock: tuple[int, ...], taken: bool) -> None:
    moment = local(2026, 6, 15, *clock)
    assert open_at(moment, schedule_from=time(9), schedule_until=time(17)) is taken


@pytest.mark.parametrize(("day", "taken"), [(15, True), (19, True), (20, False), (21, False)])
def test_days_are_those_of_the_time_zone(day: int, taken: bool) -> None:
    weekdays = [0, 1, 2, 3, 4]
    assert open_at(local(2026, 6, day, 0), schedule_days=weekdays) is taken
    assert open_at(local(2026, 6, day, 23, 59), schedule_days=weekdays) is taken


@pytest.mark.parametrize(
    ("when", "taken"),
    [
        ((2026, 6, 19, 21, 59), False),
        ((2026, 6, 19, 22, 0), True),
        ((2026, 6, 20, 1, 59), True),
        ((2026, 6, 20, 2, 0), False),
        # Saturday's own night does not begin, and Friday's early hours belong to Thursday.
        ((2026, 6, 20, 22, 0), False),
        ((2026, 6, 19, 1, 0), False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(when: tuple[int, ...], taken: bool) -> None:
    night = {"schedule_from": time(22), "schedule_until": time(2), "schedule_days": [FRIDAY]}
    assert open_at(local(*when), **night) is taken


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    hour = {"schedule_from": time(1), "schedule_until": time(2)}
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert [open_at(moment, **hour) for moment in (first, second)] == [True, True]


def test_an_hour_that_is_skipped_is_not_open_that_day() -> None:
    hour = {"schedule_from": time(2), "schedule_until": time(3)}
    moments = [datetime(2026, 3, 8, 6, 0, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(180)]
    assert not any(open_at(moment, **hour) for moment in moments)


ZONES = st.sampled_from(
    ["America/New_York", "America/Phoenix", "Europe/Lisbon", "Australia/Lord_Howe", "Pacific/Auckland", "UTC"]
)
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
# A year holds both changes of the clocks, in either half of the world.
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.lists(st.integers(0, 6), unique=True)


@given(moment=MOMENTS, zone=ZONES, days=DAYS, start=CLOCKS, end=CLOCKS)
def test_a_source_is_open_while_its_clock_is_between_an_opening_and_the_closing_after_it(
    moment: datetime, zone: str, days: list[int], start: time, end: time
) -> None:
    if start == end:
        return
    clock = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    openings = [
        datetime.combine(clock.date() - timedelta(days=ago), start)
        for ago in (0, 1)
        if not days or (clock.date() - timedelta(days=ago)).weekday() in days
    ]
    length = timedelta(days=int(end < start)) + (
        datetime.combine(clock.date(), end) - datetime.combine(clock.date(), start)
    )
    expected = any(opening <= clock < opening + length for opening in openings)
    schedule = {"schedule_days": days, "schedule_from": start, "schedule_until": end, "time_zone": zone}
    assert open_at(moment, **schedule) is expected


def test_a_schedule_reads_as_a_sentence_would_have_it() -> None:
    schedule = SourceSettings(schedule_days=[2, 0], schedule_from=time(9), schedule_until=time(17, 30))
    assert say_schedule(schedule) == "Mon, Wed from 09:00 to 17:30, America/New_York"
    assert say_schedule(SourceSettings(schedule_days=[6])) == "Sun, America/New_York"
