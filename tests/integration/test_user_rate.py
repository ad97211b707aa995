"""How often a user's programs may ask in a minute."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business, User, UserRequestCount
from leadping.accounts.rates import count_request
from leads.jobs import forget_request_counts
from tests.races import at_once
from tests.readers import Reader
from tests.senders import Sender, flat_lead
from tests.situations import MemberFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def within_a_minute() -> Iterator[None]:
    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        yield


@pytest.fixture
def reader(owner: User, settings: Settings) -> Reader:
    settings.USER_API_RATE_PER_MINUTE = 2
    return Reader(owner)


def test_who_asks_too_often_is_told_when_to_come_again(reader: Reader) -> None:
    assert [reader.get("/leads").status_code for _ in range(2)] == [200, 200]
    refused = reader.get("/leads")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused["Retry-After"] == "50"
    assert refused["Content-Type"] == "application/problem+json"


def test_what_is_refused_is_not_done(reader: Reader, business: Business) -> None:
    for _ in range(3):
        answer = reader.post("/suppressions", phone="+15125550123")
    assert answer.status_code == 429
    assert business.suppressions.count() == 1


def test_an_opt_out_is_always_heard(reader: Reader, business: Business) -> None:
    for _ in range(3):
        reader.get("/leads")
    reader.post("/opt-outs", text="stop", heardBy="sms", phone="+15125550199")
    assert business.suppressions.get().value == "+15125550199"


def test_another_token_is_no_way_round(reader: Reader, owner: User) -> None:
    assert [one.get("/leads").status_code for one in (reader, Reader(owner), Reader(owner))] == [
        200,
        200,
        429,
    ]


def test_nor_is_the_session_of_a_browser(reader: Reader, owner: User, client: Client) -> None:
    sign_in(client, owner)
    assert [client.get("/leads").status_code for _ in range(3)] == [200, 200, 429]
    assert reader.get("/leads").status_code == 429


def test_somebody_else_is_not_kept_out(reader: Reader, business: Business) -> None:
    for _ in range(3):
        reader.get("/leads")
    assert Reader(MemberFactory.create(business=business)).get("/leads").status_code == 200


def test_a_minute_later_it_is_counted_anew(reader: Reader, owner: User) -> None:
    for _ in range(3):
        reader.get("/leads")
    UserRequestCount.objects.update(minute=timezone.now().replace(second=0, microsecond=0, year=2020))
    assert reader.get("/leads").status_code == 200


def test_nought_is_no_limit_and_nothing_is_counted(reader: Reader, settings: Settings) -> None:
    settings.USER_API_RATE_PER_MINUTE = 0
    assert {reader.get("/leads").status_code for _ in range(4)} == {200}
    assert not UserRequestCount.objects.exists()


def test_the_doors_are_not_counted(reader: Reader, waived_sender: Sender) -> None:
    for _ in range(4):
        assert waived_sender.post(flat_lead(trustedFormUrl=None)).status_code == 201
    assert not UserRequestCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_of_the_same_instant_are_all_counted(owner: User) -> None:
    now = timezone.now()
    numbers = at_once(20, lambda _: count_request(owner, now=now))
    assert sorted(numbers) == list(range(1, 21))


def test_what_is_over_is_forgotten(owner: User) -> None:
    now = timezone.now()
    count_request(owner, now=now)
    count_request(owner, now=now.replace(year=now.year - 1))
    forget_request_counts(int(now.timestamp()))
    assert UserRequestCount.objects.count() == 1
