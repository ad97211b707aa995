"""Whether the certificate service is asked at all: not again and again while it fails, and never by so many
at the door that nobody is left for other work.

Whoever is turned away here is told at once, in the form of an answer: the service could not be asked.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import BoundedSemaphore, Lock
from time import monotonic

from django.conf import settings

from compliance.trustedform.answers import CertificateAnswer, Outcome
from leadping.metrics import CERTIFICATE_BREAKER, CERTIFICATES_UNASKED


class State(StrEnum):
    CLOSED = "closed"  # all are asked about
    OPEN = "open"  # nothing is asked
    PROBING = "probing"  # one is asked about, to see whether the service is back


# As the metric has it.
GRAVITY = {State.CLOSED: 0, State.PROBING: 1, State.OPEN: 2}
# The reason that such an answer gives, where it is told from those that the service gave.
NOT_ASKED = {
    "failing": "Not asked: TrustedForm failed again and again just before.",
    "full": "Not asked: too many were waiting for TrustedForm already.",
}


@dataclass(slots=True)
class Breaker:
    """Of this process alone. It opens once at least `failures` of the calls that ended in the last `window`
    seconds failed, and these are half of them or more. After `pause` seconds, and longer each time that the
    service is found still away, one call is let through to see."""

    failures: int = 10
    window: float = 10.0
    pause: float = 5.0
    longest_pause: float = 30.0
    lock: Lock = field(default_factory=Lock)
    ended: deque[tuple[float, bool]] = field(default_factory=deque)
    failed: int = 0
    opened: bool = False
    probing: bool = False
    wait: float = 0.0
    retry_at: float = 0.0

    def state(self) -> State:
        if not self.opened:
            return State.CLOSED
        return State.PROBING if self.probing else State.OPEN

    def admits(self, now: float) -> bool:
        """Without asking for a place: whether a call would be let through now."""
        return not self.opened or (not self.probing and now >= self.retry_at)

    def enter(self, now: float) -> bool | None:
        """None turns the call away; else whether it is the one by which we see. `leave` has to follow."""
        with self.lock:
            if not self.opened:
                return False
            if not self.admits(now):
                return None
            self.probing = True
            return True

    def leave(self, *, probe: bool, failed: bool, now: float) -> None:
        with self.lock:
            if probe:
                self.probing = False
                if failed:
                    self.open(now, wait=min(2 * self.wait, self.longest_pause))
                else:
                    self.close()
            elif not self.opened:
                self.count(failed, now)

    def count(self, failed: bool, now: float) -> None:
        self.ended.append((now, failed))
        self.failed += failed
        while self.ended and self.ended[0][0] < now - self.window:
            self.failed -= self.ended.popleft()[1]
        if self.failed >= self.failures and 2 * self.failed >= len(self.ended):
            self.open(now, wait=self.pause)

    def open(self, now: float, *, wait: float) -> None:
        self.opened, self.wait, self.retry_at = True, wait, now + wait

    def close(self) -> None:
        self.opened, self.failed = False, 0
        self.ended.clear()


@dataclass(slots=True)
class Guard:
    """`rooms`: how many at the door may wait for the service at a time, in this process."""

    rooms: int
    breaker: Breaker = field(default_factory=Breaker)
    # Of an address of its own, which may fail while operations are answered.
    validating: Breaker = field(default_factory=Breaker)
    places: BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self.places = BoundedSemaphore(self.rooms)

    def ask(
        self, call: Callable[[], CertificateAnswer], *, at_door: bool, breaker: Breaker | None = None
    ) -> CertificateAnswer:
        """The answer of `call`, or at once one that says why nobody was asked. `at_door`: a sender waits on
        a thread of the web server; what is asked elsewhere has its own limits."""
        if at_door and not self.places.acquire(blocking=False):
            return not_asked("full")
        try:
            return self.ask_unless_open(call, breaker or self.breaker)
        finally:
            if at_door:
                self.places.release()

    def ask_unless_open(self, call: Callable[[], CertificateAnswer], breaker: Breaker) -> CertificateAnswer:
        probe = breaker.enter(monotonic())
        if probe is None:
            return not_asked("failing")
        failed = True
        try:
            answer = call()
            failed = answer.outcome is Outcome.UNAVAILABLE
        finally:
            breaker.leave(probe=probe, failed=failed, now=monotonic())
            CERTIFICATE_BREAKER.set(GRAVITY[self.breaker.state()])
        return answer

    def admits(self) -> bool:
        """Whether asking has any point just now."""
        return self.breaker.admits(monotonic())


def not_asked(why: str) -> CertificateAnswer:
    CERTIFICATES_UNASKED.labels(why).inc()
    return CertificateAnswer(Outcome.UNAVAILABLE, NOT_ASKED[why], "", 0)


def was_asked(answer: CertificateAnswer) -> bool:
    return answer.reason not in NOT_ASKED.values()


def half_of(threads: int) -> int:
    return max(1, threads // 2)


GUARD = Guard(half_of(settings.WEB_THREADS))
