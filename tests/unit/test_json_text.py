"""JSON as a door reads it."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.intake.payload.json_text import Unreadable, parse_object

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def fault_in(body: bytes) -> tuple[str, str, str | None, str | None]:
    """Code, message, hint and field."""
    with pytest.raises(Unreadable) as caught:
        parse_object(body)
    verdict = caught.value.verdict
    return verdict.code, verdict.detail, verdict.hint, verdict.field


def test_one_object_is_read() -> None:
    assert parse_object('{"a": {"b": [1, null, true, "é"]}}'.encode()) == {"a": {"b": [1, None, True, "é"]}}


def test_money_stays_exact() -> None:
    assert parse_object(b'{"price": 18.10}') == {"price": Decimal("18.10")}


def test_a_long_whole_number_stays_exact() -> None:
    assert parse_object(b'{"phone": 15555550123, "id": 12345678901234567890}') == {
        "phone": 15555550123,
        "id": 12345678901234567890,
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\xff\xfe{}", "The body is not valid UTF-8."),
        (b'{"a": "\xed\xa0\x80"}', "The body is not valid UTF-8."),
        (b"[]", "The body must be one JSON object."),
        (b'"text"', "The body must be one JSON object."),
        (b"null", "The body must be one JSON object."),
        (b'{"a": NaN}', "NaN is not JSON."),
        (b'{"a": Infinity}', "Infinity is not JSON."),
        (b'{"a": -Infinity}', "-Infinity is not JSON."),
        (b'{"a": 1e999}', "The number 1e999 is out of range."),
        (b'{"a": -1.0e400}', "The number -1.0e400 is out of range."),
        (b'{"a": ' + b"9" * 5000 + b"}", "A number in the body has too many digits."),
        (b'{"a": ' + b"[" * 21 + b"]" * 21 + b"}", "The body is nested more than 20 levels deep."),
        (b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "The body is nested more than 20 levels deep."),
        (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, "The body is nested more than 20 levels deep."),
        (json.dumps({str(n): n for n in range(201)}).encode(), "The body has more than 200 keys."),
        (
            json.dumps({"a": [{str(n): n for n in range(100)}] * 2}).encode(),
            "The body has more than 200 keys.",
        ),
        (
            b'{"a": "\x00"}',
            "The body is not valid JSON: Invalid control character at at line 1, column 8.",
        ),
        (b"{} {}", "The body is not valid JSON: Extra data at line 1, column 4."),
    ],
)
def test_what_is_out_of_bounds_is_malformed(body: bytes, message: str) -> None:
    assert fault_in(body)[:2] == ("json_malformed", message)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "The body is empty."),
        (b" \n", "The body is empty."),
        (b"\xef\xbb\xbf{}", "Remove the byte order mark at the beginning."),
        (
            b"firstName=Jordan&email=j",
            "This looks like form data; send it to /leads/intake as application/x-www-form-urlencoded.",
        ),
        (b"{'a': 1}", "JSON text stands in double quotes."),
        (b'{"a": 1,}', "Remove the comma before the closing bracket."),
        (b'{"a": 1', None),
        (b"[]", "Send one lead a request, in { and }."),
    ],
)
def test_a_common_mistake_is_named(body: bytes, hint: str | None) -> None:
    assert fault_in(body)[2] == hint


@pytest.mark.parametrize("body", [b'{"email": 1, "email": 1}', b'{"a": {"email": "x", "email": "y"}}'])
def test_a_name_given_twice_is_named(body: bytes) -> None:
    code, _, _, field = fault_in(body)
    assert (code, field) == ("field_repeated", "email")


@pytest.mark.parametrize("keys", [199, 200])
def test_two_hundred_keys_are_taken(keys: int) -> None:
    assert len(parse_object(json.dumps({str(n): n for n in range(keys)}).encode())) == keys


def test_twenty_levels_are_taken() -> None:
    parse_object(b'{"a":' * 20 + b"1" + b"}" * 20)


@given(st.binary() | ANYTHING.map(json.dumps).map(str.encode))
def test_no_body_makes_it_raise_anything_but_unreadable(body: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(parse_object(body), dict)
