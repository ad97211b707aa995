"""One contract for the certificate service and for our stand-in.

The service speaks here through its published bodies, and only when it is asked exactly as it published.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.sandbox import running_sandbox
from tests.unit.asking import ask_at
from tests.unit.peer import close_kept_connections

Ask = Callable[..., CertificateAnswer]
INSIGHTS = ("age_seconds", "created_at", "domain", "expires_at", "is_masked", "page_url", "parent_page_url")

PERSON = {"phone": "5555550123", "email": "jordan@example.com"}
MATCHED = {**PERSON, "result": {"email_match": True, "phone_match": True, "success": True}}
UNMATCHED = {**PERSON, "result": {"email_match": False, "phone_match": False, "success": False}}
SEEN = {
    "age_seconds": 1036,
    "created_at": "2026-06-14T11:42:30Z",
    "domain": "example.com",
    "expires_at": "2026-06-17T11:42:30Z",
    "is_masked": False,
    "page_url": "https://example.com/quote",
    "parent_page_url": None,
}
GONE = "TrustedForm certificate has expired or could not be found"
MALFORMED = "Malformed certificate id"

# Certificate API v4.0, the specification's answers: status and body, by the sandbox's name for the case.
PUBLISHED: dict[str, tuple[int, dict[str, Any]]] = {
    "valid": (200, {"outcome": "success", "reason": None, "match_lead": MATCHED}),
    "mismatch": (200, {"outcome": "failure", "reason": "No matches found", "match_lead": UNMATCHED}),
    "malformed": (
        400,
        {"errors": {"detail": MALFORMED}, "message": MALFORMED, "outcome": "error", "reason": MALFORMED},
    ),
    "wrong-key": (401, {"outcome": "error", "reason": "Unauthorized"}),
    "inactive": (402, {"outcome": "error", "reason": "Account is inactive"}),
    "unavailable-product": (403, {"outcome": "error", "reason": "Unavailable product requested"}),
    "expired": (404, {"outcome": "error", "reason": GONE}),
    "not-found": (404, {"outcome": "error", "reason": GONE}),
    "sandbox": (405, {"outcome": "error", "reason": "Certificate is not claimable"}),
    "overclaimed": (422, {"outcome": "error", "reason": "Certificate has been claimed too many times"}),
}
READINGS = {
    "valid": Outcome.VERIFIED,
    "mismatch": Outcome.MISMATCH,
    "malformed": Outcome.MALFORMED,
    "wrong-key": Outcome.MISCONFIGURED,
    "inactive": Outcome.MISCONFIGURED,
    "unavailable-product": Outcome.MISCONFIGURED,
    "expired": Outcome.NOT_FOUND,
    "not-found": Outcome.NOT_FOUND,
    "sandbox": Outcome.NOT_CLAIMABLE,
    "overclaimed": Outcome.OVERCLAIMED,
}


def publish(server: HTTPServer) -> str:
    """Makes `server` answer as published; whatever is asked otherwise gets its 500 and fails the test."""
    headers = {
        "Authorization": "Basic QVBJOmtleQ==",  # API:key
        "Api-Version": "4.0",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    for name, (status, body) in PUBLISHED.items():
        request = server.expect_request(
            f"/{name}", method="POST", headers=headers, json={"match_lead": PERSON}
        )
        request.respond_with_json(body, status=status)
    with_insights = {"match_lead": PERSON, "insights": {"properties": list(INSIGHTS)}}
    request = server.expect_request("/valid", method="POST", headers=headers, json=with_insights)
    request.respond_with_json({**PUBLISHED["valid"][1], "insights": {"properties": SEEN}})
    server.expect_request("/valid", method="GET").respond_with_data("<p>page", content_type="text/html")
    server.expect_request("/not-found", method="GET").respond_with_data("gone", status=404)
    return server.url_for("")


@pytest.fixture(params=["published", "sandbox"])
def service(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "published":
        yield publish(request.getfixturevalue("httpserver"))
    else:
        with running_sandbox() as url:
            yield url
    close_kept_connections()


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_published_answer_is_read_alike(service: str, name: str) -> None:
    answer = ask_at(service, name)

    status, body = PUBLISHED[name]
    assert (answer.outcome, answer.http_status, answer.raw) == (READINGS[name], status, body)
    assert answer.reason == (body["reason"] or "")


@pytest.mark.parametrize(("name", "match"), [("valid", True), ("mismatch", False), ("expired", None)])
def test_what_matched_is_told_for_phone_and_email(service: str, name: str, match: bool | None) -> None:
    answer = ask_at(service, name)

    assert (answer.phone_match, answer.email_match) == (match, match)


def test_insights_come_for_the_properties_asked_for(service: str) -> None:
    answer = ask_at(service, "valid", insights=INSIGHTS)

    seen = answer.raw["insights"]["properties"]
    assert {name: type(value) for name, value in seen.items()} == {
        n: type(value) for n, value in SEEN.items()
    }
    assert answer.expires_at
    assert seen["expires_at"] == answer.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_without_a_key_the_page_answers_for_the_certificate(service: str) -> None:
    assert ask_at(service, "valid", api_key="").outcome is Outcome.REACHABLE
    assert ask_at(service, "not-found", api_key="").outcome is Outcome.NOT_FOUND
