"""Browsers that we know: those in which a person has signed in before, by a signed cookie.

The cookie opens nothing. It only gives attempts made in that browser a counter of their own, which strangers
cannot use up.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from leadping.accounts.models import User
from leadping.keys import random_text

COOKIE = "known_browser"
SALT = "leadping.known_browser"
LIFETIME = 180 * 24 * 60 * 60
# Of so many people one browser remembers that they were here.
PEOPLE = 5


def known_browser(request: HttpRequest, user: User) -> str | None:
    return read_cookie(request).get(str(user.pk))


def read_cookie(request: HttpRequest) -> dict[str, str]:
    """The browser's name for each person who signed in here, latest last."""
    try:
        names: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return {}
    return names


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    names = read_cookie(request)
    name = names.pop(str(user.pk), None) or random_text(16)
    latest = [*names.items(), (str(user.pk), name)][-PEOPLE:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
