"""The launch checklist against the database: what counts as seen, and the commands that the page gives."""

import json
import shlex
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from compliance.models import CertificateCheck
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.console.launch.checklist import Item, list_items
from leads.console.launch.facts import gather_facts
from leads.models import Lead
from sources.approval import draft_terms, submit_terms
from sources.lifecycle import change_settings
from sources.models import Source, Terms
from tests.prepared import prepared
from tests.senders import Sender, certificate, flat_lead
from tests.situations import REASON, SenderFactory, sign_in, take_in

EXAMPLE = {"firstName": "Jordan", "phone": "+15125550123", "state": "TX", "externalId": "a", "subId": "b"}


def items(source: Source, terms: Terms | None = None) -> dict[str, Item]:
    fresh = Source.objects.get(pk=source.pk)
    return {item.code: item for item in list_items(gather_facts(fresh, now=timezone.now(), terms=terms))}


def launch_page(console: Client, source: Source) -> str:
    return console.get(reverse("console:sources_source_launch", args=[source.pk])).text


@prepared
def two_states(business: Business) -> Sender:
    exception = {"trustedform_required": False, "exception_reason": "A form of our own."}
    terms = {"states": ["TX", "OK"], "products": ["Final expense"], **exception}
    return SenderFactory.create(business=business, terms=terms)


def test_leads_exercise_states_and_products(two_states: Sender) -> None:
    take_in(two_states, state="TX", product="FINAL expense")
    found = items(two_states.source)
    assert found["states"].tries == (("state", "OK"),)
    assert found["products"].passed


@pytest.mark.parametrize("door", ["post", "post_form", "get"])
def test_dry_runs_exercise_them_too_whatever_the_door(two_states: Sender, door: str) -> None:
    for state in ("TX", "OK"):
        lead = flat_lead(state=state, trustedFormUrl=None)
        assert getattr(two_states, door)(lead, Leadping_Dry_Run="true").status_code == 200
    assert items(two_states.source)["states"].passed
    assert not Lead.objects.exists()


def test_a_dry_run_that_was_refused_exercises_nothing(two_states: Sender) -> None:
    two_states.post(flat_lead(state="TX", email="nonsense"), Leadping_Dry_Run="true")
    assert len(items(two_states.source)["states"].tries) == 2


def test_another_source_of_the_business_exercises_nothing(two_states: Sender, business: Business) -> None:
    take_in(SenderFactory.create(business=business, waived=True), state="TX")
    assert len(items(two_states.source)["states"].tries) == 2


def test_the_sandbox_proves_the_wiring_and_a_real_check_the_certificate(sender: Sender, sandbox: str) -> None:
    assert "No certificate" in items(sender.source)["certificate"].detail
    take_in(sender, trustedFormUrl=certificate())
    assert "sandbox" in items(sender.source)["certificate"].detail
    CertificateCheck.objects.update(sandbox=False, host="cert.trustedform.com")
    assert items(sender.source)["certificate"].passed


def test_a_certificate_that_was_not_verified_proves_nothing(sender: Sender, sandbox: str) -> None:
    take_in(sender, trustedFormUrl=certificate("mismatch"))
    CertificateCheck.objects.update(sandbox=False)
    assert not items(sender.source)["certificate"].passed


def test_a_full_dry_run_is_heard_before_the_source_is_approved(business: Business, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, approved=False)
    sender.post(flat_lead(), Leadping_Dry_Run="full")
    proven = items(sender.source)["certificate"]
    # Here the sandbox answered, as the address in the settings says.
    assert not proven.passed
    assert "sandbox" in proven.detail


def test_a_lead_brings_the_metadata_of_the_example(business: Business) -> None:
    exception = {"trustedform_required": False, "exception_reason": "A form of our own."}
    terms = {"example_payload": json.dumps({**EXAMPLE, "sourceMetadata": {"placement": "x"}}), **exception}
    sender = SenderFactory.create(business=business, terms=terms)
    take_in(sender, externalId="1", trustedFormUrl=None)
    assert "sourceMetadata.placement, subId" in items(sender.source)["test_leads"].detail
    take_in(sender, externalId="2", subId="c", sourceMetadata={"placement": "y"}, trustedFormUrl=None)
    assert items(sender.source)["test_leads"].passed


