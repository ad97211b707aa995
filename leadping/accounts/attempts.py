"""How often somebody may guess. Counted in PostgreSQL, in one statement, before anything is compared.

Each counter remembers the moments of its last tries, so that any span of fifteen minutes holds at most its
limit, and a try that is refused is not remembered: nobody prolongs a lock by knocking on it.

Strangers share one counter for an account, whatever their addresses. A browser in which the person has
signed in before is known by a signed cookie and has a counter of its own, so that strangers who use up the
first lock nobody out. See `browsers.py`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.core.exceptions import ValidationError
from django.db import connection

from leadping.accounts.models import Attempts

SPAN = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100
# What one subscriber of an IPv6 network usually has.
SUBSCRIBER = 64

TAKE = """
    INSERT INTO accounts_attempts AS known (key, taken, last_at) VALUES (%(key)s, ARRAY[%(now)s], %(now)s)
    ON CONFLICT (key) DO UPDATE SET last_at = %(now)s, taken = array_append(
        ARRAY(SELECT moment FROM unnest(known.taken) AS moment WHERE moment > %(since)s), %(now)s)
    WHERE (SELECT count(*) FROM unnest(known.taken) AS moment WHERE moment > %(since)s) < %(limit)s
    RETURNING 1
"""


class TooManyAttempts(ValidationError):  # noqa: N818 (a refusal, as forms know it)
    """Neither password nor code was looked at."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(ceil(wait.total_seconds() / 60), 1)
        super().__init__(
            "Too many attempts. Nothing was checked; try again in "
            f"{minutes} minute{'s' if minutes > 1 else ''}, or in a browser in which you signed in before.",
            code="too_many_attempts",
        )


@dataclass(frozen=True, slots=True)
class Counter:
    name: str
    limit: int

    @property
    def key(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()


def choose_counters(what: str, whose: str, *, address: str, browser: str | None) -> list[Counter]:
    """`whose` names the account; `browser` is what the cookie of a known one says."""
    if browser:
        return [Counter(f"{what} {whose} {browser}", PER_ACCOUNT)]
    return [
        Counter(f"{what} from {subscriber_of(address)}", PER_ADDRESS),
        Counter(f"{what} {whose}", PER_ACCOUNT),
    ]


def subscriber_of(address: str) -> str:
    ip = ip_address(address)
    return str(ip_network((ip, SUBSCRIBER), strict=False)) if isinstance(ip, IPv6Address) else address


def take_attempt(counters: list[Counter], *, now: datetime) -> None:
    """Raises TooManyAttempts. What is taken is stored at once, whatever becomes of the request."""
    for place, counter in enumerate(counters):
        if not take(counter, now=now):
            give_back(counters[:place], now=now)
            raise TooManyAttempts(until_free(counter, now=now))


def take(counter: Counter, *, now: datetime, span: timedelta = SPAN) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": counter.key, "now": now, "since": now - span, "limit": counter.limit})
        return cursor.fetchone() is not None


def give_back(counters: list[Counter], *, now: datetime) -> None:
    """After the right password or code, or where another counter refuses: only what was wrong counts."""
    with connection.cursor() as cursor:
        for counter in counters:
            cursor.execute(
                "UPDATE accounts_attempts SET taken = array_remove(taken, %s) WHERE key = %s",
                [now, counter.key],
            )


def until_free(counter: Counter, *, now: datetime) -> timedelta:
    taken = Attempts.objects.filter(key=counter.key).values_list("taken", flat=True).first()
    lately = [moment for moment in taken or () if moment > now - SPAN]
    return min(lately, default=now) + SPAN - now


def forget_attempts(*, now: datetime) -> int:
    """Removes counters that count nothing any more."""
    forgotten, _ = Attempts.objects.filter(last_at__lt=now - SPAN).delete()
    return forgotten
