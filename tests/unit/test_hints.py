"""What a sender may have meant by a field that we do not know."""

from typing import Any

import pytest

from leads.intake.payload.hints import guess
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS
from tests.readings import read_flat, read_structured

CERTIFICATE = "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("first_name", "firstName"),
        ("FIRSTNAME", "firstName"),
        ("fistName", "firstName"),
        ("fname", "firstName"),
        ("Phone1", "phone"),
        ("mobile", "phone"),
        ("zip_code", "zip"),
        ("postalCode", "zip"),
        ("date-of-birth", "birthDate"),
        ("dob", "birthDate"),
        ("lead_id", "externalId"),
        ("favouriteColour", None),
        ("x", None),
        ("", None),
        ("é" * 50, None),
    ],
)
def test_a_near_name_is_guessed(name: str, meant: str | None) -> None:
    assert guess(name, "value", FLAT_PATHS) == meant


@pytest.mark.parametrize(
    "name",
    [
        "trusted_form",
        "trustedform",
        "xxTrustedFormCertUrl",
        "xxTrustedFormCertUrl2",
        "tf_cert",
        "TrustedForm_URL",
    ],
)
def test_a_certificate_under_another_name_is_known_by_the_name(name: str) -> None:
    assert guess(name, "whatever", FLAT_PATHS) == "trustedFormUrl"
    assert guess(f"metadata.{name}", "whatever", STRUCTURED_PATHS) == "metadata.trustedFormUrl"


def test_a_certificate_under_another_name_is_known_by_its_value() -> None:
    assert guess("proof", CERTIFICATE, FLAT_PATHS) == "trustedFormUrl"


def test_a_certificate_under_another_name_never_serves_as_the_certificate() -> None:
    reading = read_flat({"proof": CERTIFICATE})
    assert reading.draft.trusted_form_url == ""
    assert reading.extra == {"proof": CERTIFICATE}
    assert reading.misnamed == {"trustedFormUrl": "proof"}


@pytest.mark.parametrize(
    ("read", "sent", "field", "hint"),
    [
        (read_flat, {"frstName": "x"}, "frstName", "Did you mean firstName?"),
        (read_flat, {"contact": {"email": "x"}}, "contact", None),
        (
            read_structured,
            {"metadata": {}, "contact": {"street_address": {}}, "customer": {}},
            "contact.street_address",
            None,
        ),
        (
            read_structured,
            {"metadata": {}, "contact": {"zip": "78701"}, "customer": {}},
            "contact.zip",
            "Did you mean contact.streetAddress.postalCode?",
        ),
        (
            read_structured,
            {"metadata": {}, "contact": {}, "customer": {}, "externalId": "1"},
            "externalId",
            "Did you mean metadata.externalId?",
        ),
    ],
)
def test_an_unknown_field_is_told_as_a_warning_and_kept(
    read: Any, sent: dict[str, Any], field: str, hint: str | None
) -> None:
    reading = read(sent)
    assert reading.faults == []
    assert [(warning.code, warning.field, warning.hint) for warning in reading.warnings] == [
        ("field_unknown", field, hint)
    ]
    assert list(reading.extra) == [field]


@pytest.mark.parametrize("name", ["utmId", "utm_source_platform", "UTM_x"])
def test_campaign_fields_of_any_name_are_expected(name: str) -> None:
    reading = read_flat({name: "x"})
    assert (reading.warnings, reading.extra) == ([], {name: "x"})
