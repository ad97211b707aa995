"""Browsers that we know: those in which a person has signed in before, by a signed cookie.

The cookie opens nothing. It only gives attempts made in that browser a counter of their own, which strangers
cannot use up. While strangers keep an account locked, a link from an owner makes a new browser known.

Whatever ends the sessions of a person (a new password, a reset, being switched off, a smaller role) ends this
too, and open links with it; only the browser in which the password was changed stays known.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from leadping.accounts.models import User
from leadping.accounts.people import record_about
from leadping.keys import random_text

COOKIE = "known_browser"
SALT = "leadping.known_browser.epoch"
LIFETIME = 180 * 24 * 60 * 60
LINK_SALT = "leadping.browser_link.epoch"
LINK_LIFETIME = 60 * 60
# Of so many people one browser remembers that they were here.
PEOPLE = 5
# What all browsers of a person are called that a link made known: together they have the attempts of one.
ADMITTED = "admitted"


def known_browser(request: HttpRequest, user: User) -> str | None:
    name, epoch = read_cookie(request).get(str(user.pk), (None, None))
    return name if epoch == user.session_epoch else None


def read_cookie(request: HttpRequest) -> dict[str, tuple[str, int]]:
    """The browser's name for each person who signed in here, latest last, and the epoch of their sessions."""
    try:
        names: dict[str, tuple[str, int]] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME
        )
    except signing.BadSignature:
        return {}
    return names


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    name = known_browser(request, user)
    if name is None or name == ADMITTED:
        name = random_text(16)
    write_cookie(request, response, user, name)


def admit_browser(user: User, *, by: str, reason: str, now: datetime) -> str:
    """The secret of a link. However many there are, the browsers they make known count as one."""
    record_about("user.browser_admitted", user, by=by, now=now, reason=reason)
    return signing.dumps([str(user.pk), user.session_epoch], salt=LINK_SALT)


def take_up_link(request: HttpRequest, response: HttpResponse, secret: str) -> bool:
    try:
        user_id, epoch = signing.loads(secret, salt=LINK_SALT, max_age=LINK_LIFETIME)
    except signing.BadSignature:
        return False
    user = User.objects.filter(pk=user_id, session_epoch=epoch).first()
    if user:
        write_cookie(request, response, user, ADMITTED)
    return user is not None


def write_cookie(request: HttpRequest, response: HttpResponse, user: User, name: str) -> None:
    others = {key: value for key, value in read_cookie(request).items() if key != str(user.pk)}
    names = [*others.items(), (str(user.pk), (name, user.session_epoch))]
    # A link takes nobody's place who signed in here.
    admitted, earned = (
        [pair for pair in names if (pair[1][0] == ADMITTED) is which] for which in (True, False)
    )
    latest = [*admitted[-PEOPLE:], *earned[-PEOPLE:]]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
