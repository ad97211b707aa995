"""What the posting instructions say, for exactly this source and to whoever holds the link alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import Business
from leads.intake.problems import CATALOGUE
from leads.models import Submission
from leads.posting.answers import list_answers
from leads.posting.checks import list_checks
from sources.approval import request_changes, revoke_approval, submit_terms
from sources.credentials import rotate_credential
from sources.lifecycle import (
    change_settings,
    change_source,
    create_source,
    delete_source,
    pause_source,
    resume_source,
)
from sources.models import Source
from sources.posting_links import revoke_link
from tests.prepared import prepared
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory, change_terms
from tests.vendors import STRICT, facts_of, link_to, read, read_at, shown

pytestmark = pytest.mark.django_db


@prepared
def strict(business: Business) -> Sender:
    sender: Sender = SenderFactory.create(business=business, **STRICT)
    return sender


# --- the link


def test_every_link_that_opens_nothing_is_answered_alike(source: Source) -> None:
    expired = link_to(source, days=1, now=timezone.now() - timedelta(days=3))[1]
    revoked, its_path = link_to(source)
    revoke_link(revoked, by=BY, reason=REASON, now=timezone.now())
    deleted_source = SenderFactory.create().source
    deleted = link_to(deleted_source)[1]
    delete_source(deleted_source, by=BY, reason=REASON, now=timezone.now())
    forged = "/instructions/link_01m7z6y9a3fbms9xjeynrq5r95.x"
    answers = [
        Client().get(path + end)
        for path in (expired, its_path, deleted, forged)
        for end in ("", "/", "/openapi.json")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Ask whoever sent it to you for a new one." in shown(answers[0])


def test_it_is_kept_nowhere_and_leaks_nowhere(source: Source) -> None:
    _, path = link_to(source)
    for answer in (Client().get(path), Client().get(f"{path}/openapi.json"), Client().get(path + "x")):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "sessionid" not in answer.cookies


def test_no_session_is_begun(source: Source) -> None:
    client = Client()
    client.get(link_to(source)[1])
    assert set(client.cookies) == {"csrftoken", "posting_visit"}


def test_the_form_is_guarded_against_forged_requests(sender: Sender) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(link_to(sender.source)[1], {"key": sender.issued.api_key, "payload": "{}"})
    assert refused.status_code == 403
    assert not Submission.objects.exists()


# --- what it says


@pytest.mark.parametrize(
    ("bring_about", "said"),
    [
        (lambda one: None, "Approved"),
        (lambda one: pause_source(one, by=BY, reason="Bad phones.", now=timezone.now()), "Paused since"),
        (
            lambda one: change_source(one, {"enabled": False}, by=BY, reason=REASON, now=timezone.now()),
            "Switched off",
        ),
        (
            lambda one: change_source(one, {"account": None}, by=BY, reason=REASON, now=timezone.now()),
            "Not connected yet",
        ),
    ],
)
def test_the_banner_tells_where_the_source_stands(source: Source, bring_about: Any, said: str) -> None:
    bring_about(source)
    assert said in read(source)


def test_the_reason_of_a_pause_is_told(source: Source) -> None:
    pause_source(source, by=BY, reason="Too many wrong numbers.", now=timezone.now())
    page = read(source)
    assert "The reason: Too many wrong numbers." in page
    assert "403 Forbidden" in page


def test_a_draft_and_a_review_are_told_and_judged_by(business: Business) -> None:
    source = SenderFactory.create(business=business, approved=False, terms={"states": ["NV"]}).source
    page = read(source)
    assert "Draft, not approved yet" in page
    assert "Nevada (NV)" in page
    submit_terms(source.terms.get(), by=BY, reason=REASON, now=timezone.now())
    assert "Waiting for review" in read(source)


def test_changes_that_a_review_asked_for_are_told(business: Business) -> None:
    source = SenderFactory.create(business=business, approved=False, terms={"states": ["NV"]}).source
    terms = source.terms.get()
    submit_terms(terms, by=BY, reason=REASON, now=timezone.now())
    request_changes(terms, by=BY, reason="Between us: no.", now=timezone.now())
    page = read(source)
    assert "The review asked for changes." in page
    assert "Between us" not in page


def test_an_approval_that_was_withdrawn_is_told(source: Source) -> None:
    revoke_approval(source, by=BY, reason="Between us: fraud.", now=timezone.now())
    page = read(source)
    assert "Approval withdrawn" in page
    assert "Between us" not in page


def test_the_end_of_an_approval_is_told_before_and_after(source: Source) -> None:
    end = timezone.now() + timedelta(days=5)
    source.terms.update(expires_at=end)
    assert f"Approved until {end.day} {end:%B %Y}" in read(source)
    source.terms.update(expires_at=timezone.now() - timedelta(seconds=5))
    assert "Approval ended" in read(source)


def test_a_source_without_terms_is_told_so(source: Source) -> None:
    source, _ = create_source(
        source.business, "New", account=source.account, by=BY, reason=REASON, now=timezone.now()
    )
    assert "Nobody has written down yet what this source may send" in read(source)


def test_limits_are_said_in_words(strict: Sender) -> None:
    page = read(strict.source)
    assert "Leads are taken Monday to Friday 09:00\N{EN DASH}17:00, America/New_York time" in page
    assert "At most 40 a day are taken" in page
    assert "At most 30 requests a minute" in page
    assert "The IP address of your system must be listed with us" in page
    assert "in the last 30 days is refused" in page
    assert "Texas (TX) and Oklahoma (OK)" in page


def test_nothing_is_told_that_is_ours_alone(strict: Sender) -> None:
    _, path = link_to(strict.source)
    other = SenderFactory.create(name="Another source of the business", business=strict.source.business)
    for text in (Client().get(path).text, Client().get(f"{path}/openapi.json").text):
        for secret in (
            *("203.0.113.0", "12.34", "A secret note", "support-person", "A secret script"),
            *(
                other.source.name,
                other.source.public_id,
                strict.issued.api_key,
                strict.issued.credential.prefix,
            ),
        ):
            assert secret not in text


@pytest.mark.parametrize(
    ("terms", "required"),
    [
        ({"trustedform_required": True}, ["trustedFormUrl"]),
        ({"trustedform_required": False, "exception_reason": "x", "states": ["TX"]}, ["state"]),
        (
            {"trustedform_required": True, "products": ["A"], "verticals": ["B"]},
            ["product", "trustedFormUrl", "vertical"],
        ),
    ],
)
def test_the_fields_that_this_source_needs_come_first(
    business: Business, terms: dict[str, Any], required: list[str]
) -> None:
    source = SenderFactory.create(business=business, terms=terms).source
    rows = re.findall(
        r'<tr><td><code>(\w+)</code></td>.*?badge-?\w*">([^<]+)<', Client().get(link_to(source)[1]).text
    )
    needs = [need for _, need in rows if need in {"Required", "One of the two", "Recommended", "Optional"}]
    assert sorted(name for name, need in rows if need == "Required") == required
    assert sorted(name for name, need in rows if need == "One of the two") == ["email", "phone"]
    assert needs[: len(required)] == ["Required"] * len(required)


def test_every_check_is_told_by_codes_that_have_a_page(strict: Sender) -> None:
    codes = {code for check in list_checks(facts_of(strict.source)) for code in check.codes}
    assert codes <= set(CATALOGUE)
    assert {"cap_reached", "outside_schedule", "ip_not_allowed", "rate_exceeded", "duplicate_lead"} <= codes


def test_what_is_off_is_not_among_the_checks(waived_source: Source) -> None:
    codes = {code for check in list_checks(facts_of(waived_source)) for code in check.codes}
    off = {"cap_reached", "outside_schedule", "ip_not_allowed", "rate_exceeded", "duplicate_lead"}
    assert not codes & off
    assert not any(code.startswith("certificate_") for code in codes)


@pytest.mark.parametrize(("effect", "told"), [("warn", "Warning"), ("hold", "Held")])
def test_an_open_dispute_is_a_check_with_its_effect(waived_source: Source, effect: str, told: str) -> None:
    disputes = {"dispute_effect": effect}
    change_settings(waived_source.settings, disputes, by=BY, reason=REASON, now=timezone.now())
    facts = facts_of(Source.objects.get(pk=waived_source.pk))
    (check,) = (check for check in list_checks(facts) if "source_disputed" in check.codes)
    assert check.effect[0] == told
    held = [answer.body for answer in list_answers(facts) if answer.anchor == "held"]
    assert ["source_disputed" in body for body in held] == ([True] if effect == "hold" else [])


# --- what changed


def later(client: Client, path: str, days: int) -> str:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        return read_at(path, client)


def test_the_first_visit_marks_nothing_and_neither_does_an_unchanged_page(source: Source) -> None:
    client, (_, path) = Client(), link_to(source)
    assert "Changed since" not in read_at(path, client)
    assert "Changed since" not in later(client, path, 2)


def test_what_changed_is_told_from_before_to_after(business: Business) -> None:
    sender = SenderFactory.create(
        business=business,
        terms={"trustedform_required": False, "exception_reason": "x", "states": ["TX", "OK"]},
    )
    client, (_, path) = Client(), link_to(sender.source)
    read_at(path, client)
    change_terms(sender.source, states=["TX", "FL"], trustedform_required=True)
    change_settings(sender.source.settings, {"cap_per_day": 5}, by=BY, reason=REASON, now=timezone.now())
    rotate_credential(sender.issued.credential, by=BY, reason=REASON, now=timezone.now())
    page = later(client, path, 3)
    day = timezone.now()
    assert f"Changed since your visit on {day.day} {day:%B %Y}" in page
    assert "States: FL added; OK removed." in page
    assert "A TrustedForm certificate is required now." in page
    assert "Caps: At most 5 a day are taken" in page
    assert "Before: There is no cap on the number of leads." in page
    assert "Keys were issued, rotated or revoked." in page


def test_marks_stay_for_the_visit_and_are_gone_with_the_next(source: Source) -> None:
    client, (_, path) = Client(), link_to(source)
    read_at(path, client)
    pause_source(source, by=BY, reason=REASON, now=timezone.now())
    assert "Status: Paused since" in later(client, path, 1)
    assert "Status: Paused since" in later(client, path, 1)
    assert "Changed since" not in later(client, path, 2)
    resume_source(source, by=BY, reason=REASON, now=timezone.now())
    assert "Status: Approved. Before: Paused since" in later(client, path, 3)


def test_what_changes_while_somebody_reads_for_the_first_time_is_marked(source: Source) -> None:
    client, (_, path) = Client(), link_to(source)
    read_at(path, client)
    pause_source(source, by=BY, reason=REASON, now=timezone.now())
    assert "Status: Paused since" in read_at(path, client)
    assert "Status: Paused since" in read_at(path, client)


def test_the_memory_is_of_one_link_signed_and_small(business: Business) -> None:
    terms = {"products": [f"Product {number} {'x' * 150}" for number in range(300)]}
    source = SenderFactory.create(business=business, terms=terms).source
    client, (_, path) = Client(), link_to(source)
    read_at(path, client)
    cookie = client.cookies["posting_visit"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")
    assert len(cookie.value) < 3500
    change_terms(source, products=["One"])
    assert "The list of products changed." in later(client, path, 1)


def test_a_forged_memory_is_none(source: Source) -> None:
    client, (_, path) = Client(), link_to(source)
    other, (_, elsewhere) = Client(), link_to(source)
    read_at(elsewhere, other)
    for value in ("nonsense", other.cookies["posting_visit"].value):
        client.cookies["posting_visit"] = value
        assert "Changed since" not in read_at(path, client)


def test_the_printed_page_is_whole_and_has_no_form(source: Source) -> None:
    page = Client().get(f"{link_to(source)[1]}?print").text
    assert page.count("<details") == page.count(" open>")
    assert "<form" not in page
    assert "Send the dry run" not in page


def test_opening_it_is_counted(source: Source) -> None:
    link, path = link_to(source)
    read_at(path)
    link.refresh_from_db()
    assert link.times_opened == 1
