"""What surrounds a lead in its request."""

import pytest

from leads.intake.arrival import BODY_LIMIT, Arrival
from leads.intake.envelope import judge_envelope
from leads.models import Submission
from tests.arrivals import arrival

Door = Submission.Door


def codes(request: Arrival) -> list[str]:
    return [fault.code for fault in judge_envelope(request)]


@pytest.mark.parametrize(
    ("door", "content_type"),
    [
        (Door.STRUCTURED, "application/json"),
        (Door.STRUCTURED, "application/json; charset=UTF-8"),
        (Door.STRUCTURED, 'Application/JSON;charset="utf-8"'),
        (Door.STRUCTURED, ""),
        (Door.FLAT, "application/json"),
        (Door.FLAT, "application/x-www-form-urlencoded"),
        (Door.FLAT, "application/x-www-form-urlencoded; charset=us-ascii"),
        (Door.QUERY, "text/html"),
    ],
)
def test_a_content_type_is_taken(door: Door, content_type: str) -> None:
    assert codes(arrival(door, content_type=content_type)) == []


@pytest.mark.parametrize(
    ("door", "content_type"),
    [
        (Door.STRUCTURED, "application/x-www-form-urlencoded"),
        (Door.FLAT, "multipart/form-data; boundary=x"),
        (Door.FLAT, "text/plain"),
        (Door.FLAT, "application/xml"),
        (Door.FLAT, "application/json; charset=iso-8859-1"),
        (Door.FLAT, "json"),
        (Door.FLAT, "application/json; charset=\x00"),
    ],
)
def test_another_content_type_is_not_taken(door: Door, content_type: str) -> None:
    assert codes(arrival(door, content_type=content_type)) == ["content_type_unsupported"]


def test_a_body_is_taken_up_to_64_kib() -> None:
    assert codes(arrival(sent=b"x" * BODY_LIMIT)) == []
    assert codes(arrival(sent=b"x" * (BODY_LIMIT + 1))) == ["body_too_large"]


def test_a_query_string_is_taken_up_to_8000_characters() -> None:
    assert codes(arrival(Door.QUERY, sent=b"x" * 8_000)) == []
    assert codes(arrival(Door.QUERY, sent=b"x" * 8_001)) == ["address_too_long"]


@pytest.mark.parametrize("key", ["1", "x" * 255, "a key with spaces", "~!@#"])
def test_an_idempotency_key_is_printable_ascii(key: str) -> None:
    assert codes(arrival(idempotency_key=key)) == []


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\x00", "a\x7f", "a\tb"])
def test_another_idempotency_key_is_not_taken(key: str) -> None:
    assert codes(arrival(idempotency_key=key)) == ["idempotency_key_invalid"]


def test_a_dry_run_that_is_neither_of_the_two_is_not_taken() -> None:
    assert codes(arrival(dry_run=None)) == ["dry_run_invalid"]


def test_all_faults_of_the_envelope_are_told_at_once() -> None:
    request = arrival(sent=b"x" * (BODY_LIMIT + 1), content_type="x", idempotency_key="", dry_run=None)
    assert codes(request) == [
        "body_too_large",
        "content_type_unsupported",
        "idempotency_key_invalid",
        "dry_run_invalid",
    ]
