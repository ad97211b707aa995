"""A vendor's developer with nothing but the link and a key, in Chromium."""

import json
import os
import subprocess
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leads.models import Lead, Submission
from tests.browsers import browsing
from tests.senders import Sender
from tests.situations import SenderFactory
from tests.vendors import link_to

pytestmark = pytest.mark.django_db(transaction=True)

TERMS = {"states": ["TX", "OK"], "products": ["Final expense"], "trustedform_required": True}
SETTINGS = {"duplicate_rule": "refuse", "cap_per_day": 40, "rate_per_minute": 120}


@pytest.fixture
def vendor() -> Sender:
    made: Sender = SenderFactory.create(name="Comparison site", terms=TERMS, settings=SETTINGS)
    return made


@pytest.fixture
def path(vendor: Sender) -> str:
    return link_to(vendor.source)[1]


def fits(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_from_the_link_to_a_payload_that_passes(
    live_server: LiveServer,
    vendor: Sender,
    path: str,
    sandbox: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    """Copies the first command and runs it, then mends a payload of their own in the form."""
    key = vendor.issued.api_key
    with browsing(live_server, scheme=scheme, width=width) as page:
        page.goto(path)
        expect(page.locator("#status")).to_contain_text("Approved")
        assert fits(page)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("#start").get_by_role("button", name="Copy").click()
        expect(page.locator("#start").get_by_role("button", name="Copied")).to_be_visible()
        command = page.evaluate("navigator.clipboard.readText()")
        ran = subprocess.run(
            ["/bin/sh", "-c", command],
            env={"PATH": os.environ["PATH"], "SOURCE_KEY": key},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(ran.stdout)["dryRun"] is True

        payload = page.get_by_label("The lead, as JSON")
        payload.fill(json.dumps({"firstName": "Jo", "phone": "512", "state": "CA", "trusted_form": "x"}))
        page.get_by_label("Source key").fill(key)
        send(page)
        outcome = page.locator("#outcome")
        expect(outcome).to_contain_text("A real request would be refused")
        for hint in ("too few digits", "CA is not allowed", "A product is required", "Rename “trusted_form”"):
            expect(outcome).to_contain_text(hint)
        assert fits(page)

        mended = {"firstName": "Jo", "phone": "+15125550123", "state": "TX", "product": "final expense"}
        certificate = "https://cert.trustedform.com/valid-posting-instructions"
        payload.fill(json.dumps({**mended, "trustedFormUrl": certificate}))
        page.get_by_label("Full: asks TrustedForm").check()
        # The key is still in its field: nothing left the page but the request.
        send(page)
        expect(outcome).to_contain_text("A real request would be accepted")
        expect(outcome).to_contain_text("TrustedForm verified the certificate")
        assert key not in outcome.inner_text()
        assert key not in str(page.context.cookies())
    assert not Lead.objects.exists()
    assert Submission.objects.filter(dry_run=True).count() == 3


def send(page: Page) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Send the dry run").click()


def test_it_works_without_any_script(live_server: LiveServer, vendor: Sender, path: str) -> None:
    with browsing(live_server, javascript=False) as page:
        page.goto(path)
        page.get_by_role("link", name="the structured one").click()
        page.get_by_label("Source key").fill(vendor.issued.api_key)
        assert page.get_by_label("Structured: POST /leads").is_checked()
        page.get_by_role("button", name="Send the dry run").click()
        expect(page.locator("#outcome")).to_contain_text("A real request would be accepted")
        assert page.get_by_label("Source key").input_value() == ""
        assert vendor.issued.api_key not in page.content()


def test_another_shape_brings_its_own_sample(live_server: LiveServer, path: str) -> None:
    with browsing(live_server) as page:
        page.goto(path)
        payload = page.get_by_label("The lead, as JSON")
        assert "metadata" not in json.loads(payload.input_value())
        page.get_by_label("Structured: POST /leads").check()
        assert "metadata" in json.loads(payload.input_value())
        payload.fill('{"my": "own"}')
        page.get_by_label("Flat: POST /leads/intake").check()
        assert payload.input_value() == '{"my": "own"}'


def test_on_paper_everything_is_there_but_what_cannot_be_used(live_server: LiveServer, path: str) -> None:
    with browsing(live_server) as page:
        page.goto(path)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        for shown in ("#answer-refused pre", "#fields", "#checks", "#credentials"):
            expect(page.locator(shown)).to_be_visible()
        for hidden in ("#try", ".contents", ".top nav", "#start button"):
            expect(page.locator(hidden).first).to_be_hidden()


def test_a_link_that_opens_nothing_says_what_to_do(live_server: LiveServer, path: str) -> None:
    with browsing(live_server, javascript=False, width=390) as page:
        answer = page.request.get(f"{path}x")
        assert answer.status == 404
        page.set_content(answer.text())
        expect(page.locator("main")).to_contain_text("Ask whoever sent it to you for a new one.")
