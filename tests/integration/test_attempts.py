"""Guessing passwords and codes: how many guesses are looked at, and who is not kept out by them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.attempts import (
    PER_ACCOUNT,
    PER_ADDRESS,
    Counter,
    TooManyAttempts,
    choose_counters,
    forget_attempts,
    take,
    take_attempt,
)
from leadping.accounts.models import Attempts, Business, User
from leadping.accounts.people import switch_user
from leadping.accounts.roles import Role
from leadping.models import Event
from tests import hashers
from tests.hashers import CountingHasher
from tests.races import at_once
from tests.situations import BY, PASSWORD, REASON, MemberFactory, sign_in

LOCKED = "Too many attempts. Nothing was checked"
WRONG = "Email and password do not match."


@pytest.fixture
def asked(settings: Settings) -> list[str]:
    """The passwords that reached the hasher since the test began."""
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.{CountingHasher.__name__}"]
    hashers.ASKED.clear()
    return hashers.ASKED


def try_password(client: Client, email: str, password: str, address: str = "203.0.113.7") -> str:
    form = {"login": email, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address).text


def guess_often(email_of: Callable[[int], str], address_of: Callable[[int], str]) -> None:
    """A thousand guesses, ten at a time. More would only wait for a connection, of which there are seven, and
    whoever waits too long is answered 503 and was not looked at either."""

    def a_hundred_guesses(thread: int) -> None:
        client = Client(raise_request_exception=False)
        for number in range(thread * 100, thread * 100 + 100):
            try_password(client, email_of(number), f"guess {number}", address_of(number))
            client.cookies.clear()
            # As at the end of a request.
            connection.close()

    at_once(10, a_hundred_guesses)


@pytest.mark.django_db(transaction=True)
def test_of_a_thousand_guesses_at_an_account_ten_reach_the_hasher(asked: list[str]) -> None:
    user = MemberFactory.create()
    asked.clear()
    guess_often(lambda _: user.email, lambda number: f"10.0.{number // 250}.{number % 250}")
    assert len(asked) == PER_ACCOUNT


@pytest.mark.django_db(transaction=True)
def test_of_a_thousand_guesses_at_unknown_accounts_a_hundred_reach_the_hasher(asked: list[str]) -> None:
    guess_often(lambda number: f"nobody{number}@example.com", lambda _: "2001:db8:1:2::7")
    assert len(asked) == PER_ADDRESS


@pytest.fixture
def locked_out(owner: User) -> User:
    """Somebody at whose account strangers guessed as often as is allowed."""
    for number in range(PER_ACCOUNT):
        assert WRONG in try_password(Client(), owner.email, f"guess {number}")
    return owner


def test_the_right_password_is_refused_while_the_account_is_locked(locked_out: User) -> None:
    client = Client()
    assert LOCKED in try_password(client, locked_out.email, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_another_spelling_of_the_address_is_the_same_account(locked_out: User) -> None:
    assert LOCKED in try_password(Client(), f" {locked_out.email.upper()} ", PASSWORD)


def test_the_lock_ends_by_itself_though_strangers_knock_on(locked_out: User) -> None:
    for minutes in (5, 10, 14):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            assert LOCKED in try_password(Client(), locked_out.email, "guess")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        sign_in(Client(), locked_out)


def test_what_is_refused_for_an_account_does_not_use_up_the_address(locked_out: User) -> None:
    counters = choose_counters("password", str(locked_out.pk), address="192.0.2.9", browser=None)
    for _ in range(PER_ADDRESS + 1):
        with pytest.raises(TooManyAttempts):
            take_attempt(counters, now=timezone.now())
    assert take(counters[0], now=timezone.now())


def test_strangers_do_not_lock_a_person_out_of_their_own_browser(client: Client, owner: User) -> None:
    sign_in(client, owner)
    client.post(reverse("console:logout"))
    for number in range(PER_ADDRESS + 1):
        try_password(Client(), owner.email, f"guess {number}", "127.0.0.1")
    assert LOCKED in try_password(Client(), owner.email, PASSWORD, "127.0.0.1")
    sign_in(client, owner)


def test_a_link_from_an_owner_lets_a_new_browser_try(client: Client, business: Business) -> None:
    owner, user = (MemberFactory.create(business=business, role=role) for role in (Role.OWNER, Role.VIEWER))
    for number in range(PER_ACCOUNT):
        try_password(Client(), user.email, f"guess {number}")
    sign_in(client, owner)
    theirs, twice = Client(), Client()
    assert "attempts of its own" in theirs.get(link_for(client, user), follow=True).text
    sign_in(theirs, user)
    # However many links there are, together they give the attempts of one browser.
    links = [link_for(client, user) for _ in range(2)]
    answers = []
    for link in links:
        twice.get(link)
        answers += [try_password(twice, user.email, "guess") for _ in range(PER_ACCOUNT // 2 + 1)]
    assert [LOCKED in answer for answer in answers] == [False] * PER_ACCOUNT + [True] * 2
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "no good any more" in Client().get(links[0], follow=True).text


def link_for(client: Client, user: User) -> str:
    address = reverse("console:accounts_user_admit_browser", args=[user.pk])
    page = client.post(address, {"reason": "Asked by phone."})
    return unescape(re.findall(r"<code[^>]*>http://testserver([^<]+)</code>", page.text)[0])


def test_confirming_who_is_there_is_limited_too(client: Client, owner: User) -> None:
    sign_in(client, owner)
    page = reverse("account_reauthenticate")
    answers = [client.post(page, {"password": "guess"}).text for _ in range(PER_ACCOUNT + 1)]
    assert [LOCKED in answer for answer in answers] == [False] * PER_ACCOUNT + [True]
    assert LOCKED in client.post(page, {"password": PASSWORD}).text


def test_a_browser_of_the_person_has_ten_guesses_too(client: Client, owner: User) -> None:
    sign_in(client, owner)
    client.post(reverse("console:logout"))
    answers = [try_password(client, owner.email, "guess") for _ in range(PER_ACCOUNT + 1)]
    assert [LOCKED in answer for answer in answers] == [False] * PER_ACCOUNT + [True]


def test_the_cookie_of_one_person_is_worth_nothing_for_another(
    client: Client, member: Callable[[Role], User], locked_out: User
) -> None:
    sign_in(client, member(Role.VIEWER))
    client.post(reverse("console:logout"))
    assert LOCKED in try_password(client, locked_out.email, PASSWORD)


def test_signing_in_often_locks_nobody_out(owner: User) -> None:
    for _ in range(PER_ACCOUNT + 1):
        sign_in(Client(), owner)


def test_an_unknown_address_costs_what_a_known_one_costs(owner: User, asked: list[str]) -> None:
    client = Client()

    def cost(email: str) -> tuple[int, int]:
        asked.clear()
        with CaptureQueriesContext(connection) as queries:
            assert WRONG in try_password(client, email, "guess")
        return len(queries), len(asked)

    assert cost(owner.email) == cost("nobody@example.com")


def test_somebody_who_is_switched_off_is_told_nothing_else(owner: User) -> None:
    switch_user(owner, active=False, by=BY, reason=REASON, now=timezone.now())
    assert WRONG in try_password(Client(), owner.email, PASSWORD)


def test_the_owner_sees_failed_sign_ins_and_locks_in_a_row_a_minute(locked_out: User) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(3):
            try_password(Client(), locked_out.email, "guess")
    row = Event.objects.get(kind="user.locked_out")
    business = locked_out.memberships.get().business
    assert (row.subject, row.business, row.count) == (locked_out.public_id, business, 3)
    assert row.data == {"address": "203.0.113.7", "tried": "password"}
    assert (
        sum(Event.objects.filter(kind="user.sign_in_failed").values_list("count", flat=True)) == PER_ACCOUNT
    )


def test_in_any_fifteen_minutes_ten_are_taken(db: None) -> None:
    now, counter = timezone.now(), Counter("somebody", 10)
    moments = [now + timedelta(minutes=minutes) for minutes in range(60)]
    taken = [moment for moment in moments if take(counter, now=moment)]
    assert all(
        sum(moment <= other < moment + timedelta(minutes=15) for other in taken) <= 10 for moment in taken
    )
    assert len(taken) == 40


def test_counters_that_count_nothing_are_forgotten(db: None) -> None:
    now = timezone.now()
    take(Counter("old", 10), now=now - timedelta(minutes=16))
    take(Counter("new", 10), now=now)
    assert forget_attempts(now=now) == 1
    assert Attempts.objects.get().key == Counter("new", 10).key
