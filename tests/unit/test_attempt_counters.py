"""Which counters an attempt is taken from."""

from datetime import timedelta

import pytest

from leadping.accounts.attempts import PER_ACCOUNT, PER_ADDRESS, Counter, TooManyAttempts, choose_counters


def names(whose: str, address: str, browser: str | None = None) -> list[str]:
    return [counter.name for counter in choose_counters("password", whose, address=address, browser=browser)]


def test_a_stranger_counts_for_the_address_and_for_the_account() -> None:
    limits = [counter.limit for counter in choose_counters("code", "ann", address="192.0.2.1", browser=None)]
    assert limits == [PER_ADDRESS, PER_ACCOUNT]


def test_a_known_browser_counts_for_itself_alone() -> None:
    assert names("ann", "192.0.2.1", "b1") == names("ann", "192.0.2.2", "b1")
    assert not set(names("ann", "192.0.2.1", "b1")) & set(names("ann", "192.0.2.1"))


def test_passwords_and_codes_are_counted_apart() -> None:
    codes = choose_counters("code", "ann", address="192.0.2.1", browser=None)
    assert not {counter.name for counter in codes} & set(names("ann", "192.0.2.1"))


def test_the_addresses_of_one_subscriber_count_as_one() -> None:
    assert names("ann", "2001:db8:1:2::7") == names("ann", "2001:db8:1:2:aaaa::1")
    assert names("ann", "2001:db8:1:2::7") != names("ann", "2001:db8:1:3::7")


def test_a_counter_keeps_nothing_of_what_was_typed() -> None:
    assert "ann" not in Counter("password ann", 10).key


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "in 1 minute,"), (60, "in 1 minute,"), (61, "in 2 minutes,"), (900, "in 15 minutes,")],
)
def test_a_refusal_says_how_long_to_wait(seconds: int, said: str) -> None:
    assert said in TooManyAttempts(timedelta(seconds=seconds)).message
