"""Form bodies and query strings, brought to the flat JSON shape."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadping.redaction import REDACTED
from leads.intake.payload.forms import (
    as_object,
    in_documented_case,
    parse_pairs,
    redact_pairs,
    sent_names,
    without_credentials,
)
from leads.intake.payload.json_text import Unreadable


def fields_of(encoded: str) -> dict[str, Any]:
    fields, findings = as_object(parse_pairs(encoded.encode()))
    assert findings == []
    return fields


def findings_in(encoded: str) -> list[tuple[str, str | None]]:
    _, findings = as_object(parse_pairs(encoded.encode()))
    return [(finding.code, finding.field) for finding in findings]


@pytest.mark.parametrize(
    ("encoded", "fields"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("name=Jos%C3%A9+Mar%C3%ADa", {"name": "José María"}),
        ("a=&b", {"a": "", "b": ""}),
        ("a=1=2", {"a": "1=2"}),
        ("phone=%2B15125550123", {"phone": "+15125550123"}),
    ],
)
def test_fields_are_decoded(encoded: str, fields: dict[str, str]) -> None:
    assert fields_of(encoded) == fields


@pytest.mark.parametrize("encoded", [b"a=\xff", b"a=%FF", b"a=%C3%28", "a=é".encode()])
def test_what_is_not_percent_encoded_utf_8_is_malformed(encoded: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_pairs(encoded)
    assert caught.value.verdict.code == "form_malformed"


def test_two_hundred_fields_are_taken_and_no_more() -> None:
    assert len(parse_pairs(b"&".join(b"a%d=1" % n for n in range(200)))) == 200
    with pytest.raises(Unreadable) as caught:
        parse_pairs(b"&".join(b"a%d=1" % n for n in range(201)))
    assert caught.value.verdict.code == "form_malformed"


@pytest.mark.parametrize("encoded", ["a=1&a=1", "a=1&a=+1+", "a=1&a=", "a=&a=1", "a=+&a=1"])
def test_a_field_given_twice_alike_is_one(encoded: str) -> None:
    assert findings_in(encoded) == []
    assert fields_of(encoded)["a"].strip() == "1"


def test_a_field_of_the_metadata_given_twice_differently_is_a_fault() -> None:
    assert findings_in("sourceMetadata[a]=1&sourceMetadata[a]=2&sourceMetadata[b]=1") == [
        ("field_repeated", "sourceMetadata[a]")
    ]


def test_a_field_given_twice_differently_is_a_fault() -> None:
    assert findings_in("email=a&email=b&email=c") == [("field_repeated", "email")] * 2


def test_of_several_certificates_the_first_is_taken_with_a_warning() -> None:
    fields, findings = as_object([("trustedFormUrl", "one"), ("trustedFormUrl", "two")])
    assert fields == {"trustedFormUrl": "one"}
    assert [finding.code for finding in findings] == ["certificate_several"]


@pytest.mark.parametrize(
    "encoded",
    [
        'sourceMetadata={"placement": "top", "n": 1}',
        "sourceMetadata[placement]=top&sourceMetadata[n]=1",
        "sourceMetadata%5Bplacement%5D=top&sourcemetadata[n]=1",
        'sourceMetadata={"placement": "top"}&sourceMetadata[n]=1',
    ],
)
def test_metadata_comes_as_json_text_or_field_by_field(encoded: str) -> None:
    metadata = fields_of(encoded)["sourceMetadata"]
    assert {name: str(value) for name, value in metadata.items()} == {"placement": "top", "n": "1"}


@pytest.mark.parametrize("text", ["top", "[1]", "{", '{"a": 1, "a": 2}', '{"a": NaN}'])
def test_metadata_that_is_no_object_stays_text_for_its_field_to_refuse(text: str) -> None:
    assert as_object([("sourceMetadata", text)])[0] == {"sourceMetadata": text}


def test_names_of_the_query_match_in_any_case_and_keep_how_they_were_written() -> None:
    pairs = [("TrustedFormUrl", "x"), ("FIRSTNAME", "y"), ("Other", "z")]
    assert in_documented_case(pairs) == [("trustedFormUrl", "x"), ("firstName", "y"), ("Other", "z")]
    assert sent_names(pairs) == {"trustedFormUrl": "TrustedFormUrl", "firstName": "FIRSTNAME"}


def test_credentials_are_no_fields_of_the_lead() -> None:
    assert without_credentials([("sourceId", "1"), ("APIKEY", "2"), ("email", "3")]) == [("email", "3")]


def test_credentials_are_taken_out_of_what_is_stored() -> None:
    key = "lp_AbCd0123_" + "0" * 38
    assert redact_pairs([("apiKey", "x"), ("password", ""), ("note", f"k {key}"), (key, "v")]) == [
        ("apiKey", REDACTED),
        ("password", ""),
        ("note", f"k {REDACTED}"),
        (REDACTED, "v"),
    ]


@given(st.binary() | st.text().map(str.encode))
def test_no_body_makes_it_raise_anything_but_unreadable(encoded: bytes) -> None:
    with suppress(Unreadable):
        as_object(in_documented_case(parse_pairs(encoded)))
