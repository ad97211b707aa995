"""The API's description is valid, and the product keeps to it whatever is sent."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode, Response

from compliance.suppression.api.contract import SUPPRESSIONS
from leadping.accounts.models import User
from leadping.accounts.tokens import issue_token
from leadping.wsgi import application
from leads.api import examples
from leads.api.contract import BATCHES, DOORS, USERS, WARNING_CODES
from leads.api.parameters import NAMES
from leads.api.shapes import AnsweredLead
from leads.intake.envelope import LINES
from leads.intake.payload.shapes import FLAT_PATHS
from leads.intake.problems import CATALOGUE
from leads.models import Submission
from tests.senders import Sender
from tests.situations import REASON, take_in

# How many requests each address bears at least; more than 2,000 in all.
LEAST = {
    "postStructuredLead": 560,
    "postFlatLead": 650,
    "getFlatLead": 480,
    "postLeadBatch": 10,
    "listLeads": 320,
    "readLead": 50,
    "readSubmission": 50,
    "readSource": 5,
    "listSuppressions": 200,
    "createSuppression": 150,
    "readSuppression": 50,
    "releaseSuppression": 50,
    "checkSuppression": 150,
    "hearOptOut": 150,
}
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 1,
        "generation": {
            "max-examples": 250,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,
        },
        # Which phones, states and ids exist is more than a schema can say.
        "checks": {"positive_data_acceptance": {"enabled": False}},
        "operations": [
            {"include-path-regex": "{id}$", "generation": {"max-examples": 60}},
            # At the doors blank text means absent, whatever the field's format.
            {"include-tag": DOORS, "checks": {"negative_data_rejection": {"enabled": False}}},
            # The faults of lines are told in an answer that is always 200.
            {"include-tag": BATCHES, "checks": {"negative_data_rejection": {"enabled": False}}},
        ],
    }
)
api = schemathesis.openapi.from_wsgi("/schema", application, config=CONFIG)


class Caller:
    """Knows the credentials for each address, and counts what was asked there."""

    def __init__(self, sender: Sender, user: User) -> None:
        token = issue_token(user, "schemathesis", reason=REASON, now=timezone.now())
        self.of_source = sender.credentials
        self.of_user = {"Authorization": f"Bearer {token}"}
        self.asked: Counter[str] = Counter()

    def ask(self, case: Case) -> Response:
        """Raises what does not match the description."""
        name = case.operation.definition.raw["operationId"]
        self.asked[name] += 1
        return case.call_and_validate(headers=self.of_user if is_for_users(case) else self.of_source)


@pytest.fixture
def caller(waived_sender: Sender, owner: User) -> Caller:
    return Caller(waived_sender, owner)


@pytest.fixture
def tireless_caller(caller: Caller, waived_sender: Sender) -> Iterator[Caller]:
    take_in(waived_sender)
    yield caller
    assert all(number >= LEAST[name] for name, number in caller.asked.items()), caller.asked


def is_for_users(case: Case) -> bool:
    return not {USERS, SUPPRESSIONS}.isdisjoint(tags(case))


def tags(case: Case) -> list[str]:
    return case.operation.tags or []


def serialize_lines(context: Any, value: Any) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


schemathesis.serializer(LINES)(serialize_lines)


def leaves_submission(case: Case, response: Response) -> bool:
    """Whether it was an authenticated request to a door."""
    is_door = not {DOORS, BATCHES}.isdisjoint(tags(case)) and case.method == case.operation.method.upper()
    return is_door and response.status_code != 401


def make_readable(case: Case) -> None:
    """Says what the schema cannot, so that leads are not only refused but judged and stored too."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.path == "/leads" and isinstance(case.body, dict):
        metadata, contact, customer = (sure(case.body[name]) for name in ("metadata", "contact", "customer"))
        address = sure(contact.get("streetAddress") or {}) | {"state": "TX"}
        contact |= {"phone": {"number": "+15125550123"}, "streetAddress": address}
        case.body = {"metadata": metadata, "contact": contact, "customer": customer}
    elif isinstance(case.body, dict) and not is_for_users(case):
        case.body = sure(case.body) | SURE
    elif case.path == "/leads/intake":
        case.query = sure(case.query) | SURE


SURE = {"phone": "+15125550123", "state": "TX"}
UNSURE = {"email", "birthDate", "ipAddress", "price", "landingPage", "referrer"}


def sure(fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in UNSURE}


