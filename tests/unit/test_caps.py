"""The periods of caps, by the clock of a time zone, and what is said when one is full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadping.verdicts import Effect
from sources.caps import Cap, Period, caps_at, free_again_at, has_caps, judge_caps, leads_left, start_of
from sources.models import SourceSettings

NEW_YORK = "America/New_York"


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("period", "now", "start", "end"),
    [
        # In June New York is four hours behind.
        (Period.HOUR, utc(2026, 6, 14, 12, 30), utc(2026, 6, 14, 12), utc(2026, 6, 14, 13)),
        (Period.DAY, utc(2026, 6, 14, 3, 59), utc(2026, 6, 13, 4), utc(2026, 6, 14, 4)),
        (Period.DAY, utc(2026, 6, 14, 4, 0), utc(2026, 6, 14, 4), utc(2026, 6, 15, 4)),
        (Period.MONTH, utc(2026, 7, 1, 3, 59), utc(2026, 6, 1, 4), utc(2026, 7, 1, 4)),
        # The clocks go forward, and back: days of 23 and 25 hours, a month that begins in winter time.
        (Period.DAY, utc(2026, 3, 8, 12), utc(2026, 3, 8, 5), utc(2026, 3, 9, 4)),
        (Period.DAY, utc(2026, 11, 1, 12), utc(2026, 11, 1, 4), utc(2026, 11, 2, 5)),
        (Period.MONTH, utc(2026, 3, 20), utc(2026, 3, 1, 5), utc(2026, 4, 1, 4)),
        # The hour that comes twice is counted twice.
        (Period.HOUR, utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 5), utc(2026, 11, 1, 6)),
        (Period.HOUR, utc(2026, 11, 1, 6, 30), utc(2026, 11, 1, 6), utc(2026, 11, 1, 7)),
        (Period.HOUR, utc(2026, 3, 8, 7, 15), utc(2026, 3, 8, 7), utc(2026, 3, 8, 8)),
    ],
)
def test_a_period_begins_and_ends_by_the_clock_of_the_time_zone(
    period: Any, now: datetime, start: datetime, end: datetime
) -> None:
    assert start_of(period, now, NEW_YORK) == start
    assert Cap(period, 1, start).ends_at(NEW_YORK) == end


def test_where_midnight_is_skipped_the_day_begins_with_its_first_moment() -> None:
    # In Havana the clocks go from 24:00 to 1:00.
    assert start_of(Period.DAY, utc(2026, 3, 8, 12), "America/Havana") == utc(2026, 3, 8, 5)


def test_an_hour_in_which_the_clocks_change_is_one_period() -> None:
    # On the Chatham Islands the clocks go from 2:45 to 3:45.
    hours = {start_of(Period.HOUR, utc(2026, 9, 26, 13, minute), "Pacific/Chatham") for minute in (20, 50)}
    hours.add(start_of(Period.HOUR, utc(2026, 9, 26, 14, 10), "Pacific/Chatham"))
    assert hours == {utc(2026, 9, 26, 13, 15)}


ZONES = st.sampled_from(
    [
        NEW_YORK,
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "UTC",
    ]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(period=st.sampled_from(list(Period)), now=MOMENTS, zone=ZONES)
def test_every_moment_lies_in_one_period_and_the_next_follows_at_once(
    period: Any, now: datetime, zone: str
) -> None:
    start = start_of(period, now, zone)
    end = Cap(period, 1, start).ends_at(zone)
    assert start <= now < end
    assert start_of(period, start, zone) == start
    assert start_of(period, end - timedelta(microseconds=1), zone) == start
    assert start_of(period, end, zone) == end


NOW = utc(2026, 6, 14, 12, 30)
CAPPED = SourceSettings(cap_per_hour=2, cap_per_month=5)


def test_a_source_has_the_caps_that_are_set_in_the_order_in_which_they_are_locked() -> None:
    assert [(cap.period, cap.most) for cap in caps_at(CAPPED, NOW)] == [("hour", 2), ("month", 5)]
    assert (has_caps(CAPPED), has_caps(SourceSettings())) == (True, False)


@pytest.mark.parametrize(
    ("taken", "passes", "left"),
    [
        ({}, True, {"hour": 2, "month": 5}),
        ({"hour": 1, "month": 4}, True, {"hour": 1, "month": 1}),
        ({"hour": 2, "month": 4}, False, {"hour": 0, "month": 1}),
        ({"hour": 0, "month": 5}, False, {"hour": 2, "month": 0}),
        ({"hour": 3, "month": 9}, False, {"hour": 0, "month": 0}),
    ],
)
def test_a_lead_passes_while_every_period_has_room(
    taken: dict[str, int], passes: bool, left: dict[str, int]
) -> None:
    caps = caps_at(CAPPED, NOW)
    assert judge_caps(CAPPED, caps, taken).passed is passes
    assert leads_left(caps, taken) == left


def test_a_full_cap_is_named_and_the_settings_say_what_it_does() -> None:
    held = SourceSettings(cap_per_hour=2, cap_effect="hold")
    verdict = judge_caps(held, caps_at(held, NOW), {"hour": 2})
    assert (verdict.code, verdict.effect, verdict.detail) == (
        "cap_reached",
        Effect.HOLD,
        "Of the leads that this source may bring, 2 an hour, as many have come.",
    )


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ({"hour": 1, "month": 1}, None),
        ({"hour": 2, "month": 1}, utc(2026, 6, 14, 13)),
        ({"hour": 2, "month": 5}, utc(2026, 7, 1, 4)),
    ],
)
def test_there_is_room_again_once_every_full_period_is_over(
    taken: dict[str, int], free: datetime | None
) -> None:
    assert free_again_at(CAPPED, caps_at(CAPPED, NOW), taken) == free
