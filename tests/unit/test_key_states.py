"""What a key's badges say, and when it should be replaced."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.admin.key_states import list_reasons_to_rotate, list_states_of, say_stale
from sources.models import Credential

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def key(**fields: Any) -> Credential:
    return Credential(**{"created_at": NOW - DAY, "prefix": "abcdefgh", **fields})


@pytest.mark.parametrize(
    ("fields", "badges"),
    [
        ({}, ["Active"]),
        ({"revoked_at": NOW - DAY}, ["Revoked"]),
        ({"retires_at": NOW + timedelta(hours=5)}, ["Ends in 5 h"]),
        ({"retires_at": NOW + timedelta(minutes=20)}, ["Ends in 20 min"]),
        ({"retires_at": NOW}, ["Ended"]),
        ({"exposed_at": NOW - DAY}, ["Active", "Seen in a lead"]),
        ({"exposed_at": NOW - DAY, "revoked_at": NOW}, ["Revoked"]),
        ({"created_at": NOW - 100 * DAY}, ["Active", "Stale"]),
    ],
)
def test_badges_say_what_the_key_is_good_for(fields: dict[str, Any], badges: list[str]) -> None:
    assert [text for text, _ in list_states_of(key(**fields), now=NOW)] == badges


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"created_at": NOW - 89 * DAY}, 0),
        ({"created_at": NOW - 90 * DAY}, 1),
        ({"created_at": NOW - 200 * DAY, "last_used_at": NOW - 2 * DAY}, 0),
        ({"created_at": NOW - 365 * DAY, "last_used_at": NOW - 2 * DAY}, 1),
        ({"created_at": NOW - 400 * DAY, "last_used_at": NOW - 120 * DAY}, 2),
        ({"created_at": NOW - 400 * DAY, "revoked_at": NOW}, 0),
        ({"created_at": NOW - 400 * DAY, "retires_at": NOW + DAY}, 0),
    ],
)
def test_a_key_that_is_old_or_unused_should_be_replaced(fields: dict[str, Any], count: int) -> None:
    assert len(list_reasons_to_rotate(key(**fields), now=NOW)) == count


def test_stale_keys_of_one_source_are_counted_where_there_are_two() -> None:
    unused, old = key(created_at=NOW - 100 * DAY), key(created_at=NOW - 400 * DAY, last_used_at=NOW)
    assert say_stale([unused], now=NOW) == "unused for 90 days"
    assert say_stale([unused, old], now=NOW) == "1 unused for 90 days, 1 older than a year"