@pytest.mark.django_db(transaction=True)
@api.parametrize()
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_every_answer_is_as_described_and_every_lead_sent_leaves_a_submission(
    case: Case, tireless_caller: Caller
) -> None:
    before = Submission.objects.count()
    make_readable(case)

    response = tireless_caller.ask(case)

    if BATCHES not in tags(case) or response.status_code != 200:
        assert Submission.objects.count() - before == leaves_submission(case, response)


@pytest.mark.django_db(transaction=True)
def test_what_is_found_is_answered_as_described(caller: Caller, waived_sender: Sender) -> None:
    lead = take_in(waived_sender)
    submission = lead.submissions.get()

    for path, row in (("/leads/{id}", lead), ("/submissions/{id}", submission)):
        response = caller.ask(api[path]["GET"].Case(path_parameters={"id": row.public_id}))
        assert response.json()["id"] == row.public_id


@pytest.fixture
def description(client: Client) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/schema").json()
    return described


def test_the_description_is_valid(description: dict[str, Any]) -> None:
    validate(description)

    assert description["openapi"] == "3.1.0"


def test_it_is_served_as_yaml_too(client: Client, description: dict[str, Any]) -> None:
    assert yaml.safe_load(client.get("/schema?format=yaml").content) == description


def test_it_is_read_only(client: Client) -> None:
    refused = client.post("/schema")

    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert refused["Allow"] == "GET, HEAD, OPTIONS"


def test_every_address_is_described_without_a_closing_slash(description: dict[str, Any]) -> None:
    assert {path: sorted(methods) for path, methods in description["paths"].items()} == {
        "/leads": ["get", "post"],
        "/leads/batch": ["post"],
        "/leads/intake": ["get", "post"],
        "/leads/{id}": ["get"],
        "/opt-outs": ["post"],
        "/source": ["get"],
        "/submissions/{id}": ["get"],
        "/suppressions": ["get", "post"],
        "/suppressions/check": ["post"],
        "/suppressions/{id}": ["get"],
        "/suppressions/{id}/release": ["post"],
    }


def test_the_doors_name_every_form_of_credentials(description: dict[str, Any]) -> None:
    forms: list[dict[str, list[str]]] = [
        {"sourceId": [], "sourceKey": []},
        {"sourceIdInQuery": [], "apiKeyInQuery": []},
        {"basicKeyAndSecret": []},
        {"bearerKey": []},
    ]

    assert description["paths"]["/leads"]["post"]["security"] == forms
    assert description["paths"]["/leads/intake"]["post"]["security"] == forms
    assert description["paths"]["/leads/intake"]["get"]["security"] == forms
    assert description["paths"]["/source"]["get"]["security"] == forms


def test_every_field_of_the_flat_door_is_described_in_all_its_forms(description: dict[str, Any]) -> None:
    intake = description["paths"]["/leads/intake"]
    form = intake["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    query = {one["name"] for one in intake["get"]["parameters"] if one["in"] == "query"}
    fields = set(FLAT_PATHS.values())

    assert set(description["components"]["schemas"]["FlatPayload"]["properties"]) == fields
    assert set(form["properties"]) == fields
    assert query == fields


def test_every_parameter_of_the_list_is_described(description: dict[str, Any]) -> None:
    parameters = description["paths"]["/leads"]["get"]["parameters"]

    assert {one["name"] for one in parameters} == set(NAMES)


def test_every_code_of_a_refusal_is_described_with_its_status(description: dict[str, Any]) -> None:
    told = {
        code: schema["properties"]["status"]["enum"]
        for name, schema in description["components"]["schemas"].items()
        if "Problem" in name
        for code in schema["properties"]["code"]["enum"]
    }
    unsaid = {"request_invalid", "method_not_allowed", "internal_error", *WARNING_CODES}

    assert told == {code: [one.status] for code, one in CATALOGUE.items() if code not in unsaid}


def test_the_shown_answer_has_the_shape_of_an_answer() -> None:
    assert AnsweredLead.model_validate(examples.ACCEPTED).id == examples.ACCEPTED["id"]


@pytest.mark.django_db
def test_the_shown_leads_are_taken_in(waived_sender: Sender) -> None:
    answers = [
        waived_sender.post_structured(examples.STRUCTURED),
        waived_sender.post(examples.FLAT),
        waived_sender.post_form(examples.SHORT),
        waived_sender.get(examples.SHORT),
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    assert [answer.json()["warnings"] for answer in answers] == [[]] * 4
