"""An operator's way through the workspace, in a real browser under the real content security policy."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from tests.senders import Sender, certificate
from tests.situations import PASSWORD, let_one_pass, take_in

CHROMIUM = "/usr/bin/chromium"
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@contextmanager
def browsing(server: LiveServer, *, javascript: bool = True, width: int = 1280) -> Iterator[Page]:
    """A page of a new browser. At the end, whatever it complained of on the way fails the test.

    Nothing in it may use the database: Playwright runs an event loop in this thread.
    """
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = chromium.new_page(
            base_url=server.url, java_script_enabled=javascript, viewport={"width": width, "height": 844}
        )
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        chromium.close()
    assert complaints == []


def sign_in(page: Page, email: str) -> None:
    """Through the console's form, on the way to the list."""
    page.goto("/workspace/leads/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/workspace/leads/")


@pytest.fixture
def email(transactional_db: None, business: Business, owner: User, sender: Sender, sandbox: str) -> str:
    """Of an owner who decides alone, and whose business has one held lead and one accepted."""
    let_one_pass(business)
    take_in(sender, firstName="Held", trustedFormUrl=certificate("mismatch"))
    take_in(sender, firstName="Taken", phone="+15125550199")
    return owner.email


def test_an_operator_finds_a_held_lead_and_releases_it(live_server: LiveServer, email: str) -> None:
    with browsing(live_server) as page:
        sign_in(page, email)
        expect(page.locator("tbody tr")).to_have_count(2)
        page.evaluate("window.sameDocument = true")
        page.get_by_label("Status").select_option("audit")
        page.wait_for_url(lambda url: url.endswith("/workspace/leads/?status=audit"))
        expect(page.locator("tbody tr")).to_have_count(1)
        assert page.evaluate("window.sameDocument")
        page.get_by_role("link", name="Held Example").click()
        expect(page.locator(".answer")).to_have_text("Not yet")
        page.get_by_label("Reason").fill("Called, and it is her.")
        page.get_by_role("button", name="Release").click()
        expect(page.get_by_role("status")).to_have_text("Released. The lead may be contacted now.")
        expect(page.locator(".answer")).to_have_text("Yes")


def test_a_search_by_phone_works_on_a_small_screen(live_server: LiveServer, email: str) -> None:
    with browsing(live_server, width=390) as page:
        sign_in(page, email)
        page.get_by_label("Search").fill("(512) 555-0199")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.get_by_role("link", name="Taken Example").click()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_everything_works_without_javascript(live_server: LiveServer, email: str) -> None:
    with browsing(live_server, javascript=False) as page:
        sign_in(page, email)
        page.get_by_label("Status").select_option("audit")
        page.get_by_role("button", name="Apply").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("link", name="Held Example").click()
        page.get_by_label("Reason").fill("Not her number.")
        page.get_by_role("button", name="Refuse for good").click()
        expect(page.locator(".answer")).to_have_text("No")
