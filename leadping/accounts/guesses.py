"""Trying a password or a code in a request: counted first, written down when it fails."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from leadping.accounts.attempts import TooManyAttempts, choose_counters, give_back, take_attempt
from leadping.accounts.browsers import known_browser
from leadping.accounts.models import User
from leadping.accounts.people import count_about
from leadping.middleware import client_ip

PASSWORD = "password"  # noqa: S105 (the word)
CODE = "code"


def guess(
    what: str, request: HttpRequest | None, user: User | None, check: Callable[[], bool], *, typed: str = ""
) -> bool:
    """Whether `check` says so. Raises TooManyAttempts before it is asked.

    `typed` tells unknown accounts apart; a known one counts the same however its address is spelt.
    """
    now, address = timezone.now(), client_ip(request or HttpRequest())
    whose = str(user.pk) if user else typed.strip().casefold()
    browser = known_browser(request, user) if user and request else None
    counters = choose_counters(what, whose, address=address, browser=browser)
    try:
        take_attempt(counters, now=now)
    except TooManyAttempts:
        count_about("user.locked_out", user, now=now, address=address, tried=what)
        raise
    if check():
        give_back(counters, now=now)
        return True
    count_about("user.sign_in_failed", user, now=now, address=address, tried=what)
    return False