def test_terms_under_review_are_judged_in_place_of_those_in_force(two_states: Sender) -> None:
    now = timezone.now()
    terms = draft_terms(two_states.source, {"states": ["FL"]}, by="tests", now=now)
    submit_terms(terms, by="tests", reason=REASON, now=now)
    assert items(two_states.source, terms)["states"].tries == (("state", "FL"),)


def test_a_key_whose_overlap_is_over_is_no_key(sender: Sender) -> None:
    sender.source.credentials.update(retires_at=timezone.now() - timedelta(seconds=1))
    assert not items(sender.source)["key"].passed


def test_the_page_leads_to_each_next_step(console: Client, sender: Sender) -> None:
    page = launch_page(console, sender.source)
    for step in ("settings", "ready"):
        assert reverse(f"console:sources_source_{step}", args=[sender.source.pk]) in page


def test_who_may_not_take_a_step_is_told_what_it_is_without_a_link(
    client: Client, member: Callable[[Role], User], sender: Sender
) -> None:
    sign_in(client, member(Role.VIEWER))
    page = launch_page(client, sender.source)
    assert "Set them." in page
    assert reverse("console:sources_source_settings", args=[sender.source.pk]) not in page


def test_somebody_confirms_that_outreach_is_ready(console: Client, sender: Sender, owner: User) -> None:
    console.post(reverse("console:sources_source_ready", args=[sender.source.pk]), {"reason": REASON})
    assert items(sender.source)["outreach"].passed
    assert Source.objects.get().settings.outreach_ready_by == owner.public_id


def command(page: str) -> list[str]:
    """The words of the first command on the page, as a shell reads them."""
    text = page.split('id="command-states">')[1].split("</pre>", maxsplit=1)[0]
    for name, sign in (("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(name, sign)
    return shlex.split(text.replace("\\\n", " "), comments=True)


def test_the_command_tries_each_missing_state_in_a_dry_run(console: Client, two_states: Sender) -> None:
    words = command(launch_page(console, two_states.source))
    assert words[words.index("in") + 1 : words.index("in") + 3] == ["TX", "OK;"]
    assert f"X-Leadping-Source-Id: {two_states.source.public_id}" in words
    assert "Leadping-Dry-Run: true" in words
    assert json.loads(words[words.index("-d") + 1])["state"] == "$value"


def test_no_page_holds_a_key(console: Client, two_states: Sender) -> None:
    assert two_states.issued.api_key not in launch_page(console, two_states.source)


def test_a_ready_source_lacks_nothing(console: Client, two_states: Sender) -> None:
    now = timezone.now()
    example = json.dumps({**EXAMPLE, "product": "Final expense"})
    terms = two_states.source.terms.get()
    Terms.objects.filter(pk=terms.pk).update(example_payload=example)
    change_settings(two_states.source.settings, {"tags": ["web"]}, by="tests", reason=REASON, now=now)
    console.post(reverse("console:sources_source_ready", args=[two_states.source.pk]), {"reason": REASON})
    for state in ("TX", "OK"):
        take_in(two_states, state=state, externalId=state, subId="x", trustedFormUrl=None)
    page = launch_page(console, two_states.source)
    assert "Everything is in place" in page
    assert "11 of 11" in page


@pytest.mark.parametrize(("key", "told"), [("", True), ("a-key", False)])
def test_an_installation_without_a_key_is_told_that_nothing_can_be_verified(
    console: Client, two_states: Sender, settings: Settings, key: str, told: bool
) -> None:
    settings.TRUSTEDFORM_API_KEY = key
    assert ("nothing can be verified" in launch_page(console, two_states.source)) is told
