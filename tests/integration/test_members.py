"""The page of a member offers what its verb allows, to whoever is surely there."""

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Membership, User
from leadping.accounts.roles import Role
from tests.situations import sign_in

Member = Callable[[Role], User]


def page_of(user: User) -> str:
    return reverse("console:accounts_membership_change", args=[Membership.objects.get(user=user).pk])


def offered(client: Client, user: User) -> list[str]:
    return re.findall(r'<option value="(\w+)"', client.get(page_of(user)).text)


def test_an_owner_may_give_every_role(client: Client, owner: User, member: Member) -> None:
    sign_in(client, owner)
    assert offered(client, member(Role.VIEWER)) == Role.values


def test_an_admin_is_offered_no_role_beyond_their_own(client: Client, member: Member) -> None:
    sign_in(client, member(Role.ADMIN))
    assert offered(client, member(Role.VIEWER)) == ["admin", "operator", "viewer"]
    assert offered(client, member(Role.COMPLIANCE)) == ["admin", "compliance", "operator", "viewer"]


def test_nobody_is_offered_another_role_for_themselves(client: Client, member: Member) -> None:
    admin = member(Role.ADMIN)
    sign_in(client, admin)
    assert offered(client, admin) == ["admin"]


def test_who_signed_in_a_while_ago_is_asked_before_changing_a_role(
    client: Client, owner: User, member: Member
) -> None:
    user = member(Role.VIEWER)
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        sign_in(client, owner)
    answer = client.post(page_of(user), {"role": "operator", "reason": "She asked."})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert Membership.objects.get(user=user).role == Role.VIEWER
