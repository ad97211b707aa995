"""Reading the certificate service's answers: only what it states is taken for a fact."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.trustedform.answers import TEXT_LENGTH, Outcome, read_operations, read_page
from leadping.http import HttpAnswer


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
        ('{"outcome": "success", "fingerprints": {"matching": []}}', 201, Outcome.MISCONFIGURED),
        ('{"outcome": "success"}', 201, Outcome.UNKNOWN),
        ('{"reason": "Match Lead fields not included in request."}', 400, Outcome.MISCONFIGURED),
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
                [
                    *("outcome", "reason", "match_lead", "result", "results", "success", "insights"),
                    *("properties", "age_seconds", "approx_ip_geo", "state", "browser", "user_agent", "ip"),
                    *("form_input_method", "form_input_kpm", "confirmed_owner", "is_masked", "page_url"),
                    *("num_sensitive_form_elements", "scans", "required", "found", "not_found", "verify"),
                    *("languages", "text", "one_to_one", "language_approved"),
                ]
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
