"""The audit queue of the console: what waits, for whom and why, and deciding on it, one or many."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.models import Lead, Override, Submission
from leads.overrides import ask_override
from tests.console import address, events
from tests.prepared import prepared
from tests.senders import Sender, certificate
from tests.situations import REASON, SenderFactory, let_one_pass, recheck_lead, sign_in, take_in

Member = Callable[[Role], User]


@prepared
def held(sender: Sender, sandbox: str) -> list[Lead]:
    """Two held leads and one that is not."""
    for phone, scenario in (
        ("+15125550101", "mismatch"),
        ("+15125550102", "mismatch"),
        ("+15125550103", "valid"),
    ):
        take_in(sender, phone=phone, trustedFormUrl=certificate(scenario))
    return list(Lead.objects.order_by("id"))


def queue(client: Client, **query: str) -> Any:
    return client.get(reverse("console:leads_lead_queue"), query)


def shown(client: Client, **query: str) -> list[Lead]:
    return [row.lead for row in queue(client, **query).context["rows"]]


def decide(client: Client, lead: Lead, decision: str, query: str = "", **differing: str) -> Any:
    page = client.get(address(Lead, "audit", lead.pk) + query)
    waiting = page.context["waiting"]
    sent = {
        "decision": decision,
        "reason": "Called the sender.",
        "seen": page.context["seen"],
        "override": waiting.public_id if waiting else "",
    }
    return client.post(address(Lead, "audit", lead.pk) + query, {**sent, **differing}, follow=True)


def status_of(lead: Lead) -> str:
    return Lead.objects.get(pk=lead.pk).status


# --- the queue


def test_it_lists_what_is_held_the_oldest_first_and_nothing_else(console: Client, held: list[Lead]) -> None:
    assert shown(console) == held[:2]


def test_it_tells_apart_what_trustedform_may_settle_what_a_person_and_what_a_second(
    console: Client, sender: Sender, held: list[Lead], owner: User
) -> None:
    unasked = take_in(sender, phone="+15125550104", trustedFormUrl=certificate("error"))
    ask_override(held[1], by=owner.public_id, reason=REASON, now=timezone.now())
    assert shown(console) == [held[0]]
    assert shown(console, needs="trustedform") == [unasked]
    assert shown(console, needs="second") == [held[1]]
    assert shown(console, needs="any") == [held[0], held[1], unasked]
    assert [(tab.text, tab.count) for tab in queue(console).context["needs"]] == [
        ("For a person", 1),
        ("For a second person", 1),
        ("TrustedForm is asked again", 1),
        ("All", 3),
    ]


def test_when_trustedform_was_asked_in_vain_it_is_for_a_person(
    console: Client, sender: Sender, sandbox: str
) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("error"))
    assert shown(console) == []
    Lead.objects.filter(pk=lead.pk).update(rechecks=8)
    recheck_lead(Lead.objects.get(pk=lead.pk), now=timezone.now())
    assert shown(console) == [lead]


def test_reasons_and_sources_come_with_counts_and_narrow_the_queue(
    console: Client, business: Business, held: list[Lead]
) -> None:
    other = SenderFactory.create(business=business, waived=True, settings__duplicate_rule="hold")
    take_in(other)
    twice = take_in(other)
    page = queue(console)
    assert [(tab.text, tab.count) for tab in page.context["codes"]] == [
        ("Certificate of somebody else", 2),
        ("Duplicate lead", 1),
    ]
    assert {(tab.text, tab.count) for tab in page.context["sources"]} == {
        (str(held[0].source), 2),
        (str(other.source), 1),
    }
    assert shown(console, code="duplicate_lead") == [twice]
    assert shown(console, source=other.source.public_id) == [twice]
    assert shown(console, source=other.source.public_id, code="certificate_mismatch") == []


def test_long_waiting_ones_stand_out(console: Client, held: list[Lead]) -> None:
    Lead.objects.filter(pk=held[0].pk).update(created_at=timezone.now() - timedelta(days=3))
    assert [row.overdue for row in queue(console).context["rows"]] == [True, False]


def test_pages_go_on_beside_a_lead(console: Client, held: list[Lead]) -> None:
    assert shown(console, after=held[0].public_id) == [held[1]]
    assert "The oldest" in queue(console, after=held[0].public_id).text


@pytest.mark.parametrize(
    "query",
    [
        {"needs": "zz", "code": "\x00", "source": "source_zz", "after": "\x00"},
        {"code": "x" * 500, "after": "lead_x"},
        {"source": "lead_01kv301hg3e6jrv97szgy6v9eq", "code": "<script>"},
    ],
)
def test_nonsense_in_the_address_is_no_error(
    console: Client, held: list[Lead], query: dict[str, str]
) -> None:
    page = queue(console, **query)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_another_businesss_leads_are_not_there(
    console: Client, other_business: Business, sandbox: str
) -> None:
    stranger = SenderFactory.create(business=other_business, name="Foreign")
    lead = take_in(stranger, trustedFormUrl=certificate("mismatch"))
    page = queue(console, needs="any", source=stranger.source.public_id)
    assert (shown(console, needs="any"), "Foreign" in page.text) == ([], False)
    assert console.get(address(Lead, "audit", lead.pk)).status_code == 404
    sent = {"decision": "refuse", "reason": "x"}
    assert console.post(address(Lead, "audit", lead.pk), sent).status_code == 404
    assert status_of(lead) == "audit"


def test_an_empty_queue_says_how_leads_come_there(console: Client) -> None:
    assert "A lead comes here when a check holds it" in queue(console).text


def test_the_queue_costs_the_same_whatever_waits(
    console: Client, sender: Sender, held: list[Lead], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        take_in(sender, phone=f"+1512555011{number}", trustedFormUrl=certificate("mismatch"))
    queue(console)
    with django_assert_max_num_queries(16):
        assert len(shown(console)) == 10


@pytest.mark.parametrize("role", Role)
def test_everybody_looks_and_only_who_may_decides(
    client: Client, member: Member, held: list[Lead], role: Role
) -> None:
    sign_in(client, member(role))
    may = role in {Role.OWNER, Role.ADMIN, Role.COMPLIANCE}
    page = client.get(address(Lead, "audit", held[0].pk))
    assert (page.status_code, 'id="decision"' in page.text) == (200, may)
    assert ("Release the chosen" in queue(client).text) is may
    client.post(address(Lead, "audit", held[0].pk), {"decision": "refuse", "reason": "No."})
    assert (status_of(held[0]) == "refused") is may


# --- one lead


def test_the_page_has_the_evidence_beside_the_decision(console: Client, held: list[Lead]) -> None:
    page = console.get(address(Lead, "audit", held[0].pk)).text
    for told in (
        *("certificate_mismatch", "does not match", "The answer as it came", "email_match"),
        *("Judged by terms 1", "The request as it came", "Held for audit", "SHA-256", "Evidence"),
    ):
        assert told in page, told


@pytest.mark.parametrize(("decision", "status"), [("release", "accepted"), ("refuse", "refused")])
def test_a_held_lead_is_decided_on_with_a_reason_and_the_next_one_follows(
    console: Client, held: list[Lead], owner: User, decision: str, status: str
) -> None:
    let_one_pass(held[0].business)
    answer = decide(console, held[0], decision)
    assert status_of(held[0]) == status
    [recorded] = events(f"lead.{decision}d")
    assert (recorded["actor"], recorded["reason"]) == (owner.public_id, "Called the sender.")
    assert answer.redirect_chain[-1][0] == address(Lead, "audit", held[1].pk)


def test_after_the_last_one_the_queue_follows_as_it_was_narrowed(console: Client, held: list[Lead]) -> None:
    query = f"?code=certificate_mismatch&source={held[0].source.public_id}"
    assert decide(console, held[0], "refuse", query).redirect_chain[-1][0].endswith(query)
    answer = decide(console, held[1], "refuse", query)
    assert answer.redirect_chain[-1][0] == reverse("console:leads_lead_queue") + query


@pytest.mark.parametrize("missing", ["reason", "decision"])
def test_a_decision_needs_a_choice_and_a_reason(console: Client, held: list[Lead], missing: str) -> None:
    sent = {"decision": "refuse", "reason": "No.", missing: " "}
    assert console.post(address(Lead, "audit", held[0].pk), sent).status_code == 200
    assert status_of(held[0]) == "audit"


@pytest.mark.parametrize("decision", ["release", "confirm", "withdraw", "decline", "fly"])
def test_what_the_page_does_not_offer_is_refused(console: Client, held: list[Lead], decision: str) -> None:
    decide(console, held[0], decision)
    assert status_of(held[0]) == "audit"


def test_a_lead_that_changed_since_it_was_shown_is_looked_at_again(console: Client, held: list[Lead]) -> None:
    page = decide(console, held[0], "refuse", seen="certificate_unavailable")
    assert "changed since this page was shown" in page.text
    assert status_of(held[0]) == "audit"


def test_a_lead_that_is_not_held_cannot_be_decided_on(console: Client, held: list[Lead]) -> None:
    page = decide(console, held[2], "refuse")
    assert "Only a lead that is held" in page.text
    assert "not held any more" in page.text


def test_trustedform_is_asked_again_from_the_page(
    console: Client, sender: Sender, sandbox: str, owner: User
) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    page = decide(console, lead, "again")
    assert "the lead stays held" in page.text
    again = Submission.objects.latest("id")
    assert (again.repeated_by, again.repeated_reason) == (owner.public_id, "Called the sender.")
    assert lead.certificate
    assert lead.certificate.checks.count() == 2


# --- a second person


def test_one_asks_and_another_confirms_and_both_stay_visible(
    console: Client, held: list[Lead], owner: User, member: Member
) -> None:
    lead, second = held[0], member(Role.COMPLIANCE)
    decide(console, lead, "ask")
    assert status_of(lead) == "audit"
    other = Client()
    sign_in(other, second)
    assert "Overrides wait for a second person" in other.get(reverse("console:index")).text
    assert "Overrides wait for a second person" not in console.get(reverse("console:index")).text
    decide(other, lead, "confirm")
    assert status_of(lead) == "accepted"
    said = f"(certificate_mismatch): asked by {owner}, confirmed by {second}."
    for page in (
        address(Lead, "change", lead.pk),
        address(Lead, "audit", lead.pk),
        f"/workspace/leads/{lead.public_id}/",
    ):
        assert said in console.get(page).text, page
    assert "Passed over" in console.get("/workspace/leads/").text
    assert "Passed over" in console.get(address(Lead, "changelist")).text
    assert "Confirmed" in console.get(address(Override, "changelist")).text


def test_who_asked_is_not_offered_to_confirm_and_cannot(console: Client, held: list[Lead]) -> None:
    decide(console, held[0], "ask")
    page = console.get(address(Lead, "audit", held[0].pk))
    assert [value for value, _, _ in page.context["choices"]] == ["withdraw", "refuse"]
    assert "Somebody else must confirm" in decide(console, held[0], "confirm").text
    assert status_of(held[0]) == "audit"


def test_where_nobody_else_is_there_the_page_says_what_to_do(console: Client, held: list[Lead]) -> None:
    for told in ("Nobody else here may confirm", "Invite", "page of the business"):
        assert told in console.get(address(Lead, "audit", held[0].pk)).text
    decide(console, held[0], "ask")
    assert "Nobody else here may confirm it" in console.get(address(Lead, "audit", held[0].pk)).text


def test_confirming_takes_somebody_who_is_known_to_be_there(
    console: Client, held: list[Lead], member: Member
) -> None:
    decide(console, held[0], "ask")
    absent = Client()
    absent.force_login(member(Role.ADMIN))
    page = decide(absent, held[0], "confirm")
    assert "Confirm" in page.text
    assert status_of(held[0]) == "audit"


def test_a_request_that_was_replaced_meanwhile_is_not_confirmed_unseen(
    console: Client, held: list[Lead], owner: User, member: Member
) -> None:
    decide(console, held[0], "ask")
    first = Override.objects.get()
    decide(console, held[0], "withdraw")
    decide(console, held[0], "ask")
    other = Client()
    sign_in(other, member(Role.ADMIN))
    assert "waits no more" in decide(other, held[0], "confirm", override=first.public_id).text
    assert status_of(held[0]) == "audit"


@pytest.mark.parametrize("role", Role)
def test_the_owner_alone_changes_the_rule_and_it_is_told(client: Client, member: Member, role: Role) -> None:
    user = member(role)
    sign_in(client, user)
    business = user.businesses().get()
    client.post(address(Business, "override_rule", business.pk), {"reason": "There is but one of us."})
    business.refresh_from_db()
    assert business.second_person is (role is not Role.OWNER)
    told = events("business.override_rule_changed")
    assert len(told) == (role is Role.OWNER)
    if told:
        assert told[0]["data"] == {"before": {"second_person": True}, "after": {"second_person": False}}


# --- many at a time


def test_many_are_decided_on_after_a_preview(console: Client, held: list[Lead]) -> None:
    let_one_pass(held[0].business)
    chosen = {"action": "release_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held]}
    for where in (address(Lead, "changelist"), reverse("console:leads_lead_queue")):
        preview = console.post(where, chosen).text
        assert "2 held leads become accepted" in preview
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2
    done = console.post(address(Lead, "changelist"), {**chosen, "reason": "Checked."}, follow=True).text
    assert "2 of 2 leads decided" in done
    assert not Lead.objects.filter(status=Lead.Status.AUDIT).exists()
    assert [found["reason"] for found in events("lead.released")] == ["Checked.", "Checked."]


def test_of_many_those_with_failed_evidence_wait_for_a_second_person(
    console: Client, business: Business, held: list[Lead]
) -> None:
    other = SenderFactory.create(business=business, waived=True, settings__duplicate_rule="hold")
    take_in(other)
    twice = take_in(other)
    leads = [held[0], twice]
    chosen = {"action": "release_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in leads]}
    where = reverse("console:leads_lead_queue")
    preview = console.post(where, chosen).text
    assert "1 held lead becomes accepted" in preview
    assert "1 lead has failed evidence" in preview
    console.post(where, {**chosen, "reason": "Checked."})
    assert [status_of(lead) for lead in leads] == ["audit", "accepted"]
    assert held[0].overrides.get().state == "waiting"


def test_what_changed_since_the_preview_is_not_decided_on(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "refuse_held", ACTION_CHECKBOX_NAME: [str(held[0].pk)]}
    page = console.post(
        reverse("console:leads_lead_queue"), {**chosen, "reason": "No.", "seen": "something else"}
    )
    assert "changed since you were shown this" in page.text
    assert status_of(held[0]) == "audit"


def test_deciding_on_many_needs_a_reason(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "refuse_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held], "reason": ""}
    assert "This field is required" in console.post(address(Lead, "changelist"), chosen).text
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2
