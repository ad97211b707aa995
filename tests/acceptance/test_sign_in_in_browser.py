"""Signing in with a second factor, in a real browser: an authenticator app, and a security key."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.invitations import invite
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from tests.browsers import browsing
from tests.situations import BY, PASSWORD, REASON

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page, email: str) -> None:
    page.goto("/console/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/console/logout/")


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(page: Page) -> str:
    """The secret."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code.secret").inner_text()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    return secret


def test_an_app_is_set_up_where_it_is_required_and_then_asked_for(
    live_server: LiveServer, owner: User, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    email = owner.email
    with browsing(live_server) as page:
        sign_in(page, email)
        expect(page.get_by_text("asks everybody for a second factor")).to_be_visible()
        secret = set_up_app(page)
        codes = page.locator("#codes").inner_text().split()
        assert len(codes) == 10
        page.get_by_role("link", name="I have kept them").click()
        page.wait_for_url("**/workspace/leads/")
        page.goto("/console/")
        sign_out(page)
        sign_in(page, email)
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/console/")
        sign_out(page)
        sign_in(page, email)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/console/")


def give_security_key(page: Page) -> None:
    """One that is touched as soon as it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_security_key_is_added_and_then_asked_for(live_server: LiveServer, owner: User) -> None:
    email = owner.email
    with browsing(live_server) as page:
        give_security_key(page)
        sign_in(page, email)
        page.goto("/account/second-factor/")
        page.get_by_role("link", name="Add a security key").click()
        page.get_by_label("Name").fill("Blue key")
        page.get_by_role("button", name="Add the key").click()
        expect(page.locator("#codes")).to_be_visible()
        page.goto("/account/second-factor/")
        expect(page.get_by_text("Blue key")).to_be_visible()
        sign_out(page)
        sign_in(page, email)
        page.get_by_role("button", name="Use a security key").click()
        page.wait_for_url("**/console/")


def test_without_a_key_the_page_says_so(live_server: LiveServer, owner: User) -> None:
    email = owner.email
    with browsing(live_server) as page:
        sign_in(page, email)
        page.goto(live_server.url.replace("localhost", "127.0.0.1"))
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/account/second-factor/key/add/")
        page.get_by_role("button", name="Add the key").click()
        expect(page.locator("[data-key-failed]")).to_be_visible()


def test_an_invited_person_joins_and_sees_the_console(live_server: LiveServer, business: Business) -> None:
    _, secret = invite(
        business, "robin@example.com", Role.COMPLIANCE, by=BY, reason=REASON, now=timezone.now()
    )
    with browsing(live_server, width=390) as page:
        page.goto(f"/account/invitation/?secret={secret}")
        page.get_by_label("Name").fill("Robin Example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("Join")).click()
        page.wait_for_url("**/console/")
        expect(page.get_by_text("robin@example.com")).to_be_visible()
