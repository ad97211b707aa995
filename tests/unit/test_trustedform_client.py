"""The client of the certificate service, outcome by outcome, against the sandbox over a real socket."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.trustedform.answers import (
    TEXT_LENGTH,
    CertificateAnswer,
    Outcome,
    read_operations,
    read_page,
)
from compliance.trustedform.sandbox import running_sandbox
from leadping.http import HttpAnswer
from tests.unit.asking import ask_at
from tests.unit.peer import answering, close_kept_connections

HEX = "ff5e209f324c43e2cf57ce1a080e778fecbf8285"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with running_sandbox() as url:
        yield url
        close_kept_connections()


def test_a_certificate_of_this_person_is_verified(service: str) -> None:
    answer = ask_at(service, "example")

    assert answer == CertificateAnswer(
        outcome=Outcome.VERIFIED,
        reason="",
        host="127.0.0.1",
        elapsed_ms=answer.elapsed_ms,
        http_status=200,
        phone_match=True,
        email_match=True,
        sandbox=True,
        raw={
            "outcome": "success",
            "reason": None,
            "match_lead": {
                "email": "jordan@example.com",
                "phone": "5555550123",
                "result": {"email_match": True, "phone_match": True, "success": True},
            },
        },
    )


OUTCOMES = {
    "valid-7": (Outcome.VERIFIED, 200, ""),
    HEX: (Outcome.VERIFIED, 200, ""),
    "mismatch": (Outcome.MISMATCH, 200, "No matches found"),
    "nobody-knows-this": (
        Outcome.NOT_FOUND,
        404,
        "TrustedForm certificate has expired or could not be found",
    ),
    "expired": (Outcome.NOT_FOUND, 404, "TrustedForm certificate has expired or could not be found"),
    "malformed": (Outcome.MALFORMED, 400, "Malformed certificate id"),
    "wrong-key": (Outcome.MISCONFIGURED, 401, "Unauthorized"),
    "inactive": (Outcome.MISCONFIGURED, 402, "Account is inactive"),
    "unavailable-product": (Outcome.MISCONFIGURED, 403, "Unavailable product requested"),
    "sandbox": (Outcome.NOT_CLAIMABLE, 405, "Certificate is not claimable"),
    "overclaimed": (Outcome.OVERCLAIMED, 422, "Certificate has been claimed too many times"),
    "error": (Outcome.UNAVAILABLE, 500, "Internal server error"),
    "html": (Outcome.UNAVAILABLE, 200, "The answer is not a JSON object."),
    "slow": (Outcome.UNAVAILABLE, None, "127.0.0.1 did not answer in time."),
    "hang": (Outcome.UNAVAILABLE, None, "127.0.0.1 did not answer in time."),
    "reset": (Outcome.UNAVAILABLE, None, "127.0.0.1 broke off the conversation."),
}


@pytest.mark.parametrize("certificate_id", OUTCOMES)
def test_whatever_the_service_does_is_an_outcome(service: str, certificate_id: str) -> None:
    answer = ask_at(service, certificate_id)

    assert (answer.outcome, answer.http_status, answer.reason) == OUTCOMES[certificate_id]
    assert answer.host == "127.0.0.1"


def test_the_vendors_words_are_kept_as_received(service: str) -> None:
    reason = "Malformed certificate id"
    assert ask_at(service, "malformed").raw == {
        "outcome": "error",
        "reason": reason,
        "message": reason,
        "errors": {"detail": reason},
    }


def test_what_is_no_json_is_kept_as_text(service: str) -> None:
    assert ask_at(service, "html").raw["text"].startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("contact", "matches"),
    [({"phone": ""}, (None, True)), ({"email": ""}, (True, None))],
)
def test_what_was_not_compared_is_neither_a_match_nor_a_mismatch(
    service: str, contact: dict[str, str], matches: tuple[bool | None, bool | None]
) -> None:
    answer = ask_at(service, "example", **contact)

    assert (answer.outcome, answer.phone_match, answer.email_match) == (Outcome.VERIFIED, *matches)


def test_insights_are_asked_when_named_and_tell_when_the_certificate_expires(service: str) -> None:
    answer = ask_at(service, "example", insights=("expires_at", "domain"))

    assert answer.raw["insights"]["properties"].keys() == {"expires_at", "domain"}
    assert answer.expires_at
    assert timedelta(hours=71) < answer.expires_at - datetime.now(UTC) < timedelta(hours=72)


def test_an_insight_that_the_service_does_not_know_is_not_the_certificates_fault(service: str) -> None:
    answer = ask_at(service, "example", insights=("shoe_size",))

    assert (answer.outcome, answer.reason) == (Outcome.UNKNOWN, "Invalid property key(s) requested")


@pytest.mark.parametrize(
    ("certificate_id", "outcome"),
    [
        ("example", Outcome.REACHABLE),
        ("sandbox", Outcome.REACHABLE),
        ("expired", Outcome.NOT_FOUND),
        ("nobody-knows-this", Outcome.NOT_FOUND),
        ("error", Outcome.UNAVAILABLE),
        ("malformed", Outcome.UNKNOWN),
        ("hang", Outcome.UNAVAILABLE),
    ],
)
def test_without_a_key_only_the_page_is_looked_at(
    service: str, certificate_id: str, outcome: Outcome
) -> None:
    assert ask_at(service, certificate_id, api_key="").outcome is outcome


def test_a_service_that_nobody_runs_is_unavailable() -> None:
    answer = ask_at("http://127.0.0.1:9", "example")

    assert answer == CertificateAnswer(
        outcome=Outcome.UNAVAILABLE,
        reason="127.0.0.1 could not be connected to.",
        host="127.0.0.1",
        elapsed_ms=answer.elapsed_ms,
    )


@pytest.mark.parametrize(
    ("base_url", "allowed"), [("http://127.0.0.1:9", False), ("https://10.0.0.1", True), ("nonsense", True)]
)
def test_an_address_that_may_not_be_called_is_our_configuration(base_url: str, allowed: bool) -> None:
    assert ask_at(base_url, "example", allow_loopback=allowed).outcome is Outcome.MISCONFIGURED


def test_our_key_stays_with_the_service_when_it_redirects() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with answering(moved) as peer:
        answer = ask_at(peer.url, "example")

    assert (answer.outcome, answer.http_status) == (Outcome.UNAVAILABLE, 302)
    assert len(peer.requests) == 1


def test_an_id_is_one_segment_of_the_path_whatever_it_holds() -> None:
    with answering(b"") as peer:
        ask_at(peer.url, "../admin?x=1#y")

    assert peer.requests[0].startswith(b"POST /..%2Fadmin%3Fx%3D1%23y HTTP/1.1\r\n")


def test_the_time_that_it_took_is_told(service: str) -> None:
    started = monotonic()
    answer = ask_at(service, "delay-100")

    assert 100 <= answer.elapsed_ms <= (monotonic() - started) * 1000 + 1


def said(body: str | bytes, status: int = 200) -> HttpAnswer:
    return HttpAnswer(
        status, {}, body.encode() if isinstance(body, str) else body, "cert.trustedform.com", 0.25
    )


MATCH = '{"outcome": %s, "match_lead": {"result": {"success": %s, "phone_match": %s, "email_match": null}}}'


@pytest.mark.parametrize(
    ("outcome", "success", "phone", "expected"),
    [
        ('"success"', "true", "false", (Outcome.VERIFIED, False)),
        ('"failure"', "true", "true", (Outcome.VERIFIED, True)),
        ('"success"', '"true"', '"False"', (Outcome.VERIFIED, False)),
        ('"failure"', "false", "false", (Outcome.MISMATCH, False)),
        ('"success"', "null", "null", (Outcome.MISMATCH, None)),
        ('"success"', '"null"', '"null"', (Outcome.MISMATCH, None)),
        ('"error"', "true", "true", (Outcome.UNKNOWN, True)),
        ('"perhaps"', "true", "true", (Outcome.UNKNOWN, True)),
        ('["success"]', "[]", "{}", (Outcome.UNKNOWN, None)),
    ],
)
def test_only_a_match_that_the_service_states_is_one(
    outcome: str, success: str, phone: str, expected: tuple[Outcome, bool | None]
) -> None:
    answer = read_operations(said(MATCH % (outcome, success, phone)))

    assert (answer.outcome, answer.phone_match) == expected


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        ('{"outcome": "success"}', 200, Outcome.UNKNOWN),
        ('{"outcome": "success", "match_lead": {"result": null}}', 200, Outcome.UNKNOWN),
        ('{"outcome": "success", "fingerprints": {"matching": []}}', 201, Outcome.UNKNOWN),
        ('{"reason": "Match Lead fields not included in request."}', 400, Outcome.UNKNOWN),
        ('{"message": "certificate not found"}', 404, Outcome.NOT_FOUND),
        ("{}", 410, Outcome.NOT_FOUND),
        ("{}", 418, Outcome.UNKNOWN),
        ("{}", 429, Outcome.UNAVAILABLE),
        ("{}", 503, Outcome.UNAVAILABLE),
        ("<h1>Not Found</h1>", 404, Outcome.UNAVAILABLE),
        ("", 200, Outcome.UNAVAILABLE),
        ("[]", 200, Outcome.UNAVAILABLE),
        ('"success"', 200, Outcome.UNAVAILABLE),
        ('{"outcome": "success", "score": NaN}', 200, Outcome.UNAVAILABLE),
        ('{"outcome": "success", "score": 1e999}', 200, Outcome.UNAVAILABLE),
        ('{"outcome": "\\ud800"}', 200, Outcome.UNAVAILABLE),
        ('{"outcome": "\\u0000"}', 200, Outcome.UNAVAILABLE),
        (b'{"outcome": "\xff"}', 200, Outcome.UNAVAILABLE),
        ('{"a":' * 100_000, 200, Outcome.UNAVAILABLE),
    ],
)
def test_an_answer_of_no_known_shape_proves_nothing(body: str | bytes, status: int, outcome: Outcome) -> None:
    assert read_operations(said(body, status)).outcome is outcome


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"reason": "null"}', ""),
        ('{"reason": null, "message": "gone"}', "gone"),
        ('{"errors": {"detail": "gone"}}', "gone"),
        ('{"reason": ["gone"]}', ""),
    ],
)
def test_the_reason_is_found_where_the_service_put_it(body: str, reason: str) -> None:
    assert read_operations(said(body, 404)).reason == reason


EXPIRY = datetime(2026, 9, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "expires_at"),
    [
        ('{"insights": {"properties": {"expires_at": "2026-09-12T12:00:00Z"}}}', EXPIRY),
        ('{"retain": {"results": {"expires_at": "2026-09-12T12:00:00.000Z"}}}', EXPIRY),
        ('{"retain": {"result": {"expires_at": "2026-09-12T07:00:00-05:00"}}}', EXPIRY),
        ('{"insights": {"properties": {"expires_at": "2026-09-12T12:00:00"}}}', EXPIRY),
        ('{"insights": {"properties": {"expires_at": null}}}', None),
        ('{"insights": {"properties": {"expires_at": "soon"}}}', None),
        ('{"insights": {"properties": {"expires_at": "0001-01-01T00:00:00+14:00"}}}', None),
        ('{"insights": []}', None),
    ],
)
def test_the_expiry_is_an_aware_moment_or_nothing(body: str, expires_at: datetime | None) -> None:
    assert read_operations(said(body)).expires_at == expires_at


def test_of_a_long_text_the_beginning_is_kept_without_nul() -> None:
    answer = read_operations(said("\0" + "é" * 10_000))

    assert answer.raw == {"text": "\ufffd" + "é" * (TEXT_LENGTH - 1)}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["success", "true", "null"]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["outcome", "reason", "match_lead", "result", "results", "success", "insights", "properties"]
            ),
            inner,
        )
    ),
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()), st.integers(100, 599))
def test_no_answer_can_make_the_reading_fail(body: bytes, status: int) -> None:
    for read in (read_operations, read_page):
        answer = read(said(body, status))
        json.dumps(answer.raw, allow_nan=False, ensure_ascii=False).encode()
        assert answer.outcome in Outcome
