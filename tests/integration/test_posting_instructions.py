"""What the posting instructions say, for exactly this source and to whoever holds the link alone."""

import json
import re
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import validate

from leadping.accounts.models import Business
from leads.api.contract import BATCHES, DOORS
from leads.api.schema import schema_text
from leads.api.shapes import AnsweredLead, DoorProblem
from leads.intake.problems import CATALOGUE
from leads.models import Lead, Submission
from leads.posting.answers import list_answers
from leads.posting.checks import list_checks
from leads.posting.facts import Facts, gather
from leads.posting.samples import flat_sample, structured
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
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory, change_terms
from tests.vendors import block, link_to, read, read_at, shown, try_out

pytestmark = pytest.mark.django_db

EVERYTHING: dict[str, Any] = {
    "schedule_days": [0, 1, 2, 3, 4],
    "schedule_from": time(9),
    "schedule_until": time(17),
    "cap_per_day": 40,
    "rate_per_minute": 30,
    "ip_list": ["203.0.113.0/24", "127.0.0.1"],
    "duplicate_rule": "refuse",
    "cost_per_lead": "12.34",
    "notes": "A secret note",
    "support_contact": "support-person@example.com",
}


@pytest.fixture
def strict(business: Business) -> Sender:
    """Of everything a rule."""
    terms = {
        "states": ["TX", "OK"],
        "products": ["Final expense"],
        "verticals": ["Insurance"],
        "trustedform_required": True,
        "call_script": "A secret script",
    }
    sender: Sender = SenderFactory.create(
        business=business, name="Comparison site", terms=terms, settings=EVERYTHING
    )
    return sender


def facts_of(source: Source) -> Facts:
    fresh = Source.objects.select_related("settings", "terms_in_force", "business").get(pk=source.pk)
    return gather(fresh, address="https://leads.example.com/", now=timezone.now())


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


# --- samples


def test_the_sample_answers_have_the_shapes_of_answers(strict: Sender) -> None:
    answers = {answer.anchor: answer for answer in list_answers(facts_of(strict.source))}
    assert list(answers) == [
        *("accepted", "held", "duplicate", "refused", "unknown", "too-many", "unavailable"),
    ]
    for name in ("accepted", "held"):
        AnsweredLead.model_validate_json(answers[name].body)
    for name in ("duplicate", "refused", "too-many"):
        DoorProblem.model_validate_json(answers[name].body)
    assert answers["too-many"].headers["Retry-After"].isdecimal()
    assert "WWW-Authenticate" in answers["unknown"].headers


def test_the_sample_of_a_refusal_breaks_this_sources_own_rules(strict: Sender) -> None:
    [refused] = [one for one in list_answers(facts_of(strict.source)) if one.anchor == "refused"]
    errors = json.loads(refused.body)["errors"]
    assert {"state_not_allowed", "product_not_allowed", "vertical_not_allowed", "certificate_missing"} == {
        error["code"] for error in errors
    }
    assert "allowed: TX, OK" in errors[0]["message"]
    assert not errors[0]["message"].startswith(("TX", "OK"))


def test_the_sample_of_a_duplicate_says_what_the_door_says(
    business: Business, sandbox: str, waived_source: Source
) -> None:
    sender = SenderFactory.create(
        business=business,
        terms={"trustedform_required": False, "exception_reason": "x"},
        settings={"duplicate_rule": "refuse"},
    )
    lead = flat_sample(facts_of(sender.source))
    first = sender.post({**lead, "externalId": "1", "email": "a@example.com"})
    second = sender.post({**lead, "externalId": "2", "email": "b@example.com"})
    [sample] = [one for one in list_answers(facts_of(sender.source)) if one.anchor == "duplicate"]
    told = json.loads(sample.body)["errors"][0]
    real = second.json()["errors"][0]
    assert {**told, "message": ""} == {**real, "message": ""}
    assert real["message"] == told["message"].replace(told["message"].split()[-1], f"{first.json()['id']}.")


def test_a_source_without_rules_still_has_a_sample_of_each_kind(waived_source: Source) -> None:
    anchors = [answer.anchor for answer in list_answers(facts_of(waived_source))]
    assert anchors == ["accepted", "refused", "unknown", "too-many", "unavailable"]


def test_the_samples_are_taken_in_by_both_doors(strict: Sender, sandbox: str) -> None:
    change_settings(
        strict.source.settings,
        {"schedule_from": None, "schedule_until": None, "schedule_days": [], "duplicate_rule": "off"},
        by=BY,
        reason=REASON,
        now=timezone.now(),
    )
    lead = flat_sample(facts_of(strict.source))
    answers = [strict.post(lead), strict.post_structured(structured(lead))]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.json()["warnings"] for answer in answers] == [[], []]


def test_the_example_of_the_terms_is_the_sample_where_they_would_take_it(business: Business) -> None:
    own = {"firstName": "Their own", "phone": "+15125550123", "zip": "00501"}
    good = SenderFactory.create(
        business=business,
        terms={"trustedform_required": False, "exception_reason": "x", "example_payload": json.dumps(own)},
    ).source
    bad = SenderFactory.create(
        business=business, terms={"trustedform_required": True, "example_payload": json.dumps(own)}
    ).source
    assert flat_sample(facts_of(good)) == own
    assert flat_sample(facts_of(bad))["firstName"] == "Jordan"


