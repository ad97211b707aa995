"""How long a browser stays known as one of a person's own."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.browsers import COOKIE, admit_browser, known_browser
from leadping.accounts.models import User
from leadping.accounts.people import change_password, switch_user
from leadping.accounts.second_factor import reset_second_factor
from tests.situations import BY, PASSWORD, REASON, sign_in

OTHER = "another battery staple"


def is_known(client: Client, user: User) -> bool:
    request = HttpRequest()
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value if COOKIE in client.cookies else ""
    return known_browser(request, User.objects.get(pk=user.pk)) is not None


def give_password(user: User) -> None:
    change_password(user, make_password(OTHER), now=timezone.now())


def reset(user: User) -> None:
    reset_second_factor(user, by=BY, reason=REASON, now=timezone.now())


def switch_off_and_on(user: User) -> None:
    for active in (False, True):
        switch_user(user, active=active, by=BY, reason=REASON, now=timezone.now())


DEEDS = pytest.mark.parametrize("deed", [give_password, reset, switch_off_and_on])


@DEEDS
def test_a_browser_that_was_known_is_a_strangers_once_sessions_are_ended(
    client: Client, owner: User, deed: Callable[[User], None]
) -> None:
    sign_in(client, owner)
    assert is_known(client, owner)
    deed(owner)
    assert not is_known(client, owner)


@DEEDS
def test_so_is_a_link_that_nobody_opened_yet(
    client: Client, owner: User, deed: Callable[[User], None]
) -> None:
    secret = admit_browser(owner, by=BY, reason=REASON, now=timezone.now())
    deed(owner)
    client.get(reverse("known_browser", query={"secret": secret}))
    assert not is_known(client, owner)


def test_the_browser_in_which_the_password_is_changed_stays_known_and_no_other(
    client: Client, owner: User
) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser, owner)
    form = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    assert client.post(reverse("console:password_change"), form).status_code == 302
    assert (is_known(client, owner), is_known(other, owner)) == (True, False)
