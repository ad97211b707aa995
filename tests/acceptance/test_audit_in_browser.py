"""The audit queue in Chromium, from the keyboard: one person asks, another confirms, and the next lead
follows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.models import Lead
from tests.browsers import browsing
from tests.senders import certificate
from tests.situations import PASSWORD, MemberFactory, SenderFactory, take_in

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])


@pytest.fixture
def held(transactional_db: None, business: Business, sandbox: str) -> list[Lead]:
    sender = SenderFactory.create(business=business)
    names = ("Ada", "Grace", "Edith")
    return [
        take_in(
            sender,
            firstName=name,
            phone=f"+1512555010{number}",
            trustedFormUrl=certificate("mismatch"),
        )
        for number, name in enumerate(names)
    ]


@contextmanager
def queue_of(server: LiveServer, user: User, scheme: str, width: int) -> Iterator[Page]:
    with browsing(server, width=width, scheme=scheme) as page:
        page.goto("/console/leads/lead/audit/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Audit queue")
        # Before it is loaded a page listens to no keys.
        page.wait_for_load_state()
        yield page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@SCREENS
def test_two_people_release_a_lead_from_the_keyboard(
    live_server: LiveServer, business: Business, held: list[Lead], scheme: str, width: int
) -> None:
    first, second = (MemberFactory.create(business=business, role=role) for role in (Role.OWNER, Role.ADMIN))
    with queue_of(live_server, first, scheme, width) as page:
        assert fits(page)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Ada Example")
        page.wait_for_load_state()
        assert fits(page)
        page.keyboard.press("r")
        page.keyboard.type("She called us herself.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("h1")).to_contain_text("Grace Example")
        page.wait_for_load_state()
        page.keyboard.press("x")
        page.keyboard.type("Somebody else's form.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("h1")).to_contain_text("Edith Example")
        page.wait_for_load_state()
        page.keyboard.press("u")
        expect(page.locator("h1")).to_have_text("Audit queue")
    with queue_of(live_server, second, scheme, width) as page:
        page.get_by_role("link", name="For a second person").click()
        page.wait_for_url("**/audit/?*")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#decision")).to_contain_text("She called us herself.")
        page.wait_for_load_state()
        page.keyboard.press("c")
        page.keyboard.type("I heard the recording.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".message")).to_contain_text("Confirmed and released")
    assert [Lead.objects.get(pk=lead.pk).status for lead in held] == ["accepted", "refused", "audit"]
    assert held[0].overrides.get().settled_by == second.public_id


def test_one_click_chooses_all_on_the_page(
    live_server: LiveServer, business: Business, held: list[Lead]
) -> None:
    owner = MemberFactory.create(business=business, role=Role.OWNER)
    with queue_of(live_server, owner, "light", 1280) as page:
        page.get_by_label("All on this page").check()
        page.get_by_role("button", name="Refuse the chosen …").click()
        expect(page.locator("main")).to_contain_text(f"{len(held)} held leads become refused")
