"""Text made comparable, and secrets taken out."""

from typing import Any

import pytest

from leadping.redaction import REDACTED, is_secret_name, redact_values
from leadping.verdicts import Effect
from leads.intake.payload.cleaning import DOCUMENTED, Cleaning, clean_object

KEY = "lp_AbCd0123_" + "0" * 38


def clean(sent: dict[str, Any]) -> tuple[dict[str, Any], Cleaning]:
    found = Cleaning()
    return clean_object(sent, found), found


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ({"a": "  x\t"}, {"a": "x"}),
        ({"a": "Jose\u0301"}, {"a": "Jos\u00e9"}),
        ({"a": "", "b": " \n", "c": None, "d": "x"}, {"d": "x"}),
        ({"a": 0, "b": False, "c": [], "d": {}}, {"a": 0, "b": False, "c": [], "d": {}}),
        ({"a": {"b": " x ", "c": " "}}, {"a": {"b": "x"}}),
        ({"a": [" x ", {"b": "e\u0301"}]}, {"a": ["x", {"b": "é"}]}),
        ({"a": "line\nbreak\tand tab"}, {"a": "line\nbreak\tand tab"}),
        ({"a": "😀"}, {"a": "😀"}),
    ],
)
def test_text_is_composed_and_trimmed_and_what_is_blank_is_absent(
    sent: dict[str, Any], cleaned: dict[str, Any]
) -> None:
    assert clean(sent) == (cleaned, Cleaning())


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_a_character_that_no_text_needs_is_a_fault_of_its_field(character: str) -> None:
    cleaned, found = clean({"a": {"b": f"x{character}"}, "c": "kept"})
    assert cleaned == {"a": {}, "c": "kept"}
    assert [(fault.code, fault.field) for fault in found.faults] == [("characters_not_allowed", "a.b")]


def test_a_forbidden_character_in_a_name_is_told_without_it() -> None:
    cleaned, found = clean({"first\x00Name": "x"})
    assert cleaned == {}
    assert [(fault.code, fault.field) for fault in found.faults] == [
        ("characters_not_allowed", "first\ufffdName")
    ]


@pytest.mark.parametrize(
    ("sent", "cleaned", "path"),
    [
        ({"password": "x"}, {"password": REDACTED}, "password"),
        ({"a": {"Api-Key": 1}}, {"a": {"Api-Key": REDACTED}}, "a.Api-Key"),
        ({"note": f"it is {KEY}"}, {"note": f"it is {REDACTED}"}, "note"),
        ({"list": ["x", KEY]}, {"list": ["x", REDACTED]}, "list.1"),
        ({KEY: "x"}, {REDACTED: "x"}, REDACTED),
    ],
)
def test_a_secret_outside_metadata_is_replaced_with_a_warning(
    sent: dict[str, Any], cleaned: dict[str, Any], path: str
) -> None:
    done, found = clean(sent)
    assert (done, found.found_secret, found.faults) == (cleaned, True, [])
    assert [(warning.code, warning.field, warning.effect) for warning in found.warnings] == [
        ("secret_in_payload", path, Effect.WARN)
    ]


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"sourceMetadata": {"api_key": "x"}}, "sourceMetadata.api_key"),
        ({"metadata": {"sourceMetadata": {"a": [KEY]}}}, "metadata.sourceMetadata.a.0"),
    ],
)
def test_a_secret_in_metadata_is_a_fault(sent: dict[str, Any], path: str) -> None:
    _, found = clean(sent)
    assert (found.found_secret, found.warnings) == (True, [])
    assert [(fault.code, fault.field) for fault in found.faults] == [("secret_in_metadata", path)]


@pytest.mark.parametrize("blank", ["", None])
def test_a_secrets_name_without_a_value_is_no_secret(blank: str | None) -> None:
    assert clean({"password": blank}) == ({}, Cleaning())


def test_no_name_of_ours_is_that_of_a_secret() -> None:
    assert not [name for name in DOCUMENTED if is_secret_name(name) or redact_values(name) != name]
