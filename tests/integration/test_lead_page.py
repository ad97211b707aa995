"""The page of one lead: its story, and the decision about one that is held."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.models import Event
from leads.lifecycle import release_lead
from leads.models import Lead
from sources.approval import revoke_approval
from tests.prepared import prepared
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, let_one_pass, take_in

BrowserOf = Callable[[Role], Client]


@pytest.fixture
def browser_of(client: Client, member: Callable[[Role], User]) -> BrowserOf:
    def sign_in(role: Role) -> Client:
        client.force_login(member(role))
        return client

    return sign_in


@prepared
def held_lead(sender: Sender, sandbox: str) -> Lead:
    return take_in(sender, trustedFormUrl=certificate("mismatch"))


def address(lead: Lead) -> str:
    return f"/workspace/leads/{lead.public_id}/"


def read(client: Client, lead: Lead) -> str:
    response = client.get(address(lead))
    assert response.status_code == 200
    return response.content.decode()


def decide(client: Client, lead: Lead, decision: str, reason: str = "Called, and it is her.") -> Any:
    return client.post(f"{address(lead)}decision/", {"decision": decision, "reason": reason}, follow=True)


def test_another_businesss_lead_is_as_unknown_as_none(
    browser_of: BrowserOf, other_business: Business
) -> None:
    client = browser_of(Role.OWNER)
    theirs = take_in(SenderFactory(business=other_business, waived=True))
    unknown = address(theirs)[:-4] + "000/"
    answers = [client.get(path) for path in (address(theirs), unknown, "/workspace/leads/lead_x/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "There is nothing here" in answers[0].content.decode()
    assert decide(client, theirs, "release").status_code == 404


def test_the_page_tells_who_it_is_and_whether_they_may_be_contacted(
    browser_of: BrowserOf, sender: Sender, sandbox: str
) -> None:
    lead = take_in(sender, city="Austin", zip="78704", birthDate="1954-03-11")
    page = read(browser_of(Role.VIEWER), lead)
    assert "Jordan Example" in page
    assert 'href="tel:+15125550123">(512) 555-0123</a>' in page
    assert "Austin, TX 78704" in page
    assert '<p class="answer">Yes</p>' in page
    assert "The sandbox answered for the certificate, so it proves nothing." in page


def test_the_page_names_the_terms_in_force_when_the_lead_came(
    browser_of: BrowserOf, sender: Sender, sandbox: str
) -> None:
    lead = take_in(sender)
    revoke_approval(sender.source, by=BY, reason=REASON, now=timezone.now())
    page = read(browser_of(Role.VIEWER), lead)
    assert "Number 1" in page
    assert f"Approved by {BY}" in page
    assert REASON in page
    assert "Revoked since" in page


def test_every_check_is_told_in_plain_words_the_gravest_first(
    browser_of: BrowserOf, sender: Sender, sandbox: str
) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"), zip="10001")
    checks = browser_of(Role.VIEWER).get(address(lead)).context["story"].request.checks
    assert [(check.badge.text, check.name, check.page) for check in checks[:3]] == [
        ("Held", "Certificate of somebody else", "/docs/errors/certificate_mismatch"),
        ("Warning", "ZIP and state disagree", "/docs/errors/zip_state_mismatch"),
        ("Passed", "", ""),
    ]
    assert all(check.sentence.endswith(".") for check in checks)


def test_the_page_shows_each_conversation_about_the_certificate(
    browser_of: BrowserOf, held_lead: Lead
) -> None:
    [answer] = browser_of(Role.VIEWER).get(address(held_lead)).context["story"].evidence.answers
    assert (answer.badge.text, answer.phone, answer.email, answer.sandbox) == (
        "No match",
        "does not match",
        "does not match",
        True,
    )


def test_the_timeline_tells_what_happened_in_order(
    browser_of: BrowserOf, owner: User, sender: Sender, sandbox: str
) -> None:
    body = flat_lead(externalId="twice", trustedFormUrl=certificate("mismatch"))
    lead = Lead.named(sender.post(body).json()["id"]).get()
    sender.post(body)
    let_one_pass(lead.business)
    release_lead(lead, by=owner.public_id, reason="It is her.", now=timezone.now())
    later = take_in(sender)
    timeline = browser_of(Role.VIEWER).get(address(lead)).context["story"].timeline
    assert [
        (entry.title, entry.detail or None) for entry in timeline if "Certificate" not in entry.title
    ] == [
        ("Came in", "POST /leads/intake from 127.0.0.1, answered 201"),
        ("Held for audit", None),
        ("Sent again, and given the first answer again", "POST /leads/intake from 127.0.0.1, answered 201"),
        (
            f"Failed evidence passed over without a second person by {owner}",
            "Certificate of somebody else: It is her.",
        ),
        (f"Released by {owner}", "It is her."),
        ("Another lead of the same contact, accepted", f"Through {later.source}"),
    ]
    assert [entry.title for entry in timeline][1] == "Certificate: no match"


def test_the_stored_request_is_shown_without_the_secrets_that_were_in_it(
    browser_of: BrowserOf, waived_sender: Sender
) -> None:
    page = read(browser_of(Role.VIEWER), take_in(waived_sender, apiKey="hunter2-hunter2"))
    assert "Credentials taken out" in page
    assert "&quot;lastName&quot;: &quot;Example&quot;" in page
    assert "hunter2" not in page


def test_hostile_text_is_shown_as_text(browser_of: BrowserOf, waived_sender: Sender) -> None:
    hostile = "<script>alert(1)</script>"
    lead = take_in(
        waived_sender,
        firstName=hostile,
        product=hostile,
        referrer="https://evil.example/?<script>",
        sourceMetadata={hostile: hostile},
        unknown=hostile,
    )
    Lead.objects.filter(pk=lead.pk).update(landing_page="javascript:alert(1)")
    client = browser_of(Role.VIEWER)
    pages = [read(client, lead), client.get("/workspace/leads/", {"q": hostile}).content.decode()]
    pages.append(client.get("/workspace/leads/").content.decode())
    assert [page.count("<script>") for page in pages] == [0, 0, 0]
    assert 'href="javascript:' not in pages[0]
    assert (
        'href="https://evil.example/?&lt;script&gt;" target="_blank" rel="noopener noreferrer nofollow"'
        in pages[0]
    )


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.COMPLIANCE])
@pytest.mark.parametrize(("decision", "status"), [("release", "accepted"), ("refuse", "refused")])
def test_who_may_decide_releases_or_refuses_with_a_reason(
    browser_of: BrowserOf, held_lead: Lead, role: Role, decision: str, status: str
) -> None:
    let_one_pass(held_lead.business)
    page = decide(browser_of(role), held_lead, decision).content.decode()
    held_lead.refresh_from_db()
    event = Event.objects.filter(subject=held_lead.public_id).latest("id")
    assert (held_lead.status, event.reason) == (status, "Called, and it is her.")
    assert "Called, and it is her." in page


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
def test_who_may_not_decide_sees_no_form_and_is_refused(
    browser_of: BrowserOf, held_lead: Lead, role: Role
) -> None:
    client = browser_of(role)
    assert "Refuse for good" not in read(client, held_lead)
    response = decide(client, held_lead, "release")
    held_lead.refresh_from_db()
    assert (response.status_code, held_lead.status) == (403, "audit")
    assert "Your role does not allow this" in response.content.decode()


def test_a_decision_needs_a_reason(browser_of: BrowserOf, held_lead: Lead) -> None:
    response = decide(browser_of(Role.OWNER), held_lead, "release", reason="  ")
    held_lead.refresh_from_db()
    assert (response.status_code, held_lead.status) == (400, "audit")
    assert "Say why" in response.content.decode()


def test_a_lead_is_decided_about_once(browser_of: BrowserOf, held_lead: Lead) -> None:
    client = browser_of(Role.OWNER)
    let_one_pass(held_lead.business)
    decide(client, held_lead, "release")
    page = decide(client, held_lead, "refuse").content.decode()
    held_lead.refresh_from_db()
    assert held_lead.status == "accepted"
    assert "Only a lead that is held can be released or refused." in page


def test_the_workspace_asks_for_a_second_person_where_evidence_failed(
    browser_of: BrowserOf, held_lead: Lead
) -> None:
    client = browser_of(Role.OWNER)
    assert "Ask a second person to release" in read(client, held_lead)
    page = decide(client, held_lead, "ask").content.decode()
    held_lead.refresh_from_db()
    assert held_lead.status == "audit"
    assert held_lead.overrides.get().state == "waiting"
    assert "A second person must confirm" in page
    assert "its page of the audit queue" in page


def test_a_duplicate_leads_to_the_earlier_lead(browser_of: BrowserOf, business: Business) -> None:
    sender = SenderFactory(business=business, waived=True, settings__duplicate_rule="keep")
    earlier, later = take_in(sender), take_in(sender)
    story = browser_of(Role.VIEWER).get(address(later)).context["story"]
    assert (story.permission.answer, story.permission.earlier) == ("Not for this lead", address(earlier))


def test_the_page_costs_a_bounded_number_of_queries(
    browser_of: BrowserOf,
    waived_sender: Sender,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = take_in(waived_sender)
    for _ in range(8):
        take_in(waived_sender)
    client = browser_of(Role.OWNER)
    read(client, lead)
    with django_assert_max_num_queries(15):
        assert "Other leads of this contact" in read(client, lead)
