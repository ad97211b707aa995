"""Writing down what happened."""

from datetime import UTC, datetime, timedelta

import pytest

from leadping.accounts.models import Business
from leadping.events import count_event, record_event
from leadping.models import Event
from tests.races import at_once

NOW = datetime(2026, 6, 14, 12, 0, 30, tzinfo=UTC)


def test_an_event_says_what_happened_to_what_by_whom_when_and_why(business: Business) -> None:
    record_event(
        "source.changed",
        subject="source_1",
        by="user_1",
        business_id=business.pk,
        now=NOW,
        reason="Because.",
        before={"enabled": True},
        after={"enabled": False},
    )
    event = Event.objects.get(subject="source_1")
    assert (event.kind, event.actor, event.business_id, event.at, event.reason, event.data, event.count) == (
        "source.changed",
        "user_1",
        business.pk,
        NOW,
        "Because.",
        {"before": {"enabled": True}, "after": {"enabled": False}},
        1,
    )


def count(at: datetime = NOW, *, subject: str = "", by: str = "", ip: str = "203.0.113.7") -> None:
    count_event("authentication.failed", subject=subject, by=by, business_id=None, now=at, ip=ip)


def counts() -> list[int]:
    return list(
        Event.objects.filter(kind="authentication.failed").order_by("id").values_list("count", flat=True)
    )


@pytest.mark.django_db
def test_what_repeats_within_a_minute_is_counted_in_one_row() -> None:
    for second in (-30, 0, 29):
        count(NOW + timedelta(seconds=second))
    count(NOW + timedelta(seconds=30))
    assert counts() == [3, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("difference", [{"subject": "source_1"}, {"by": "user_1"}, {"ip": "203.0.113.8"}])
def test_what_differs_is_counted_apart(difference: dict[str, str]) -> None:
    count()
    count(NOW, **difference)
    assert counts() == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_the_first_of_a_minute_at_the_same_instant_are_one_row() -> None:
    at_once(8, lambda _: count())
    assert counts() == [8]
