"""How long a session lasts, and what a person without the required second factor may still do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from leadping.accounts.second_factor import lacks_second_factor
from leadping.middleware import ScopedRequest, storage_unavailable

BEGAN, SEEN = "session_began", "session_seen"
# The session is written at most so often for having been used.
NOTED_EVERY = timedelta(minutes=1)
# What is open to somebody who has yet to set up the second factor.
SET_UP = ("/account/", "/static/", "/console/logout/")


class SessionLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Senders of leads have no cookie, and cost nothing here.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        try:
            return keep_limits(request) or self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            # As for an error of a view, which Django tells RequestScope of by itself.
            return storage_unavailable(cast(ScopedRequest, request), error)


def keep_limits(request: HttpRequest) -> HttpResponse | None:
    """The answer to who may not go on, if any. A session that is over leaves the person a stranger."""
    if not request.user.is_authenticated:
        return None
    if why := note_use(request):
        logout(request)
        messages.warning(request, why)
    elif not request.path.startswith(SET_UP) and lacks_second_factor(request.user):
        return redirect("mfa_index")
    return None


def begin_session(request: HttpRequest, *, now: datetime) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())


def note_use(request: HttpRequest) -> str | None:
    """Why the session is over, or nothing."""
    session, moment = request.session, timezone.now()
    began, seen, now = session.get(BEGAN), session.get(SEEN), int(moment.timestamp())
    if began is None or seen is None:
        begin_session(request, now=moment)
        return None
    if now - seen >= settings.SESSION_IDLE_MINUTES * 60:
        return f"You were signed out after {settings.SESSION_IDLE_MINUTES} minutes without use."
    if now - began >= settings.SESSION_HOURS * 3600:
        return f"You were signed out: a session lasts {settings.SESSION_HOURS} hours at most."
    if now - seen >= NOTED_EVERY.total_seconds():
        session[SEEN] = now
    return None
