"""The life of an approval as compliance staff walk it, in Chromium, mostly from the keyboard."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from sources.approval import draft_terms, submit_terms
from sources.models import Source
from tests.browsers import browsing
from tests.situations import PASSWORD, REASON, MemberFactory, SenderFactory

EXAMPLE = {"firstName": "Jordan", "phone": "+15125550123", "state": "FL", "trusted_form": "x"}
WORDING = "You agree that Sample Insurance may call you about quotes."

pytestmark = pytest.mark.django_db(transaction=True)


def submitted(source: Source, by: User, **fields: object) -> None:
    now = timezone.now()
    terms = draft_terms(source, fields, by=by.public_id, now=now)
    submit_terms(terms, by=by.public_id, reason=REASON, now=now)


@pytest.fixture
def asker(transactional_db: None, business: Business) -> User:
    return MemberFactory.create(business=business, role=Role.ADMIN)


@pytest.fixture
def reviewer(transactional_db: None, business: Business) -> User:
    return MemberFactory.create(business=business, role=Role.OWNER)


@pytest.fixture
def comparison(asker: User, business: Business) -> Source:
    """Approved for two states; a third and other words wait for a review."""
    terms = {"states": ["TX", "OK"], "consent_wording": WORDING, "trustedform_required": True}
    source = SenderFactory.create(business=business, name="Comparison site", terms=terms).source
    wording = WORDING.replace("call", "call and text")
    example = json.dumps(EXAMPLE)
    submitted(source, asker, states=["TX", "OK", "FL"], consent_wording=wording, example_payload=example)
    return source


@pytest.fixture
def second(asker: User, business: Business) -> Source:
    source = SenderFactory.create(business=business, name="Quote form").source
    submitted(source, asker, states=["TX"])
    return source


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["wide", "narrow and dark"])
def page(
    live_server: LiveServer,
    reviewer: User,
    comparison: Source,
    second: Source,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """Signed in as the reviewer, at the queue."""
    scheme, width = request.param
    with browsing(live_server, width=width, scheme=scheme) as page:
        page.goto("/console/sources/terms/review/")
        page.get_by_label("Email").fill(reviewer.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Review queue")
        # Before it is loaded a page listens to no keys.
        page.wait_for_load_state()
        yield page


def look_at(page: Page, source: str) -> None:
    """From the queue, until the page listens to keys."""
    page.get_by_role("link", name=source).click()
    page.wait_for_url("**/terms/*/review/")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_queue_is_walked_and_decided_from_the_keyboard(page: Page) -> None:
    assert fits(page)
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    for key in ("j", "j", "ArrowDown", "k", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("h1")).to_contain_text("Comparison site, terms 2")
    page.wait_for_load_state()
    assert fits(page)
    page.keyboard.press("j")
    expect(page.locator("h1")).to_contain_text("Quote form, terms 2")
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.locator("h1")).to_contain_text("Comparison site, terms 2")
    page.wait_for_load_state()
    page.keyboard.press("c")
    page.keyboard.type("Name the partner, and mend the example.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("went back with what must change")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_a_review_shows_words_findings_and_what_is_missing(page: Page) -> None:
    page.get_by_role("link", name="Comparison site").click()
    difference = page.locator("#difference")
    expect(difference.locator("ins")).to_have_text(["FL", "and text "])
    expect(difference).to_contain_text("States: FL would be added.")
    example = page.locator("#example")
    expect(example).to_contain_text("Refused")
    expect(example).to_contain_text("Rename “trusted_form” to “trustedFormUrl”.")
    expect(page.locator("#checklist")).to_contain_text("Not seen yet: TX, OK, FL.")
    expect(page.locator("#earlier")).to_contain_text("Approved")


def test_an_approval_with_an_end_and_conditions_is_told_on_the_source(page: Page) -> None:
    look_at(page, "Comparison site")
    page.keyboard.press("a")
    page.keyboard.type("Read.")
    page.get_by_label("Conditions").fill("Florida by phone only.")
    day = timezone.now().date() + timedelta(days=10)
    page.get_by_label("Approved until").fill(day.isoformat())
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("terms 2 are in force.")).to_be_visible()
    page.get_by_role("link", name="Sources", exact=True).click()
    page.get_by_role("link", name="Comparison site").click()
    expect(page.locator("main")).to_contain_text("The approval ends on")
    expect(page.locator("main")).to_contain_text("Conditions: Florida by phone only.")
    assert fits(page)


def test_conditions_are_asked_for_only_with_an_approval(page: Page) -> None:
    look_at(page, "Comparison site")
    expect(page.get_by_label("Conditions")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label("Conditions")).to_be_hidden()


def test_several_are_approved_after_a_look_at_each(page: Page) -> None:
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.get_by_role("button", name="Approve the chosen").click()
    expect(page.locator("section.panel h2")).to_have_count(2)
    assert fits(page)
    page.get_by_label("Reason").fill("All read.")
    page.get_by_role("button", name="Approve (2)").click()
    expect(page.locator("main")).to_contain_text("2 of 2 decided")
    expect(page.locator("main")).to_contain_text("Nothing waits for a decision")


def test_a_draft_that_narrows_is_applied_and_one_that_widens_is_not(page: Page, second: Source) -> None:
    look_at(page, "Quote form")
    page.keyboard.press("a")
    page.keyboard.type("Read.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("terms 2 are in force.")).to_be_visible()
    page.goto(f"/console/sources/source/{second.pk}/draft/")
    page.get_by_label("States", exact=True).fill("TX\nFL")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("States: FL would be added.")
    page.get_by_label("States", exact=True).fill("TX")
    page.get_by_label("Products").fill("Final expense")
    page.get_by_role("button", name="Save draft").click()
    assert fits(page)
    page.get_by_role("link", name="Apply now").click()
    page.get_by_label("Reason").fill("Only this product from now on.")
    page.get_by_role("button", name="Apply now").click()
    expect(page.locator("main")).to_contain_text("Terms 3 are in force.")


def test_a_source_is_deleted_and_restored(page: Page, comparison: Source) -> None:
    page.goto(f"/console/sources/source/{comparison.pk}/change/")
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Reason").fill("Contract ended.")
    page.get_by_role("button", name="Delete source").click()
    expect(page.locator("h1")).to_contain_text("Comparison site (Deleted)")
    assert fits(page)
    page.get_by_role("link", name="Restore").click()
    page.get_by_label("Reason").fill("They came back.")
    page.get_by_role("button", name="Restore source").click()
    expect(page.locator("main")).to_contain_text("Issue a key before it sends again.")
    page.get_by_role("link", name="Issue a key").click()
    page.get_by_label("Reason").fill("They send again.")
    page.get_by_role("button", name="Issue key").click()
    expect(page.locator("h1")).to_contain_text("Keys of Comparison site")


def test_the_checklist_leads_through_what_is_missing(page: Page, comparison: Source) -> None:
    page.goto(f"/console/sources/source/{comparison.pk}/launch/")
    assert fits(page)
    page.get_by_role("link", name="Set them.").click()
    page.get_by_label("Tags").fill("medicare")
    page.get_by_label("Monday").check()
    page.get_by_label("Reason").fill("What the contract says.")
    page.get_by_role("button", name="Save settings").click()
    page.get_by_role("link", name="What is missing").click()
    page.get_by_role("link", name="Confirm it.").click()
    page.get_by_label("What is ready").fill("The welcome call; Robin looked at it.")
    page.get_by_role("button", name="Yes, it is ready").click()
    expect(page.locator("#tags")).to_contain_text("Each lead gets: medicare.")
    expect(page.locator("#outreach")).to_contain_text("Confirmed on")


def test_the_review_works_without_any_script(
    live_server: LiveServer, reviewer: User, comparison: Source
) -> None:
    with browsing(live_server, javascript=False) as page:
        page.goto("/console/sources/terms/review/")
        page.get_by_label("Email").fill(reviewer.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Comparison site").click()
        page.get_by_label("Refuse").check()
        page.get_by_label("Reason").fill("Not with this partner.")
        page.get_by_role("button", name="Decide").click()
        expect(page.locator("main")).to_contain_text("are refused")
