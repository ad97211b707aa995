"""The contract about `GET /{id}/validate`, for the service's published answers and for our stand-in."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.validate import ask_to_validate
from tests.unit.contract.test_contract import HEADERS, META, MOBILE

V = Outcome


def success(kind: str) -> dict[str, Any]:
    return {"outcome": "success", "reason": f"This is a valid {kind} certificate id"}


def failure(reason: str) -> dict[str, Any]:
    return {"outcome": "failure", "reason": reason}


OUTLIVED = failure("Certificate is more than 90 days old")
INVALID = failure("This is an invalid certificate id")
# Status, body, what it says of a certificate that is found nowhere, and the sandbox's id for it.
SHAPES: dict[str, tuple[int, Any, Outcome, str]] = {
    "of a page": (200, success("Web"), V.EXPIRED, "gone"),
    "of an app": (200, success("Mobile"), V.EXPIRED, MOBILE),
    "of Meta": (200, success("Facebook"), V.EXPIRED, META),
    "too old": (200, OUTLIVED, V.EXPIRED, "expired"),
    "invented": (200, INVALID, V.INVENTED, "invented"),
    "invented, as printed": (200, failure("This is a invalid certificate id"), V.INVENTED, ""),
    # With which status a failure comes is not documented.
    "invented, 404": (404, INVALID, V.INVENTED, ""),
    "invented, 422": (422, INVALID, V.INVENTED, ""),
    "too old, 410": (410, OUTLIVED, V.EXPIRED, ""),
    # What is not published is not understood.
    "another reason": (200, failure("The moon is full"), V.UNKNOWN, "validate-odd"),
    "no reason": (200, {"outcome": "success"}, V.UNKNOWN, ""),
    "contradicting itself": (200, {**INVALID, "outcome": "success"}, V.UNKNOWN, ""),
    "no outcome": (200, {"reason": INVALID["reason"]}, V.UNKNOWN, ""),
    "not found": (404, {"errors": {"detail": "Not Found"}}, V.UNKNOWN, ""),
    "an answer to operations": (200, {"outcome": "success", "match_lead": {}}, V.UNKNOWN, ""),
    "a list": (200, [], V.UNAVAILABLE, ""),
    # Ours, and trouble.
    "wrong key": (401, {"outcome": "error", "reason": "Unauthorized"}, V.MISCONFIGURED, ""),
    "no funds": (402, {"outcome": "error", "reason": "Account is inactive"}, V.MISCONFIGURED, ""),
    "no such product": (
        403,
        {"outcome": "error", "reason": "Unavailable product requested: Validate"},
        V.MISCONFIGURED,
        "validate-forbidden",
    ),
    "too many requests": (429, {}, V.UNAVAILABLE, ""),
    "server trouble": (
        500,
        {"outcome": "error", "reason": "Internal server error"},
        V.UNAVAILABLE,
        "validate-error",
    ),
}
NAMED = {title: shape for title, shape in SHAPES.items() if shape[3]}


def validate_at(base_url: str, certificate_id: str, **changes: Any) -> CertificateAnswer:
    request = {"api_key": "key", "connect_timeout": 1.0, "read_timeout": 1.0, "allow_loopback": True}
    return ask_to_validate(certificate_id, base_url=base_url, **{**request, **changes})


@pytest.mark.parametrize("title", SHAPES)
def test_a_published_answer_is_read_and_no_other(title: str, httpserver: HTTPServer) -> None:
    status, said, outcome, _ = SHAPES[title]
    request = httpserver.expect_request("/some-id/validate", method="GET", headers=HEADERS)
    request.respond_with_json(said, status=status)
    answer = validate_at(httpserver.url_for("").rstrip("/"), "some-id")
    assert (answer.outcome, answer.http_status, answer.operations) == (outcome, status, ("validate",))


@pytest.mark.parametrize("title", NAMED)
def test_the_sandbox_answers_as_the_service_does(title: str, sandbox: str) -> None:
    status, said, outcome, name = NAMED[title]
    answer = validate_at(sandbox, name)
    assert (answer.outcome, answer.http_status, answer.raw) == (outcome, status, said)


def test_whoever_comes_with_a_wrong_key_is_told_so(sandbox: str) -> None:
    assert validate_at(sandbox, "invented", api_key="wrong").http_status == 401


def test_no_answer_in_time_is_none(sandbox: str) -> None:
    answer = validate_at(sandbox, "validate-hang", read_timeout=0.2)
    assert (answer.outcome, answer.http_status, answer.raw) == (V.UNAVAILABLE, None, {})
