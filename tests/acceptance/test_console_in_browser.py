"""The console as a person uses it, in Chromium."""

import json
import shutil
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from tests.situations import PASSWORD, AccountFactory, MemberFactory

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def owner(transactional_db: None, business: Business) -> User:
    AccountFactory.create(business=business, name="Main desk")
    return MemberFactory.create(business=business)


@pytest.fixture
def reviewer(owner: User, business: Business) -> User:
    return MemberFactory.create(business=business, role=Role.COMPLIANCE)


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["wide", "narrow and dark"])
def page(owner: User, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Fails the test when a page says anything on the browser's console, violations of the CSP included."""
    scheme, width = request.param
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(f"{message.text} ({message.page.url if message.page else ''})")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        browser.close()
    assert said == []


LEAD = {"firstName": "Jordan", "phone": "+15125550123", "state": "TX"}


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def post_lead(address: str, source_id: str, api_key: str) -> str:
    """The id of the submission that a post leaves."""
    request = Request(
        f"{address}/leads/intake",
        json.dumps(LEAD).encode(),
        {
            "Content-Type": "application/json",
            "X-Leadping-Source-Id": source_id,
            "X-Leadping-Source-Key": api_key,
        },
    )
    with urlopen(request) as response:
        return json.load(response)["submissionId"]


def sign_in_as(page: Page, server: LiveServer, user: User) -> None:
    """In place of whoever was signed in before."""
    # What the page still loads is loaded as the one before.
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.goto(f"{server.url}/console/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_signing_in_to_the_first_submission(
    live_server: LiveServer, owner: User, reviewer: User, page: Page
) -> None:
    sign_in_as(page, live_server, owner)
    assert fits(page)

    page.goto(f"{live_server.url}/console/sources/source/")
    page.get_by_role("link", name="Add source").click()
    page.get_by_label("Name").fill("Quote form")
    page.get_by_label("Account").select_option(label="Main desk")
    page.get_by_label("What it is for").fill("The new form of the site.")
    page.get_by_role("button", name="Create source").click()
    source_id, api_key, _ = page.locator("dd code").all_inner_texts()
    assert fits(page)

    page.get_by_role("link", name="Copied, go on").click()
    page.get_by_role("link", name="Draft new terms").click()
    page.get_by_label("States", exact=True).fill("Texas")
    page.get_by_label("TrustedForm required").uncheck()
    page.get_by_label("Exception reason").fill("A form of our own.")
    page.get_by_label("Example payload").fill(json.dumps(LEAD))
    assert fits(page)
    page.get_by_role("button", name="Save draft").click()
    assert "Every rule is content" in page.locator("main").inner_text()
    assert fits(page)
    page.get_by_role("button", name="Save and go on to submit").click()
    page.get_by_label("What changes and why").fill("The form goes live on Monday.")
    page.get_by_role("button", name="Submit for decision").click()
    sign_in_as(page, live_server, reviewer)
    page.get_by_role("link", name="Review queue").click()
    assert fits(page)
    page.get_by_role("link", name="Quote form").click()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Reason").fill("Landing page and consent wording read.")
    assert fits(page)
    page.get_by_role("button", name="Decide").click()
    assert "Nothing waits for a decision" in page.locator("main").inner_text()
    page.goto(f"{live_server.url}/console/sources/source/")
    page.get_by_role("link", name="Quote form").click()
    assert page.locator("h1").inner_text().split() == ["Quote", "form", "Approved"]
    assert fits(page)

    submission_id = post_lead(live_server.url, source_id, api_key)
    page.get_by_role("searchbox").first.fill(submission_id)
    page.keyboard.press("Enter")
    page.get_by_text("Stored body").click()
    assert '"firstName": "Jordan"' in page.locator("details.stored pre").first.inner_text()
    assert fits(page)


LISTS = [
    "sources/source",
    "sources/terms",
    "sources/review",
    "sources/credential",
    "leads/lead",
    "leads/submission",
    "conversations/conversation",
    "compliance/certificate",
    "leadping/event",
    "accounts/membership",
    "accounts/user",
    "accounts/account",
    "accounts/business",
    "accounts/usertoken",
]


def test_every_list_opens_without_a_complaint(live_server: LiveServer, owner: User, page: Page) -> None:
    page.goto(f"{live_server.url}/console/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for path in LISTS:
        page.goto(f"{live_server.url}/console/{path}/")
        assert fits(page)
