"""Somebody asks to be erased: looked for, held up by a legal hold, released and erased, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import User
from tests.browsers import browsing
from tests.erasing import marked
from tests.senders import Sender, certificate
from tests.situations import PASSWORD, take_in


@pytest.fixture
def email(transactional_db: None, owner: User, sender: Sender, sandbox: str) -> str:
    """Of an owner whose business has an accepted lead of the person, a refused request, and somebody else."""
    take_in(sender, **marked())
    sender.post(marked(trustedFormUrl=None))
    take_in(sender, firstName="Other", phone="+15125550199", trustedFormUrl=certificate())
    return owner.email


def sign_in(page: Page, email: str) -> None:
    page.goto("/console/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/console/")


def look_for_them(page: Page) -> None:
    page.get_by_role("link", name="Erasures").click()
    page.get_by_role("link", name="Erase a person").click()
    page.get_by_label("Phone").fill("512-555-0177")
    page.get_by_role("button", name="Look for them").click()


def test_a_person_is_erased_once_no_hold_keeps_them(live_server: LiveServer, email: str) -> None:
    with browsing(live_server) as page:
        sign_in(page, email)
        page.get_by_role("link", name="Legal holds").click()
        page.get_by_role("link", name="Place a legal hold").click()
        page.get_by_label("Phone").fill("(512) 555-0177")
        page.get_by_label("Reason").fill("Example v. Example")
        page.get_by_role("button", name="Place the hold").click()
        look_for_them(page)
        expect(page.get_by_text("A legal hold keeps it")).to_be_visible()
        page.get_by_role("link", name="Legal holds").click()
        page.get_by_role("link", name="Hold on +15125550177").click()
        page.get_by_role("link", name="Release").click()
        page.get_by_label("Reason").fill("Settled.")
        page.get_by_role("button", name="Release").click()
        look_for_them(page)
        expect(page.get_by_text("1 lead, 2 requests")).to_be_visible()
        page.get_by_label("Reason").fill("Ticket 12.")
        page.get_by_role("button", name="Erase for good").click()
        expect(page.get_by_text("Ticket 12.")).to_be_visible()
        page.goto("/workspace/leads/")
        expect(page.get_by_text("Erased person")).to_be_visible()
        expect(page.get_by_text("Other Example")).to_be_visible()


def test_a_shorter_period_is_seen_before_it_is_kept(live_server: LiveServer, email: str) -> None:
    with browsing(live_server) as page:
        sign_in(page, email)
        page.get_by_role("link", name="Retention").click()
        page.get_by_role("link", name="Change Addresses that requests came from").click()
        page.get_by_label("Keep for so many days").fill("30")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Nothing is older than that now.")).to_be_visible()
        page.get_by_label("Reason").fill("By our policy.")
        page.get_by_role("button", name="Keep it so").click()
        expect(
            page.get_by_role("row", name="Addresses that requests came from").get_by_text("30 days")
        ).to_be_visible()
