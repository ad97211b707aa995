"""From a payload as it was sent to a draft, its faults and its warnings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.intake.payload.draft import LeadDraft
from leads.intake.payload.phones import Phone
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS
from tests.readings import place, read_flat, read_structured

BAD = {
    "email": "jordan@",
    "phone": "555-01",
    "birth_date": "1970-02-30",
    "price": "free",
    "landing_page": "example.com",
    "state": "Texass",
    "external_id": "x" * 201,
    "source_metadata": "text",
    "gender": 1,
}
FAULTS = {
    "email": "email_invalid",
    "phone": "phone_invalid",
    "birth_date": "date_invalid",
    "price": "price_invalid",
    "landing_page": "url_invalid",
    "state": "state_unknown",
    "external_id": "field_too_long",
    "source_metadata": "metadata_not_an_object",
    "gender": "field_wrong_type",
}


@pytest.mark.parametrize(("read", "paths"), [(read_flat, FLAT_PATHS), (read_structured, STRUCTURED_PATHS)])
def test_all_faults_are_told_at_once_each_named_as_it_was_written(read: Any, paths: dict[str, str]) -> None:
    reading = read(place([(paths[name], value) for name, value in BAD.items()]))
    assert {fault.field: fault.code for fault in reading.faults} == {
        paths[name]: code for name, code in FAULTS.items()
    }


def test_what_could_be_read_is_in_the_draft_beside_the_faults() -> None:
    reading = read_flat({"email": "jordan@", "firstName": "Jordan", "phone": "5125550123"})
    assert reading.draft == LeadDraft(
        first_name="Jordan",
        phone=Phone("+15125550123", region="US"),
    )
    assert reading.is_faulty("email")
    assert not reading.is_faulty("phone")


@pytest.mark.parametrize("missing", ["metadata", "contact", "customer"])
def test_each_of_the_three_objects_is_required(missing: str) -> None:
    sent: dict[str, Any] = {"metadata": {"subId": "1"}, "contact": {"lastName": "x"}, "customer": {}}
    del sent[missing]
    reading = read_structured(sent)
    assert [(fault.code, fault.field) for fault in reading.faults] == [("field_required", missing)]


@pytest.mark.parametrize(
    ("sent", "field", "hint"),
    [
        ({"contact": "x"}, "contact", None),
        ({"contact": ["x"]}, "contact", None),
        ({"metadata": 1}, "metadata", None),
        ({"contact": {"phone": "+15125550123"}}, "contact.phone", "Send contact.phone.number."),
        (
            {"contact": {"streetAddress": "100 Main St"}},
            "contact.streetAddress",
            "Send contact.streetAddress.address1, city, state and postalCode.",
        ),
    ],
)
def test_an_object_of_another_type_is_a_fault(sent: dict[str, Any], field: str, hint: str | None) -> None:
    reading = read_structured({"metadata": {}, "contact": {}, "customer": {}, **sent})
    assert [(fault.code, fault.field, fault.hint) for fault in reading.faults] == [
        ("field_wrong_type", field, hint)
    ]


def test_an_empty_lead_has_an_empty_draft_and_no_faults() -> None:
    assert read_flat({}).draft == read_structured({"metadata": {}, "contact": {}, "customer": {}}).draft
    assert read_flat({}).draft == LeadDraft()


WORDS = st.text("abcdefghij ÄÖé'-", min_size=1, max_size=40).filter(str.strip)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "email": st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.com", fullmatch=True),
    "phone": st.integers(2125550100, 2125550199).map(str),
    "state": st.sampled_from(["TX", "tx", "Texas", "PR", "Guam"]),
    "postal_code": st.from_regex(r"[0-9]{5}", fullmatch=True),
    "birth_date": st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(str),
    "price": st.decimals(0, 99_999_999, places=2).map(str) | st.integers(0, 10**8 - 1),
    "landing_page": st.just("https://example.com/quote"),
    "referrer": st.just("https://example.com"),
    "source_metadata": st.dictionaries(WORDS, WORDS, max_size=3),
    "ip_address": st.ip_addresses().map(str),
    "gender": st.sampled_from(["Unknown", "Female", "Male"]),
    "trusted_form_url": st.just("https://cert.trustedform.com/example"),
}
LEADS = st.fixed_dictionaries({}, optional={name: VALUES.get(name, WORDS) for name in FLAT_PATHS})


@given(LEADS)
def test_a_lead_reads_alike_in_both_shapes(values: dict[str, Any]) -> None:
    flat = read_flat({FLAT_PATHS[name]: value for name, value in values.items()})
    placed = place([(STRUCTURED_PATHS[name], value) for name, value in values.items()])
    structured = read_structured({"metadata": {}, "contact": {}, "customer": {}} | placed)
    assert (flat.faults, structured.faults) == ([], [])
    assert flat.draft == structured.draft
    assert (flat.extra, structured.extra) == ({}, {})


def test_nothing_is_lost_in_mapping() -> None:
    sent = {
        **{path: name for name, path in FLAT_PATHS.items()},
        "email": "Jordan@Example.com",
        "phone": "512-555-0123 x9",
        "state": "Texas",
        "birthDate": "1970-01-15",
        "price": "18.50",
        "landingPage": "https://example.com/quote",
        "referrer": "https://example.com",
        "sourceMetadata": {"placement": "top", "price": Decimal("1.10")},
        "ipAddress": "203.0.113.7",
    }
    assert read_flat(sent).draft == LeadDraft(
        first_name="first_name",
        last_name="last_name",
        email="Jordan@Example.com",
        phone=Phone("+15125550123", "9", "US"),
        address1="address1",
        address2="address2",
        city="city",
        state="TX",
        postal_code="postal_code",
        birth_date=date(1970, 1, 15),
        gender="gender",
        product="product",
        vertical="vertical",
        external_id="external_id",
        seller_lead_id="seller_lead_id",
        sub_id="sub_id",
        price=Decimal("18.5"),
        utm_source="utm_source",
        utm_medium="utm_medium",
        utm_campaign="utm_campaign",
        utm_term="utm_term",
        utm_content="utm_content",
        landing_page="https://example.com/quote",
        referrer="https://example.com",
        trusted_form_url="trusted_form_url",
        source_metadata={"placement": "top", "price": Decimal("1.10")},
        ip_address="203.0.113.7",
        user_agent="user_agent",
    )


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted({part for path in STRUCTURED_PATHS.values() for part in path.split(".")})
HOSTILE = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner | ANY_JSON, max_size=4),
    max_leaves=8,
)


@given(HOSTILE)
def test_no_object_makes_reading_raise(sent: dict[str, Any]) -> None:
    for read in (read_flat, read_structured):
        reading = read(sent)
        assert isinstance(reading.draft, LeadDraft)
