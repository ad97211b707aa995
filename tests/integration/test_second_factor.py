"""The second factor: set up, asked for, required, lost."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, format_hotp_value, hotp_value
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.accounts.tokens import issue_token
from leadping.models import Event
from tests.races import at_once
from tests.situations import PASSWORD, REASON, MemberFactory, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE_PAGE = "/account/second-factor/authenticate/"
PAGE = "/workspace/leads/"


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def guarded(owner: User) -> User:
    """An owner with an authenticator app."""
    TOTP.activate(owner, SECRET)
    return owner


def first_step(client: Client, user: User) -> None:
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, CODE_PAGE)


def enter(client: Client, code: str) -> bool:
    """Whether the code signs in."""
    client.post(CODE_PAGE, {"code": code})
    return "_auth_user_id" in client.session


def test_the_password_alone_opens_nothing(client: Client, guarded: User) -> None:
    first_step(client, guarded)
    assert client.get(PAGE).status_code == 302
    assert client.get("/leads").status_code == 401


def test_password_and_code_sign_in(client: Client, guarded: User) -> None:
    first_step(client, guarded)
    assert enter(client, code_of(SECRET))


def test_a_wrong_code_does_not(client: Client, guarded: User) -> None:
    first_step(client, guarded)
    assert not enter(client, "000000" if code_of(SECRET) != "000000" else "000001")
    assert "not right" in client.post(CODE_PAGE, {"code": "12"}).text


def test_a_code_is_good_once(guarded: User) -> None:
    code, first, second = code_of(SECRET), Client(), Client()
    first_step(first, guarded)
    first_step(second, guarded)
    assert (enter(first, code), enter(second, f" {code[:3]} {code[3:]}")) == (True, False)


def test_a_recovery_code_stands_in_once(guarded: User) -> None:
    code = RecoveryCodes.activate(guarded).get_unused_codes()[0]
    first, second = Client(), Client()
    first_step(first, guarded)
    first_step(second, guarded)
    assert (enter(first, code), enter(second, code)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_of_many_codes_at_once_ten_are_compared(business: Business) -> None:
    user = MemberFactory.create(business=business)
    TOTP.activate(user, SECRET)
    clients = [Client() for _ in range(4)]
    for client in clients:
        first_step(client, user)

    def try_many(number: int) -> list[str]:
        answers = []
        for guess in range(25):
            answers.append(clients[number].post(CODE_PAGE, {"code": f"x{number}{guess}"}).text)
            connection.close()
        return answers

    answers = [answer for answers in at_once(4, try_many) for answer in answers]
    assert sum("This code is not right" in answer for answer in answers) == 10
    assert sum("Too many attempts" in answer for answer in answers) == 90
    assert not enter(clients[0], code_of(SECRET))


def test_nobody_reads_a_secret_from_the_database(guarded: User) -> None:
    RecoveryCodes.activate(guarded)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    seed = Authenticator.objects.get(type="recovery_codes").wrap()
    assert not any(code in stored for code in seed.generate_codes())


def secret_of_page(client: Client) -> str:
    """Of an app that is being set up, as the person reads it."""
    page: Any = client.get(reverse("mfa_activate_totp"))
    return str(page.context["form"].secret)


def test_nobody_reads_the_secret_of_an_app_that_is_being_set_up_from_the_session(
    client: Client, owner: User
) -> None:
    sign_in(client, owner)
    secret = secret_of_page(client)
    assert secret not in str(dict(client.session.items()))
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(type="totp").exists()
    assert SECRET_SESSION_KEY not in client.session


def test_setting_it_up_leaves_events_and_shows_recovery_codes_once(
    client: Client, owner: User, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    sign_in(client, owner)
    code = code_of(secret_of_page(client))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    shown = client.get(answer["Location"]).text
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    assert all(code in shown for code in codes)
    again = client.get(answer["Location"]).text
    assert not any(code in again for code in codes)
    told = Event.objects.filter(subject=owner.public_id, kind__startswith="user.").order_by("id")
    assert list(told.values_list("kind", "data"))[2:] == [
        ("user.second_factor_added", {"factor": "authenticator app"}),
        ("user.recovery_codes_made", {}),
    ]


def test_who_signed_in_a_while_ago_is_asked_before_changing_it(client: Client, owner: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        sign_in(client, owner)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_a_code_confirms_who_is_there(client: Client, guarded: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        first_step(client, guarded)
        assert enter(client, code_of(SECRET))
    page = reverse("console:accounts_usertoken_add")
    assert client.get(page).status_code == 302
    client.post(reverse("mfa_reauthenticate"), {"code": code_of(SECRET), "next": page})
    assert client.get(page).status_code == 200


def test_whoever_lacks_a_required_factor_can_only_set_one_up(
    client: Client, owner: User, settings: Settings
) -> None:
    sign_in(client, owner)
    settings.REQUIRE_SECOND_FACTOR = True
    for page in (PAGE, "/console/", "/leads", "/docs"):
        assert client.get(page)["Location"] == reverse("mfa_index")
    assert "asks everybody for a second factor" in client.get(reverse("mfa_index")).text
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    TOTP.activate(owner, SECRET)
    assert client.get(PAGE).status_code == 200


def test_a_token_is_no_way_around_a_required_factor(client: Client, owner: User, settings: Settings) -> None:
    headers = {"Authorization": f"Bearer {issue_token(owner, 'report', reason=REASON, now=timezone.now())}"}
    settings.REQUIRE_SECOND_FACTOR = True
    assert client.get("/leads", headers=headers).status_code == 401
    TOTP.activate(owner, SECRET)
    assert client.get("/leads", headers=headers).status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_the_last_factor_stays_where_one_is_required(
    client: Client, guarded: User, settings: Settings, required: bool
) -> None:
    first_step(client, guarded)
    enter(client, code_of(SECRET))
    settings.REQUIRE_SECOND_FACTOR = required
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.exists() is required


@pytest.fixture
def lost(business: Business) -> User:
    """A member who lost their phone."""
    user = MemberFactory.create(business=business, role=Role.COMPLIANCE)
    TOTP.activate(user, SECRET)
    return user


def reset(client: Client, user: User) -> int:
    page = reverse("console:accounts_user_reset_second_factor", args=[user.pk])
    return client.post(page, {"reason": REASON}).status_code


def test_an_owner_resets_a_lost_factor(client: Client, owner: User, lost: User) -> None:
    theirs = Client()
    first_step(theirs, lost)
    assert enter(theirs, code_of(SECRET))
    sign_in(client, owner)
    assert reset(client, lost) == 302
    assert theirs.get(PAGE).status_code == 302
    sign_in(theirs, lost)
    told = Event.objects.get(kind="user.second_factor_reset")
    assert (told.subject, told.actor, told.reason) == (lost.public_id, owner.public_id, REASON)


def test_whoever_waits_for_the_reset_signs_in_right_after_it(lost: User) -> None:
    theirs = Client()
    first_step(theirs, lost)
    call_command("resetsecondfactor", email=lost.email, reason=REASON)
    assert theirs.get(CODE_PAGE, follow=True).status_code == 200
    sign_in(theirs, lost)


def test_an_owner_of_one_business_does_not_reset_who_belongs_to_another(
    client: Client, owner: User, lost: User, other_business: Business
) -> None:
    MemberFactory.create(business=other_business, email=lost.email)
    sign_in(client, owner)
    assert reset(client, lost) == 403
    assert Authenticator.objects.filter(user=lost).exists()


def test_whoever_runs_the_installation_can_reset_anybody(lost: User) -> None:
    call_command("resetsecondfactor", email=lost.email, reason=REASON)
    sign_in(Client(), lost)
