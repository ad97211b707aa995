"""How sessions end: by removal, demotion, a new password, a reset, and by time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.businesses import change_role, remove_member
from leadping.accounts.models import Business, User
from leadping.accounts.people import change_password, switch_user
from leadping.accounts.roles import Role
from leadping.accounts.second_factor import reset_second_factor
from leadping.accounts.tokens import issue_token
from leadping.models import Event
from tests.situations import BY, PASSWORD, REASON, MemberFactory, sign_in

PAGE = "/workspace/leads/"
Member = Callable[[Role], User]


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def remove(user: User) -> None:
    remove_member(user.memberships.earliest("id"), by=BY, reason=REASON, now=timezone.now())


def demote(user: User) -> None:
    change_role(user.memberships.earliest("id"), Role.VIEWER, by=BY, reason=REASON, now=timezone.now())


def switch_off(user: User) -> None:
    switch_user(user, active=False, by=BY, reason=REASON, now=timezone.now())


def reset(user: User) -> None:
    reset_second_factor(user, by=BY, reason=REASON, now=timezone.now())


def give_password(user: User) -> None:
    change_password(user, make_password("another battery"), now=timezone.now())


@pytest.mark.parametrize("deed", [remove, demote, switch_off, reset, give_password])
def test_a_session_ends_at_once(
    client: Client, member: Member, other_business: Business, deed: Callable[[User], None]
) -> None:
    """Also that of somebody who still belongs to another business."""
    user = member(Role.ADMIN)
    MemberFactory.create(business=other_business, email=user.email)
    sign_in(client, user)
    assert is_in(client)
    deed(user)
    response = client.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, f"/account/sign-in/?next={PAGE}")


def test_who_rises_stays_signed_in(client: Client, member: Member) -> None:
    user = member(Role.VIEWER)
    sign_in(client, user)
    change_role(user.memberships.get(), Role.COMPLIANCE, by=BY, reason=REASON, now=timezone.now())
    assert is_in(client)


def test_a_new_password_ends_the_other_sessions_alone(client: Client, owner: User) -> None:
    other = Client()
    sign_in(client, owner)
    sign_in(other, owner)
    new = "another battery staple"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    page = client.post(reverse("console:password_change"), form, follow=True)
    assert "Your password is changed" in page.text
    assert (is_in(client), is_in(other)) == (True, False)
    assert Event.objects.get(kind="user.password_changed").subject == owner.public_id


def test_the_old_password_is_a_guess_like_any_other(client: Client, owner: User) -> None:
    sign_in(client, owner)
    form = {"old_password": "guess", "new_password1": "x", "new_password2": "x"}
    pages = [client.post(reverse("console:password_change"), form).text for _ in range(11)]
    assert ["Too many attempts" in page for page in pages] == [False] * 10 + [True]


def test_a_token_of_somebody_switched_off_reads_nothing(client: Client, owner: User) -> None:
    headers = {"Authorization": f"Bearer {issue_token(owner, 'report', reason=REASON, now=timezone.now())}"}
    assert client.get("/leads", headers=headers).status_code == 200
    call_command("switchuser", "off", email=owner.email, reason=REASON)
    assert client.get("/leads", headers=headers).status_code == 401


def test_a_session_ends_after_an_hour_without_use(client: Client, owner: User) -> None:
    now = timezone.now()
    sign_in(client, owner)
    for minutes in (50, 100, 150):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=211)):
        page = client.get(PAGE, follow=True)
    assert "You were signed out after 60 minutes without use." in page.text


def test_a_session_ends_after_twelve_hours_of_use(client: Client, owner: User) -> None:
    now = timezone.now()
    sign_in(client, owner)
    for quarters in range(1, 48):
        with time_machine.travel(now + timedelta(minutes=15 * quarters)):
            assert is_in(client)
    with time_machine.travel(now + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


def test_the_limits_are_settings(client: Client, owner: User, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    sign_in(client, owner)
    is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert not is_in(client)


def test_a_session_is_written_once_a_minute_at_most(client: Client, owner: User) -> None:
    now = timezone.now()
    sign_in(client, owner)
    is_in(client)

    def writes(at: int) -> int:
        with time_machine.travel(now + timedelta(seconds=at)), CaptureQueriesContext(connection) as queries:
            is_in(client)
        return sum("UPDATE" in query["sql"] for query in queries)

    assert [writes(at) for at in (70, 75, 100, 128, 140)] == [1, 0, 0, 0, 1]
