"""Whether the certificate service is asked at all: the breaker and the bulkhead."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import monotonic

import pytest

from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.guard import Breaker, Guard, State, half_of, was_asked


def answered(outcome: Outcome) -> CertificateAnswer:
    return CertificateAnswer(outcome, "", "cert.trustedform.com", 1)


def end(breaker: Breaker, *, failed: bool, now: float) -> None:
    probe = breaker.enter(now)
    assert probe is not None
    breaker.leave(probe=probe, failed=failed, now=now)


def opened(now: float = 0) -> Breaker:
    breaker = Breaker(failures=3, window=10, pause=5, longest_pause=12)
    for _ in range(3):
        end(breaker, failed=True, now=now)
    return breaker


def test_it_opens_at_the_last_of_so_many_failures() -> None:
    breaker = Breaker(failures=3)
    states = []
    for _ in range(3):
        end(breaker, failed=True, now=0)
        states.append(breaker.state())
    assert states == [State.CLOSED, State.CLOSED, State.OPEN]


def test_it_stays_closed_while_more_succeed_than_fail() -> None:
    breaker = Breaker(failures=3)
    for turn in range(30):
        end(breaker, failed=turn % 3 == 0, now=0)
    assert breaker.state() is State.CLOSED


def test_failures_of_long_ago_do_not_count() -> None:
    breaker = Breaker(failures=3, window=10)
    for now in (0, 6, 12, 18, 24):
        end(breaker, failed=True, now=now)
    assert breaker.state() is State.CLOSED


def test_open_it_turns_everybody_away_until_its_pause_is_over() -> None:
    breaker = opened()
    assert [breaker.enter(now) for now in (0, 4.9)] == [None, None]
    assert breaker.enter(5) is True


def test_one_at_a_time_finds_out_whether_the_service_is_back() -> None:
    breaker = opened()
    assert [breaker.enter(5), breaker.enter(5)] == [True, None]
    assert (breaker.state(), breaker.admits(60)) == (State.PROBING, False)


def test_what_that_one_finds_closes_it() -> None:
    breaker = opened()
    end(breaker, failed=False, now=5)
    assert (breaker.state(), breaker.enter(5)) == (State.CLOSED, False)


def test_each_time_that_the_service_is_still_away_it_waits_longer() -> None:
    breaker, opens = opened(), []
    now = 5.0
    for _ in range(3):
        end(breaker, failed=True, now=now)
        opens.append(breaker.retry_at - now)
        now = breaker.retry_at
    assert opens == [10, 12, 12]


def test_calls_from_before_it_opened_change_nothing_when_they_end() -> None:
    breaker = opened()
    breaker.leave(probe=False, failed=False, now=1)
    assert (breaker.state(), breaker.retry_at) == (State.OPEN, 5)


def test_after_it_closed_old_failures_are_forgotten() -> None:
    breaker = opened()
    end(breaker, failed=False, now=5)
    end(breaker, failed=True, now=5)
    assert breaker.state() is State.CLOSED


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.UNAVAILABLE])
def test_only_a_service_that_does_not_answer_opens_it(outcome: Outcome) -> None:
    guard = Guard(1)
    for _ in range(50):
        assert guard.ask(lambda: answered(outcome), at_door=True).outcome is outcome
    assert guard.admits()


def test_a_call_that_raises_counts_as_failed_and_gives_its_place_back() -> None:
    def raising() -> CertificateAnswer:
        raise RuntimeError

    guard = Guard(1, Breaker(failures=2))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            guard.ask(raising, at_door=True)
    assert not guard.admits()


def test_open_it_answers_that_nobody_was_asked_and_nothing_is_verified() -> None:
    guard = Guard(1, Breaker(failures=1))
    guard.ask(lambda: answered(Outcome.UNAVAILABLE), at_door=True)
    answer = guard.ask(lambda: answered(Outcome.VERIFIED), at_door=True)
    assert (answer.outcome, answer.operations, was_asked(answer)) == (Outcome.UNAVAILABLE, (), False)
    assert answer.reason == "Not asked: TrustedForm failed again and again just before."


def waiting_for(release: Event, arrived: Barrier) -> Callable[[], CertificateAnswer]:
    def call() -> CertificateAnswer:
        arrived.wait(5)
        release.wait(5)
        return answered(Outcome.VERIFIED)

    return call


def test_whoever_finds_no_room_at_the_door_is_answered_at_once() -> None:
    guard, release, arrived = Guard(4), Event(), Barrier(5)
    with ThreadPoolExecutor(4) as senders:
        inside = [senders.submit(guard.ask, waiting_for(release, arrived), at_door=True) for _ in range(4)]
        arrived.wait(5)
        started = monotonic()
        turned_away = [guard.ask(lambda: answered(Outcome.VERIFIED), at_door=True) for _ in range(50)]
        took = monotonic() - started
        # What has limits of its own takes nobody's room at the door.
        beside = guard.ask(lambda: answered(Outcome.VERIFIED), at_door=False)
        release.set()
        assert {one.result().outcome for one in inside} == {Outcome.VERIFIED}
    assert {answer.outcome for answer in turned_away} == {Outcome.UNAVAILABLE}
    assert (took < 0.5, beside.outcome) == (True, Outcome.VERIFIED)
    assert guard.ask(lambda: answered(Outcome.VERIFIED), at_door=True).outcome is Outcome.VERIFIED


@pytest.mark.parametrize(("threads", "rooms"), [(1, 1), (2, 1), (3, 1), (16, 8), (200, 100)])
def test_half_of_the_threads_may_wait(threads: int, rooms: int) -> None:
    assert half_of(threads) == rooms


def test_asking_whether_ids_were_invented_keeps_nobody_from_asking_about_certificates() -> None:
    guard = Guard(2)
    for _ in range(20):
        guard.ask(lambda: answered(Outcome.UNAVAILABLE), at_door=True, breaker=guard.validating)
    assert not was_asked(
        guard.ask(lambda: answered(Outcome.INVENTED), at_door=True, breaker=guard.validating)
    )
    assert was_asked(guard.ask(lambda: answered(Outcome.VERIFIED), at_door=True))
