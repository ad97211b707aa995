"""Whether new terms allow anything that the old ones do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.models import Terms
from sources.narrowing import widenings

NONE, VENDOR, RETAIN = Terms.Retention.NONE, Terms.Retention.VENDOR, Terms.Retention.RETAIN


def is_wider(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return bool(widenings(Terms(**old), new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["TX", "OK"], ["OK"]),
        (["TX", "OK"], ["OK", "TX"]),
        (["TX"], ["TX"]),
        ([], []),
    ],
)
@pytest.mark.parametrize("name", ["states", "products", "verticals", "audiences", "websites", "link_domains"])
def test_a_list_that_shrinks_is_narrower(name: str, old: list[str], new: list[str]) -> None:
    assert not is_wider({name: old}, {name: new})


@pytest.mark.parametrize("name", ["states", "products", "verticals"])
def test_what_is_chosen_from_any_is_narrower(name: str) -> None:
    assert not is_wider({name: []}, {name: ["TX"]})


@pytest.mark.parametrize("name", ["audiences", "websites", "landing_pages", "link_domains"])
def test_what_comes_to_a_list_that_said_nothing_is_wider(name: str) -> None:
    assert is_wider({name: []}, {name: ["example.com"]})


@pytest.mark.parametrize(("old", "new"), [(["TX"], []), (["TX"], ["OK"]), (["TX"], ["TX", "OK"])])
@pytest.mark.parametrize("name", ["states", "products", "verticals", "audiences", "landing_pages"])
def test_a_list_that_grows_or_is_emptied_is_wider(name: str, old: list[str], new: list[str]) -> None:
    assert is_wider({name: old}, {name: new})


def test_a_product_in_other_letters_is_the_same_product() -> None:
    assert not is_wider({"products": ["Final Expense", "Life"]}, {"products": [" final expense"]})


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [
        ({"trustedform_required": False}, {"trustedform_required": True}, False),
        ({"trustedform_required": True}, {"trustedform_required": False}, True),
        ({"certificate_retention": NONE}, {"certificate_retention": RETAIN}, False),
        ({"certificate_retention": VENDOR}, {"certificate_retention": RETAIN}, False),
        ({"certificate_retention": RETAIN}, {"certificate_retention": VENDOR}, True),
        ({"expected_per_day": None}, {"expected_per_day": 10}, False),
        ({"expected_per_day": 10}, {"expected_per_day": 9}, False),
        ({"expected_per_day": 10}, {"expected_per_day": 11}, True),
        ({"expected_per_day": 10}, {"expected_per_day": None}, True),
        ({"example_payload": ""}, {"example_payload": "{}"}, False),
    ],
)
def test_the_stricter_of_two_settings_is_narrower(
    old: dict[str, Any], new: dict[str, Any], wider: bool
) -> None:
    assert is_wider(old, new) is wider


@pytest.mark.parametrize(
    "name",
    [
        *("publisher", "partner", "posting_system", "consent_wording", "consent_version"),
        *("sender_brand", "message_copy", "call_script", "exception_reason"),
    ],
)
def test_another_text_needs_a_review(name: str) -> None:
    assert is_wider({name: "Old"}, {name: "New"})
    assert is_wider({name: "Old"}, {name: ""})


def test_an_exception_that_ends_takes_its_reason_along() -> None:
    old = {"trustedform_required": False, "exception_reason": "A call center."}
    assert not is_wider(old, {"trustedform_required": True, "exception_reason": ""})


def test_what_would_widen_is_named() -> None:
    old = Terms(states=["TX"], trustedform_required=True)
    assert widenings(
        old, {"states": ["TX", "OK", "NM"], "trustedform_required": False, "products": ["Life"]}
    ) == [
        "States: OK, NM would be added.",
        "TrustedForm required: a certificate would no longer be required.",
    ]


ITEMS = st.lists(st.sampled_from(["TX", "OK", "NM", "AR"]), unique=True)


@given(old=ITEMS, new=ITEMS)
def test_a_list_is_wider_exactly_where_it_allows_something_new(old: list[str], new: list[str]) -> None:
    def allowed(states: list[str]) -> set[str]:
        return set(states) or {"TX", "OK", "NM", "AR", "any other"}

    assert is_wider({"states": old}, {"states": new}) is bool(allowed(new) - allowed(old))


def test_every_field_that_people_write_is_part_of_the_terms_content() -> None:
    written = {field.name for field in Terms._meta.concrete_fields if field.editable}
    assert written - {"source"} == set(Terms.CONTENT)
