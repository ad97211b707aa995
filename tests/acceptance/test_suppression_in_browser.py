"""The suppression list as a person works with it, in Chromium, and an opt-out's way through the HTTP door."""

import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from tests.browsers import browsing
from tests.importing import as_csv
from tests.readers import Reader
from tests.senders import Sender
from tests.situations import PASSWORD, MemberFactory, SenderFactory, take_in
from tests.suppressing import list_worker_at_work

PHONE = "+15125550123"


@pytest.fixture
def sender(transactional_db: None, business: Business) -> Sender:
    return SenderFactory.create(business=business, waived=True)


@pytest.fixture
def admin(sender: Sender, business: Business) -> User:
    take_in(sender, firstName="Jordan", lastName="Doe", phone=PHONE, trustedFormUrl=None)
    return MemberFactory.create(business=business, role=Role.ADMIN)


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["wide", "narrow and dark"])
def page(live_server: LiveServer, admin: User, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Signed in as an admin, at the empty list."""
    scheme, width = request.param
    with list_worker_at_work(), browsing(live_server, width=width, scheme=scheme) as page:
        page.goto("/console/compliance/suppression/")
        page.get_by_label("Email").fill(admin.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Suppression list")
        yield page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_contact_is_suppressed_seen_and_released(page: Page) -> None:
    expect(page.locator("main")).to_contain_text("Nobody is on the list yet")
    page.get_by_role("link", name="Suppress a contact").click()
    page.get_by_label("Phone or email").fill("nobody")
    page.get_by_role("button", name="Do not contact any more").click()
    expect(page.locator("main")).to_contain_text("neither a phone number nor an email address")
    page.get_by_label("Phone or email").fill("(512) 555-0123")
    page.get_by_label("Note").fill("Asked by phone.")
    assert fits(page)
    page.get_by_role("button", name="Do not contact any more").click()
    expect(page.locator("main")).to_contain_text("is not contacted any more")
    assert fits(page)

    page.goto("/workspace/leads/")
    expect(page.locator("tbody")).to_contain_text("Do not contact")
    page.get_by_role("link", name="Jordan Doe").click()
    expect(page.locator(".bans")).to_contain_text("Asked by phone.")
    assert fits(page)
    page.get_by_role("link", name="The entry").click()
    page.get_by_role("link", name="Release …").click()
    page.get_by_label("Reason").fill("A new consent.")
    page.get_by_role("button", name="Release").click()
    expect(page.locator("main")).to_contain_text("A new consent.")
    assert fits(page)
    page.go_back()
    page.goto("/workspace/leads/")
    expect(page.locator("tbody")).not_to_contain_text("Do not contact")


def test_a_file_goes_from_its_upload_to_the_list(page: Page) -> None:
    rows = [["512-555-0001"], ["512 555 0002"], ["512-555-0001"], ["12"]]
    page.get_by_role("link", name="Imported lists").click()
    expect(page.locator("main")).to_contain_text("No list was imported yet")
    page.get_by_role("link", name="Import a list").click()
    file = {"name": "old list.csv", "mimeType": "text/csv", "buffer": as_csv(rows, ["Mobile"])}
    page.get_by_label("CSV file").set_input_files([file])
    assert fits(page)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("Mobile")).to_have_value("phone")
    assert fits(page)
    page.get_by_role("button", name="Check the whole file").click()
    expect(page.locator("main")).to_contain_text("What would become of it", timeout=30_000)
    expect(page.locator("main")).to_contain_text("The same phone stands above.")
    assert fits(page)
    page.get_by_role("link", name="Suppress them …").click()
    expect(page.locator("main")).to_contain_text("2 contacts are put on the list")
    page.get_by_label("Reason").fill("We moved from the old system.")
    page.get_by_role("button", name="Suppress them").click()
    expect(page.locator("main")).to_contain_text("What became of it", timeout=30_000)
    imported = page.url
    page.goto("/console/compliance/suppression/?q=5125550002")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert fits(page)

    page.goto(imported)
    page.get_by_role("link", name="Undo …").click()
    expect(page.locator("main")).to_contain_text("2 contacts that this list added are released")
    assert fits(page)
    page.get_by_label("Reason").fill("It was somebody else's list.")
    page.get_by_role("button", name="Release them").click()
    expect(page.locator("main")).to_contain_text("Released again", timeout=30_000)
    expect(page.locator("main")).to_contain_text("It was somebody else's list.")
    assert fits(page)


def test_an_opt_out_that_a_program_posts_holds_the_next_lead(
    live_server: LiveServer, sender: Sender, owner: User
) -> None:
    token = Reader(owner).token

    def send(path: str, body: dict[str, str], headers: dict[str, str]) -> dict[str, object]:
        request = Request(f"{live_server.url}{path}", json.dumps(body).encode(), headers)
        request.add_header("Content-Type", "application/json")
        with urlopen(request) as answer:
            told: dict[str, object] = json.load(answer)
        return told

    said = {"text": "Please stop calling me!", "heardBy": "call", "phone": PHONE}
    heard = send("/opt-outs", said, {"Authorization": f"Bearer {token}"})
    assert heard["closes"] == ["call"]
    lead = {"firstName": "Jordan", "phone": "512-555-0123", "state": "TX"}
    assert send("/leads/intake", lead, sender.credentials)["status"] == "audit"
