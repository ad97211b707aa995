"""A file of leads from its upload to its undo, as a person does it in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from tests.browsers import browsing
from tests.importing import as_csv, people, person, worker_at_work
from tests.situations import PASSWORD, MemberFactory, SenderFactory

ROWS = [*people(4), person(5, State="Nowhere"), [*person(6), "too", "many"], person(7)]


@pytest.fixture
def admin(transactional_db: None, business: Business) -> User:
    SenderFactory.create(business=business, name="Quote form", waived=True)
    return MemberFactory.create(business=business, role=Role.ADMIN)


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["wide", "narrow and dark"])
def page(live_server: LiveServer, admin: User, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Signed in as an admin, at the list of imports."""
    scheme, width = request.param
    with worker_at_work(), browsing(live_server, width=width, scheme=scheme) as page:
        page.goto("/console/leads/import/")
        page.get_by_label("Email").fill(admin.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Imports")
        yield page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def upload(page: Page, sent: bytes) -> None:
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("Source").select_option(label="Quote form")
    page.get_by_label("CSV file").set_input_files(
        {"name": "June leads.csv", "mimeType": "text/csv", "buffer": sent}
    )
    page.get_by_role("button", name="Upload").click()


def test_from_the_file_to_the_leads_and_back(page: Page) -> None:
    upload(page, as_csv(ROWS))
    expect(page.locator("h1")).to_have_text("Which column holds what")
    expect(page.get_by_label("Phone Number")).to_have_value("phone")
    expect(page.get_by_label("Colour")).to_have_value("+")
    expect(page.locator("main")).to_contain_text("There is no such state.")
    assert fits(page)

    page.get_by_label("Colour").select_option("phone")
    page.get_by_role("button", name="Show what intake makes of it").click()
    expect(page.locator("main")).to_contain_text("“Phone Number” and “Colour” both lead to phone")
    page.get_by_label("Colour").select_option("")
    page.get_by_role("button", name="Save and check the whole file").click()
    expect(page.locator("main")).to_contain_text("What would become of the rows", timeout=15_000)
    expect(page.locator("tr", has_text="Accepted")).to_contain_text("5")
    expect(page.locator("tr", has_text="Refused")).to_contain_text("2")
    assert fits(page)

    page.get_by_role("link", name="Row by row").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("text, 7 characters")
    assert "Nowhere" not in page.locator("main").inner_text()
    assert fits(page)
    page.get_by_role("link", name="June leads.csv").click()

    page.get_by_role("link", name="Import …").click()
    expect(page.locator("main")).to_contain_text("5 rows are accepted")
    page.get_by_label("Reason").fill("The fair in Austin.")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("What became of the rows", timeout=15_000)
    expect(page.locator("h1")).to_contain_text("Imported")
    assert fits(page)
    page.get_by_role("link", name="Leads", exact=True).last.click()
    expect(page.locator("#result_list tbody tr")).to_have_count(5)

    page.go_back()
    page.get_by_role("link", name="Undo …").click()
    expect(page.locator("main")).to_contain_text("5 leads, now accepted, become withdrawn.")
    page.get_by_label("Reason").fill("The wrong file.")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator("main")).to_contain_text("5 leads were withdrawn.", timeout=15_000)
    expect(page.locator("h1")).to_contain_text("Undone")
    assert fits(page)


def test_a_file_that_cannot_be_read_says_so_where_it_was_chosen(page: Page) -> None:
    upload(page, "Name,City\nJosé,X\n".encode("latin-1"))
    expect(page.locator("main")).to_contain_text("Row 2 is not UTF-8")
    assert fits(page)
