"""One contract for the certificate service and for our stand-in, built from the published shapes.

The shapes are read as they are, sent by a server that answers only what is asked exactly as published, and
compared with what the sandbox answers over a socket. Our own client asks each time.
"""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from compliance.trustedform.answers import CertificateAnswer, Outcome, read_operations
from leadping.http import HttpAnswer
from tests.unit.asking import ask_at
from tests.unit.contract.shapes import ALL_PROPERTIES, EMAIL, PHONE, SHAPES, Shape

META = "0.rpM21d-abc.OHOMoMFXabcdefghijklmn.1vnf6DTWabcdefghijklmn"
MOBILE = "11NgkzK_mroUbOD1-x66Nig" + "a" * 57
HEADERS = {
    "Authorization": "Basic QVBJOmtleQ==",  # API:key
    "Api-Version": "4.0",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
NAMED = {title: shape for title, shape in SHAPES.items() if shape.name}


def check(answer: CertificateAnswer, shape: Shape) -> None:
    """That the answer is read as the shape says."""
    assert (answer.outcome, answer.http_status) == (shape.outcome, shape.status)
    read = {name: getattr(answer.facts, name) for name in shape.facts}
    assert read == shape.facts
    if isinstance(shape.said, dict):
        assert answer.raw == shape.said


def asked(shape: Shape) -> dict[str, Any]:
    """As the arguments of `ask_at`."""
    insights = shape.asked.get("insights", {})
    return {
        "insights": insights.get("properties", ()),
        "scans": insights.get("scans"),
        "verify": shape.asked.get("verify"),
    }


@pytest.mark.parametrize("title", SHAPES)
def test_a_published_shape_is_read(title: str) -> None:
    shape = SHAPES[title]
    answer = read_operations(HttpAnswer(shape.status, {}, shape.body, "cert.trustedform.com", 0.1))
    check(answer, shape)
    assert answer.expires_at == shape.expires_at


@pytest.mark.parametrize("title", SHAPES)
def test_a_published_shape_is_read_when_the_service_sends_it(title: str, httpserver: HTTPServer) -> None:
    """What is asked otherwise than as published gets a 500, and fails the test."""
    shape = SHAPES[title]
    operations = {"match_lead": {"phone": PHONE, "email": EMAIL}, **shape.asked}
    request = httpserver.expect_request("/some-id", method="POST", headers=HEADERS, json=operations)
    request.respond_with_data(shape.body, status=shape.status)
    check(ask_at(httpserver.url_for("").rstrip("/"), "some-id", **asked(shape)), shape)


@pytest.mark.parametrize("title", NAMED)
def test_the_sandbox_answers_as_the_service_does(title: str, sandbox: str) -> None:
    shape = NAMED[title]
    answer = ask_at(sandbox, shape.name, **asked(shape))
    assert (answer.outcome, answer.http_status) == (shape.outcome, shape.status)
    assert {name: getattr(answer.facts, name) for name in shape.facts} == shape.facts
    assert isinstance(shape.said, dict)
    for name in ("outcome", "reason", "match_lead"):
        assert answer.raw.get(name) == shape.said.get(name)


@pytest.mark.parametrize(
    ("certificate_id", "told"),
    [
        ("valid", set(ALL_PROPERTIES) - {"parent_page_url"}),
        (
            "mobile",
            {
                *("age_seconds", "approx_ip_geo", "confirmed_owner", "created_at", "expires_at", "ip"),
                *("is_masked", "os", "seconds_on_page"),
            },
        ),
        ("meta", {"age_seconds", "confirmed_owner", "created_at", "expires_at"}),
        ("nulls", {"created_at", "expires_at"}),
    ],
)
def test_each_type_of_certificate_tells_its_own_properties_and_null_for_the_others(
    sandbox: str, certificate_id: str, told: set[str]
) -> None:
    properties = ask_at(sandbox, certificate_id, insights=ALL_PROPERTIES).raw["insights"]["properties"]
    assert properties.keys() == set(ALL_PROPERTIES)
    assert {name for name, value in properties.items() if value is not None} == told


@pytest.mark.parametrize(("certificate_id", "told"), [(MOBILE, "seconds_on_page"), (META, "age_seconds")])
def test_an_id_has_the_properties_of_the_type_whose_shape_it_has(
    sandbox: str, certificate_id: str, told: str
) -> None:
    answer = ask_at(sandbox, certificate_id, insights=ALL_PROPERTIES)
    properties = answer.raw["insights"]["properties"]
    assert properties[told] is not None
    assert (properties["page_url"], properties["bot_detected"]) == (None, None)


def test_the_sandbox_shows_the_properties_with_the_types_of_the_specification(sandbox: str) -> None:
    shown = ask_at(sandbox, "valid", insights=ALL_PROPERTIES).raw["insights"]["properties"]
    published = SHAPES["all properties"].said["insights"]["properties"]  # type: ignore[index]
    assert {name: type(value) for name, value in shown.items() if name != "seconds_on_page"} == {
        name: type(value) for name, value in published.items() if name != "seconds_on_page"
    }


@pytest.mark.parametrize(
    ("key", "asks", "refused"),
    [
        ("no-insights", {"insights": ("is_masked",)}, ("insights",)),
        ("no-verify", {"verify": {}}, ("verify",)),
    ],
)
def test_a_key_without_a_product_is_told_which(
    sandbox: str, key: str, asks: dict[str, Any], refused: tuple[str, ...]
) -> None:
    answer = ask_at(sandbox, "valid", api_key=key, **asks)
    assert (answer.outcome, answer.http_status, answer.refused) == (Outcome.MISCONFIGURED, 403, refused)
    assert ask_at(sandbox, "valid", api_key=key).outcome is Outcome.VERIFIED


def test_where_no_product_is_named_it_may_be_any_beyond_the_match(sandbox: str) -> None:
    answer = ask_at(sandbox, "unavailable-product", insights=("is_masked",), verify={})
    assert (answer.refused, answer.operations) == (
        ("insights", "verify"),
        ("match_lead", "insights", "verify"),
    )


@pytest.mark.parametrize("certificate_id", [MOBILE, META])
def test_of_no_web_page_nothing_compared_is_no_mismatch(certificate_id: str) -> None:
    shape = SHAPES["nothing could be compared"]
    received = HttpAnswer(shape.status, {}, shape.body, "cert.trustedform.com", 0.1)
    assert read_operations(received, of_web_page=False).outcome is Outcome.UNMATCHED
    assert not read_operations(received, of_web_page=False).facts.comparable
    assert read_operations(received, of_web_page=True).outcome is Outcome.MISMATCH


def test_without_a_key_the_page_answers_for_the_certificate(sandbox: str) -> None:
    answers = [ask_at(sandbox, name, api_key="") for name in ("valid", "not-found")]
    assert [(answer.outcome, answer.operations) for answer in answers] == [
        (Outcome.REACHABLE, ("page",)),
        (Outcome.NOT_FOUND, ("page",)),
    ]
