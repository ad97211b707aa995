"""The types of a payload's fields, each as the flat shape uses it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from leads.intake.payload.fields import USUAL_EMAIL
from leads.intake.payload.shapes import FLAT_PATHS
from leads.intake.problems import CATALOGUE
from tests.readings import read_flat


def value_of(name: str, value: Any) -> Any:
    reading = read_flat({name: value})
    assert reading.faults == []
    field = next(field for field, path in FLAT_PATHS.items() if path == name)
    return getattr(reading.draft, field)


def codes_of(name: str, value: Any) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in read_flat({name: value}).faults]


@pytest.mark.parametrize("text", ["1970-01-15", "2024-02-29", "1900-01-01", "2026-06-14"])
def test_a_real_date_is_read(text: str) -> None:
    assert value_of("birthDate", text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "value",
    [
        "2026-06-15",
        "9999-12-31",
        "1970-02-30",
        "1970-13-01",
        "0000-01-01",
        "1970-1-5",
        "01/15/1970",
        "19700115",
        "1970-W03-4",
        "1970-01-15T00:00:00",
        "\u0661\u0669\u0667\u0660-\u0660\u0661-\u0661\u0665",
        "yesterday",
    ],
)
def test_what_is_no_date_or_lies_in_the_future_is_a_fault(value: str) -> None:
    assert codes_of("birthDate", value) == [("date_invalid", "birthDate")]


@pytest.mark.parametrize(
    ("value", "price"),
    [
        (18, "18"),
        ("18.50", "18.50"),
        (Decimal("18.10"), "18.10"),
        (0, "0"),
        ("99999999.99", "99999999.99"),
        (Decimal("0.1") + Decimal("0.2"), "0.3"),
        (Decimal("18.499999999999996447"), "18.499999999999996447"),
        ("1e3", "1000"),
        ("0e999999", "0"),
        ("0e-999999999", "0"),
        ("1." + "0" * 40, "1"),
    ],
)
def test_a_price_is_exact(value: Any, price: str) -> None:
    assert value_of("price", value) == Decimal(price)


@pytest.mark.parametrize(
    "value",
    [
        "1e999",
        "-1",
        -1,
        "-0.01",
        "100000000",
        10**8,
        10**30,
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "$18.50",
        "1,000",
        "18,50",
        "free",
        "1e-21",
        "0." + "1" * 21,
        "1e-999999999",
        "1e99999999999999999999",
        "1." + "0" * 30 + "1",
    ],
)
def test_what_is_no_price_is_a_fault(value: Any) -> None:
    assert codes_of("price", value) == [("price_invalid", "price")]


@pytest.mark.parametrize("value", [True, [1], {"amount": 1}])
def test_a_price_of_another_type_is_a_fault(value: Any) -> None:
    assert codes_of("price", value) == [("field_wrong_type", "price")]


@pytest.mark.parametrize("value", ["78701", "00001", "02134", "78701-1234", "SW1A 1AA"])
def test_a_zip_code_is_kept_as_sent(value: str) -> None:
    assert value_of("zip", value) == value


def test_a_zip_code_may_be_a_number_while_no_zero_is_lost() -> None:
    assert value_of("zip", 78701) == "78701"


@pytest.mark.parametrize("value", [1, 2134, True, ["78701"]])
def test_a_zip_code_that_lost_its_zeros_is_a_fault(value: Any) -> None:
    assert codes_of("zip", value) == [("field_wrong_type", "zip")]


@pytest.mark.parametrize(
    "value", ["jordan@example.com", "Jordan.Example+tag@Sub.Example.COM", "o'neal@example.org"]
)
def test_an_email_is_kept_as_sent(value: str) -> None:
    assert value_of("email", value) == value


@pytest.mark.parametrize(
    "value", ["jordan", "jordan@", "@example.com", "a b@example.com", "a@b", "a@example..com", "x" * 321]
)
def test_what_is_no_email_is_a_fault(value: str) -> None:
    assert codes_of("email", value) == [("email_invalid", "email")]


@given(st.from_regex(USUAL_EMAIL, fullmatch=True))
def test_an_email_of_the_usual_kind_is_one_to_the_library_as_well(text: str) -> None:
    validate_email(text)


@pytest.mark.parametrize(
    ("value", "address"),
    [("203.0.113.7", "203.0.113.7"), ("2001:DB8::7", "2001:db8::7")],
)
def test_an_ip_address_is_read(value: str, address: str) -> None:
    assert value_of("ipAddress", value) == address


@pytest.mark.parametrize("value", ["203.0.113", "203.0.113.7:80", "::ffff:1.2.3.4.5", 12, "localhost"])
def test_what_is_no_ip_address_is_a_fault(value: Any) -> None:
    assert codes_of("ipAddress", value) == [("field_wrong_type", "ipAddress")]


@pytest.mark.parametrize("name", ["landingPage", "referrer"])
@pytest.mark.parametrize(
    "value",
    [
        "https://example.com",
        "http://example.com:8080/a?b=c#d",
        "HTTPS://EXAMPLE.COM",
        "https://[2001:db8::7]/",
    ],
)
def test_a_web_address_is_kept_as_sent(name: str, value: str) -> None:
    assert value_of(name, value) == value


@pytest.mark.parametrize(
    "value",
    ["example.com", "ftp://example.com", "javascript:alert(1)", "https://", "https://[", "https://a b.com/"],
)
def test_what_is_no_web_address_is_a_fault(value: str) -> None:
    assert codes_of("landingPage", value) == [("url_invalid", "landingPage")]


@pytest.mark.parametrize("name", ["externalId", "sellerLeadId", "subId"])
def test_an_id_may_be_a_number(name: str) -> None:
    assert value_of(name, 88391) == "88391"


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("firstName", 100),
        ("lastName", 100),
        ("address1", 200),
        ("address2", 200),
        ("city", 200),
        ("product", 200),
        ("vertical", 200),
        ("externalId", 200),
        ("sellerLeadId", 200),
        ("subId", 200),
        ("utmSource", 200),
        ("gender", 50),
        ("zip", 20),
        ("userAgent", 2048),
        ("trustedFormUrl", 2048),
    ],
)
def test_a_field_is_taken_up_to_its_length(name: str, longest: int) -> None:
    assert value_of(name, "x" * longest) == "x" * longest
    assert codes_of(name, "x" * (longest + 1)) == [("field_too_long", name)]


def test_a_web_address_is_taken_up_to_its_length() -> None:
    longest = "https://example.com/" + "x" * 2028
    assert value_of("referrer", longest) == longest
    assert codes_of("referrer", longest + "x") == [("field_too_long", "referrer")]


@pytest.mark.parametrize("name", [path for path in FLAT_PATHS.values() if path != "sourceMetadata"])
@pytest.mark.parametrize("value", [["x"], {"x": "y"}, True])
def test_a_field_of_another_type_is_a_fault(name: str, value: Any) -> None:
    assert codes_of(name, value) == [("field_wrong_type", name)]


@pytest.mark.parametrize("value", [["a"], "text", 1, True])
def test_metadata_of_another_type_is_a_fault(value: Any) -> None:
    assert codes_of("sourceMetadata", value) == [("metadata_not_an_object", "sourceMetadata")]


def metadata_of_bytes(count: int) -> dict[str, str]:
    frame = len(json.dumps({"a": ""}))
    return {"a": "x" * (count - frame)}


def test_metadata_is_taken_up_to_16_kib() -> None:
    largest = metadata_of_bytes(16 * 1024)
    assert value_of("sourceMetadata", largest) == largest
    assert codes_of("sourceMetadata", metadata_of_bytes(16 * 1024 + 1)) == [
        ("metadata_too_large", "sourceMetadata")
    ]


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(FLAT_PATHS.values())), ANY_VALUE))
def test_no_value_of_any_field_makes_reading_raise(sent: dict[str, Any]) -> None:
    assert {fault.code for fault in read_flat(sent).faults} <= CATALOGUE.keys()
