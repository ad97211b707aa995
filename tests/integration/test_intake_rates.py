"""A source's limit of requests a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.intake.receive import receive
from leads.models import Submission
from sources.models import RequestCount
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, codes, flat_lead
from tests.situations import SenderFactory

NOW = datetime(2026, 6, 14, 12, 0, 30, tzinfo=UTC)


def limited(limit: int) -> Sender:
    sender: Sender = SenderFactory.create(waived=True, settings__rate_per_minute=limit)
    return sender


@pytest.mark.django_db
def test_over_the_limit_the_answer_is_429_with_when_to_come_again() -> None:
    sender = limited(1)
    assert sender.post().status_code == 201
    response = sender.post()
    assert (response.status_code, codes(response)) == (429, ["rate_exceeded"])
    assert 1 <= int(response["Retry-After"]) <= 60
    assert Submission.objects.filter(http_status=429).count() == 1


@pytest.mark.django_db
def test_each_minute_begins_anew() -> None:
    sender = limited(2)
    seconds = (0, 29, 29.9, 30, 89, 89.9)
    statuses = [
        receive(arrival_of(sender, flat_lead(), at=NOW + timedelta(seconds=second))).status
        for second in seconds
    ]
    assert statuses == [201, 201, 429, 201, 201, 429]


@pytest.mark.django_db
def test_each_source_has_a_limit_of_its_own() -> None:
    senders = [limited(1), limited(1)]
    assert [sender.post().status_code for sender in senders] == [201, 201]


def test_without_a_limit_nothing_is_counted(waived_sender: Sender) -> None:
    waived_sender.post()
    assert not RequestCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_limit_is_exact_however_many_come_at_once() -> None:
    sender = limited(5)
    replies = at_once(16, lambda _: receive(arrival_of(sender, flat_lead(), at=NOW)))
    assert sorted(reply.status for reply in replies) == [201] * 5 + [429] * 11
    assert Submission.objects.count() == 16
