"""Samples and OpenAPI of one source: made from its own rules, and true of what the doors do."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import validate

from leadping.accounts.models import Business
from leads.api.contract import BATCHES, DOORS
from leads.api.schema import schema_text
from leads.api.shapes import AnsweredLead, DoorProblem
from leads.posting.answers import list_answers
from leads.posting.samples import flat_sample, structured
from sources.lifecycle import change_settings
from sources.models import Source
from tests.prepared import prepared
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory
from tests.vendors import STRICT, facts_of, link_to, read

pytestmark = pytest.mark.django_db


@prepared
def strict(business: Business) -> Sender:
    sender: Sender = SenderFactory.create(business=business, **STRICT)
    return sender


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
