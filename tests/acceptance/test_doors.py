"""The three doors as their contract states them."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from pytest_django import Settings

from compliance.models import CertificateCheck
from leads.models import Lead, Submission
from sources.lifecycle import change_source, pause_source
from tests.senders import CERTIFICATES, JSON, Answer, Sender, certificate, codes, flat_lead, structured_lead
from tests.situations import BY, REASON, SenderFactory

Knock = Callable[[Sender, dict[str, str], dict[str, str]], Answer]


def post_structured(sender: Sender, headers: dict[str, str], query: dict[str, str]) -> Answer:
    body = json.dumps(structured_lead())
    return sender.client.post(f"/leads?{urlencode(query)}", body, content_type=JSON, headers=headers)


def post_flat(sender: Sender, headers: dict[str, str], query: dict[str, str]) -> Answer:
    body = json.dumps(flat_lead())
    return sender.client.post(f"/leads/intake?{urlencode(query)}", body, content_type=JSON, headers=headers)


def get_flat(sender: Sender, headers: dict[str, str], query: dict[str, str]) -> Answer:
    return sender.client.get(f"/leads/intake?{urlencode({**flat_lead(), **query})}", headers=headers)


DOORS: dict[str, Knock] = {"POST /leads": post_structured, "POST intake": post_flat, "GET intake": get_flat}
doors = pytest.mark.parametrize("knock", DOORS.values(), ids=DOORS.keys())

Form = Callable[[Sender], tuple[dict[str, str], dict[str, str]]]


def basic(sender: Sender) -> tuple[dict[str, str], dict[str, str]]:
    pair = f"{sender.issued.api_key}:{sender.issued.api_secret}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, {}


FORMS: dict[str, Form] = {
    "headers": lambda sender: (sender.credentials, {}),
    "query": lambda sender: ({}, {"sourceId": sender.source.public_id, "apiKey": sender.issued.api_key}),
    "query in any case": lambda sender: (
        {},
        {"SOURCEID": sender.source.public_id.upper(), "apikey": sender.issued.api_key},
    ),
    "basic": basic,
    "bearer": lambda sender: ({"Authorization": f"Bearer {sender.issued.api_key}"}, {}),
    "headers and bearer alike": lambda sender: (
        {**sender.credentials, "Authorization": f"Bearer {sender.issued.api_key}"},
        {},
    ),
}


@doors
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_form_of_credentials_opens_each_door(waived_sender: Sender, knock: Knock, form: Form) -> None:
    response = knock(waived_sender, *form(waived_sender))
    assert (response.status_code, response.json()["status"]) == (201, "accepted")
    assert Lead.objects.get().source_id == waived_sender.source.pk


@doors
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_only_credentials_in_the_address_are_warned_of(
    waived_sender: Sender, knock: Knock, form: Form
) -> None:
    warnings = knock(waived_sender, *form(waived_sender)).json()["warnings"]
    in_query = bool(form(waived_sender)[1])
    assert [item["code"] for item in warnings] == (["credentials_in_query"] if in_query else [])


@doors
def test_a_key_in_the_address_is_stored_nowhere(waived_sender: Sender, knock: Knock) -> None:
    knock(waived_sender, *FORMS["query"](waived_sender))
    submission, lead = Submission.objects.get(), Lead.objects.get()
    assert waived_sender.issued.api_key not in repr((vars(submission), vars(lead)))


STRANGERS: dict[str, tuple[Form, str]] = {
    "none": (lambda sender: ({}, {}), "credentials_missing"),
    "id alone": (
        lambda sender: ({"X-Leadping-Source-Id": sender.source.public_id}, {}),
        "credentials_missing",
    ),
    "wrong key": (
        lambda sender: ({**sender.credentials, "X-Leadping-Source-Key": "lp_source_key"}, {}),
        "credentials_invalid",
    ),
    "user token": (lambda sender: ({"Authorization": "Bearer lpu_x"}, {}), "credentials_invalid"),
    "two sets": (
        lambda sender: (sender.credentials, {"sourceId": "source_1", "apiKey": "lp_1"}),
        "credentials_conflict",
    ),
}


@doors
@pytest.mark.parametrize(("form", "code"), STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_told_how_to_sign_in(
    waived_sender: Sender, knock: Knock, form: Form, code: str
) -> None:
    response = knock(waived_sender, *form(waived_sender))
    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response["WWW-Authenticate"] == 'Basic realm="leadping", Bearer realm="leadping"'
    assert response["Content-Type"] == "application/problem+json"
    assert not Submission.objects.exists()


SHUT: dict[str, tuple[Callable[[Sender], None], str]] = {
    "disabled": (
        lambda sender: change_source(
            sender.source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now()
        ),
        "source_disabled",
    ),
    "paused": (
        lambda sender: pause_source(sender.source, by=BY, reason=REASON, now=timezone.now()),
        "source_paused",
    ),
    "unattached": (
        lambda sender: change_source(
            sender.source, {"account": None}, by=BY, reason=REASON, now=timezone.now()
        ),
        "source_unattached",
    ),
}


@doors
@pytest.mark.parametrize(("shut", "code"), SHUT.values(), ids=SHUT.keys())
def test_a_source_that_may_not_send_is_told_why_and_leaves_a_submission(
    waived_sender: Sender, knock: Knock, shut: Callable[[Sender], None], code: str
) -> None:
    shut(waived_sender)
    response = knock(waived_sender, waived_sender.credentials, {})
    assert (response.status_code, codes(response)) == (403, [code])
    assert Submission.objects.get().public_id == response.json()["submissionId"]


@pytest.mark.parametrize(
    ("terms", "sent", "expected"),
    [
        ({"states": ["OK"]}, {}, ["state_not_allowed"]),
        ({"states": ["OK"]}, {"state": None}, ["state_missing"]),
        ({"products": ["Solar"]}, {}, ["product_not_allowed"]),
        ({"products": ["Solar"]}, {"product": None}, ["product_missing"]),
        ({"states": ["OK"], "products": ["Solar"]}, {}, ["state_not_allowed", "product_not_allowed"]),
        ({}, {"phone": None, "email": None}, ["contact_missing"]),
    ],
)
def test_what_the_terms_do_not_allow_is_refused(
    business: object, terms: dict[str, Any], sent: dict[str, Any], expected: list[str]
) -> None:
    options = {f"terms__{name}": value for name, value in terms.items()}
    response = SenderFactory.create(business=business, waived=True, **options).post(flat_lead(**sent))
    assert (response.status_code, codes(response)) == (400, expected)


def test_an_unapproved_source_is_refused(business: object) -> None:
    response = SenderFactory.create(business=business, approved=False).post()
    assert (response.status_code, codes(response)) == (400, ["source_not_approved"])


@pytest.mark.parametrize("path", ["/leads", "/leads/", "/leads/intake", "/leads/intake/"])
def test_a_slash_at_the_end_makes_no_difference(waived_sender: Sender, path: str) -> None:
    lead = structured_lead() if "intake" not in path else flat_lead()
    assert waived_sender.send(json.dumps(lead), path=path).status_code == 201


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0", "nonsense", ""])
def test_what_the_sender_would_rather_accept_is_ignored(waived_sender: Sender, accept: str) -> None:
    response = waived_sender.post(flat_lead(), Accept=accept)
    assert (response.status_code, response["Content-Type"]) == (201, "application/json")


def test_every_answer_has_a_request_id_of_its_own(waived_sender: Sender) -> None:
    ids = {waived_sender.post(lead)["X-Request-Id"] for lead in (flat_lead(), flat_lead(), {"phone": "x"})}
    assert len(ids) == 3
    assert all(request_id.startswith("req_") for request_id in ids)


@doors
def test_no_answer_is_cached_or_open_to_browsers(waived_sender: Sender, knock: Knock) -> None:
    response = knock(waived_sender, {**waived_sender.credentials, "Origin": "https://example.com"}, {})
    assert response["Cache-Control"] == "no-store"
    assert not [name for name, _ in response.items() if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/leads", "/leads/intake"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_other_method_creates_anything(waived_sender: Sender, path: str, method: str) -> None:
    response = waived_sender.client.generic(
        method,
        f"{path}?{urlencode(flat_lead())}",
        json.dumps(flat_lead()),
        content_type=JSON,
        headers=waived_sender.credentials,
    )
    assert response.status_code in {204, 401, 405}
    assert not Submission.objects.exists()
    assert not Lead.objects.exists()


def test_a_method_that_is_not_answered_is_told_which_are(waived_sender: Sender) -> None:
    response = waived_sender.client.put("/leads/intake", headers=waived_sender.credentials)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(response["Allow"].split(", "))


def test_the_flat_doors_record_the_requests_own_address_and_browser_apart(waived_sender: Sender) -> None:
    sent = flat_lead(ipAddress="203.0.113.7", userAgent="Mozilla/5.0 (the consumer)")
    waived_sender.post(sent, User_Agent="poster/1.0")
    submission, lead = Submission.objects.get(), Lead.objects.get()
    assert (submission.ip, submission.user_agent) == ("127.0.0.1", "poster/1.0")
    assert (lead.ip_address, lead.user_agent) == ("203.0.113.7", "Mozilla/5.0 (the consumer)")


# What the certificate service's stand-in answers: the status, and what is refused or held.
OUTCOMES = {
    "valid": (201, "accepted", "verified", []),
    "slow": (201, "accepted", "verified", []),
    "mismatch": (201, "audit", "mismatch", ["certificate_mismatch"]),
    "overclaimed": (201, "audit", "overclaimed", ["certificate_overclaimed"]),
    "wrong-key": (201, "audit", "pending", ["certificate_unavailable"]),
    "inactive": (201, "audit", "pending", ["certificate_unavailable"]),
    "unavailable-product": (201, "audit", "pending", ["certificate_unavailable"]),
    "error": (201, "audit", "pending", ["certificate_unavailable"]),
    "html": (201, "audit", "pending", ["certificate_unavailable"]),
    "hang": (201, "audit", "pending", ["certificate_unavailable"]),
    "reset": (201, "audit", "pending", ["certificate_unavailable"]),
    "expired": (400, None, None, ["certificate_not_found"]),
    "not-found": (400, None, None, ["certificate_not_found"]),
    "malformed": (400, None, None, ["certificate_malformed"]),
    "sandbox": (400, None, None, ["certificate_not_claimable"]),
}
outcomes = pytest.mark.parametrize(
    ("scenario", "status", "lead_status", "outcome", "because"),
    [(scenario, *expected) for scenario, expected in OUTCOMES.items()],
)


@outcomes
def test_each_answer_of_trustedform_has_its_effect(
    sender: Sender,
    sandbox: str,
    settings: Settings,
    scenario: str,
    status: int,
    lead_status: str | None,
    outcome: str | None,
    because: list[str],
) -> None:
    settings.TRUSTEDFORM_TIMEOUT = (0.5, 0.3 if scenario == "hang" else 2)
    response = sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    body = response.json()
    assert response.status_code == status
    if status == 201:
        assert (body["status"], body["trustedForm"]["outcome"]) == (lead_status, outcome)
        assert [(item["code"], item["field"]) for item in body["held"]] == [
            (code, "trustedFormUrl") for code in because
        ]
        assert CertificateCheck.objects.get().sandbox is (scenario not in {"hang", "reset"})
    else:
        assert [(item["code"], item["field"]) for item in body["errors"]] == [(because[0], "trustedFormUrl")]
        assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "scenario", [scenario for scenario, expected in OUTCOMES.items() if expected[2] == "pending"]
)
def test_where_the_outage_policy_is_to_refuse_an_outage_refuses(
    business: object, sandbox: str, settings: Settings, scenario: str
) -> None:
    settings.TRUSTEDFORM_TIMEOUT = (0.5, 0.3)
    sender = SenderFactory.create(business=business, settings__outage_policy="refuse")
    response = sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    assert (response.status_code, codes(response)) == (400, ["certificate_unavailable"])


@pytest.mark.parametrize("scenario", ["mismatch", "overclaimed"])
def test_an_outage_policy_says_nothing_about_real_answers(
    business: object, sandbox: str, scenario: str
) -> None:
    sender = SenderFactory.create(business=business, settings__outage_policy="refuse")
    response = sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    assert (response.status_code, response.json()["status"]) == (201, "audit")


def test_a_service_that_is_away_holds_the_lead(sender: Sender) -> None:
    response = sender.post()
    assert (response.status_code, response.json()["status"]) == (201, "audit")


@pytest.mark.parametrize(
    ("scenario", "lead_status", "outcome"),
    [
        ("valid", "accepted", "reachable"),
        ("mismatch", "accepted", "reachable"),
        ("error", "audit", "pending"),
    ],
)
def test_without_an_api_key_the_certificates_page_must_answer(
    sender: Sender, sandbox: str, settings: Settings, scenario: str, lead_status: str, outcome: str
) -> None:
    settings.TRUSTEDFORM_API_KEY = ""
    body = sender.post(flat_lead(trustedFormUrl=certificate(scenario))).json()
    assert (body["status"], body["trustedForm"]["outcome"]) == (lead_status, outcome)


def test_without_an_api_key_a_page_that_is_gone_refuses(
    sender: Sender, sandbox: str, settings: Settings
) -> None:
    settings.TRUSTEDFORM_API_KEY = ""
    response = sender.post(flat_lead(trustedFormUrl=certificate("expired")))
    assert (response.status_code, codes(response)) == (400, ["certificate_not_found"])


def test_where_it_is_asked_for_the_certificates_expiry_is_told(business: object, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_asks_expiry=True)
    told = sender.post().json()["trustedForm"]
    assert (told["outcome"], told["expiresAt"][-1]) == ("verified", "Z")


def test_trustedform_is_not_asked_about_a_lead_that_is_refused_anyway(sender: Sender, sandbox: str) -> None:
    response = sender.post(flat_lead(state="Texass", trustedFormUrl=certificate("not-found")))
    assert codes(response) == ["state_unknown"]


def test_an_approved_exception_waives_the_certificate(waived_sender: Sender) -> None:
    body = waived_sender.post(flat_lead(trustedFormUrl=None)).json()
    assert (body["status"], body["trustedForm"]) == ("accepted", {"outcome": "waived", "expiresAt": None})


@pytest.mark.parametrize("url", ["nonsense", "https://example.com", f"{CERTIFICATES}not-found"])
def test_where_it_is_waived_no_certificate_refuses(waived_sender: Sender, url: str) -> None:
    assert waived_sender.post(flat_lead(trustedFormUrl=url)).status_code == 201