# --- the form


def test_the_form_shows_every_verdict_passed_and_failed(strict: Sender) -> None:
    strict.source.settings.refresh_from_db()
    change_settings(
        strict.source.settings,
        {"schedule_from": None, "schedule_until": None, "schedule_days": []},
        by=BY,
        reason=REASON,
        now=timezone.now(),
    )
    payload = json.dumps({"phone": "555", "state": "CA", "trusted_form": "x"})
    page = shown(try_out(link_to(strict.source)[1], strict.issued.api_key, payload))
    assert "A real request would be refused" in page
    assert "CA is not allowed; allowed: TX, OK." in page
    assert "Rename “trusted_form” to “trustedFormUrl”." in page
    assert "The source is enabled." in page
    submission = Submission.objects.get()
    assert (submission.dry_run, submission.source) == (True, strict.source)
    assert not Lead.objects.exists()


@pytest.mark.parametrize("shape", ["flat", "structured"])
def test_a_good_lead_passes_in_either_shape(waived_sender: Sender, shape: str) -> None:
    page = Client().get(link_to(waived_sender.source)[1]).text
    tried = try_out(
        link_to(waived_sender.source)[1],
        waived_sender.issued.api_key,
        block(page, f"payload-{shape}"),
        shape=shape,
    )
    assert "A real request would be accepted" in shown(tried)
    assert not Lead.objects.exists()


def test_a_full_dry_run_asks_the_certificate_service(sender: Sender, sandbox: str) -> None:
    lead = {"phone": "+15125550123", "trustedFormUrl": "https://cert.trustedform.com/mismatch-1"}
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, json.dumps(lead), mode="full")
    assert "A real request would be held" in shown(tried)


def test_a_key_of_another_source_opens_nothing_and_is_counted(sender: Sender) -> None:
    other = SenderFactory.create()
    for key in (other.issued.api_key, "", "lp_nonsense", "\x00", "é" * 50):
        tried = try_out(link_to(sender.source)[1], key, "{}")
        assert "This key does not open this source" in shown(tried)
    assert not Submission.objects.exists()


def test_no_credential_is_repeated_wherever_it_was_put(waived_sender: Sender) -> None:
    key = waived_sender.issued.api_key
    payload = json.dumps({"phone": "+15125550123", "note": key, key: "x", "password": "hunter2hunter2"})
    tried = try_out(link_to(waived_sender.source)[1], key, payload)
    assert tried.status_code == 200
    for secret in (key, "hunter2hunter2"):
        assert secret not in tried.text
        assert secret not in str(tried.cookies)
        assert secret not in Submission.objects.get().body


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"phone": "\\u0000"}', "\x00", "{" * 500, "x" * 70_000])
def test_what_is_no_lead_is_told_as_the_door_tells_it(sender: Sender, payload: str) -> None:
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, payload)
    assert tried.status_code == 200
    assert "A real request would be refused" in shown(tried)


def test_a_choice_that_is_none_sends_nothing(sender: Sender) -> None:
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, "{}", shape="round")
    assert "Choose a shape and a kind of dry run." in shown(tried)
    assert not Submission.objects.exists()


# --- OpenAPI


def openapi_of(source: Source) -> dict[str, Any]:
    answer = Client().get(f"{link_to(source)[1]}/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


def test_the_description_is_valid_and_of_this_source_alone(strict: Sender) -> None:
    described = openapi_of(strict.source)
    validate(described)
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "http://testserver"}]
    assert "/leads/{id}" not in described["paths"]
    assert "get" not in described["paths"]["/leads"]
    assert not {"LeadBody", "LeadPage"} & set(described["components"]["schemas"])


def test_the_description_asks_for_what_this_source_needs(strict: Sender) -> None:
    described = openapi_of(strict.source)
    schemas = described["components"]["schemas"]
    flat = schemas["FlatPayload"]
    assert flat["required"] == ["product", "state", "trustedFormUrl", "vertical"]
    assert flat["anyOf"] == [{"required": ["phone"]}, {"required": ["email"]}]
    assert flat["properties"]["state"]["enum"] == ["TX", "OK"]
    assert schemas["MetadataFields"]["required"] == ["product", "trustedFormUrl", "vertical"]
    assert schemas["StreetAddress"]["required"] == ["state"]
    assert "streetAddress" in schemas["Contact"]["required"]
    query = {one["name"]: one for one in described["paths"]["/leads/intake"]["get"]["parameters"]}
    assert (query["state"]["required"], query["state"]["schema"]["enum"]) == (True, ["TX", "OK"])


def test_a_source_without_restrictions_has_none_in_its_description(waived_source: Source) -> None:
    described = openapi_of(waived_source)
    validate(described)
    flat = described["components"]["schemas"]["FlatPayload"]
    assert flat["required"] == []
    assert "enum" not in flat["properties"]["state"]


def test_every_door_is_described(source: Source) -> None:
    whole = json.loads(schema_text("json"))["paths"]
    doors = {
        path
        for path, told in whole.items()
        if any({DOORS, BATCHES} & {*one["tags"]} for one in told.values())
    }
    assert doors <= set(openapi_of(source)["paths"])
    assert all(f"http://testserver{path} " in read(source) for path in doors)


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
