"""What stays of texts once the person is gone is what is listed, and nothing that anybody could write."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.trustedform.erasing import erase_answer
from leads.retention.scrubbing import plain_content_type, scrub_answer, scrub_verdicts

MARK = "zqxmark"
TREES = st.recursive(
    st.just(MARK) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["contact", "externalId", "held", "errors", "message", "detail", "trustedForm", MARK]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def test_an_answer_keeps_ids_codes_and_times() -> None:
    answer = {
        "id": "lead_1",
        "status": "audit",
        "createdAt": "2026-06-14T12:00:00Z",
        "externalId": MARK,
        "sellerLeadId": None,
        "contact": {"phone": {"number": "+15125550177"}, "email": None},
        "trustedForm": {"outcome": "mismatch", "expiresAt": None},
        "held": [{"code": "certificate_mismatch", "field": "trustedFormUrl", "message": MARK, "hint": MARK}],
        "warnings": [{"code": "field_unknown", "field": MARK, "message": MARK}],
    }
    assert json.loads(scrub_answer(json.dumps(answer))) == {
        "id": "lead_1",
        "status": "audit",
        "createdAt": "2026-06-14T12:00:00Z",
        "externalId": "[erased]",
        "sellerLeadId": None,
        "contact": {"phone": {"number": "[erased]"}, "email": None},
        "trustedForm": {"outcome": "mismatch", "expiresAt": None},
        "held": [
            {
                "code": "certificate_mismatch",
                "field": "trustedFormUrl",
                "message": "[erased]",
                "hint": "[erased]",
            }
        ],
        "warnings": [{"code": "field_unknown", "field": None, "message": "[erased]"}],
    }


@given(st.dictionaries(st.sampled_from(["contact", "externalId", "errors", "detail", "held"]), TREES))
def test_no_value_of_an_answer_stays_that_is_not_ours(answer: dict[str, Any]) -> None:
    said = json.loads(scrub_answer(json.dumps(answer)))
    assert MARK not in values_of(said)


def values_of(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [value for member in tree.values() for value in values_of(member)]
    return [value for member in tree for value in values_of(member)] if isinstance(tree, list) else [tree]


@pytest.mark.parametrize("text", ["", "nonsense", "[" * 2000])
def test_what_is_no_json_goes_whole(text: str) -> None:
    assert scrub_answer(text) == ""


def test_a_verdict_keeps_code_effect_and_our_name_of_the_field() -> None:
    rows = [
        {"code": "phone_invalid", "passed": False, "effect": "refuse", "detail": MARK, "field": "phone"},
        {"code": "field_unknown", "passed": False, "effect": "warn", "field": MARK, "hint": MARK},
    ]
    assert scrub_verdicts(rows) == [
        {"code": "phone_invalid", "passed": False, "effect": "refuse", "field": "phone"},
        {"code": "field_unknown", "passed": False, "effect": "warn"},
    ]


def test_of_trustedform_stays_what_was_found_and_when() -> None:
    raw = {
        "outcome": "success",
        "reason": f"Matched {MARK}",
        "match_lead": {
            "phone": "+15125550177",
            "email": f"{MARK}@example.com",
            "result": {"phone_match": True, "email_match": False, "success": True},
        },
        "insights": {
            "properties": {
                "ip": "198.51.100.177",
                "approx_ip_geo": {"city": MARK, "lat": 30.26},
                "browser": {"user_agent": MARK},
                "page_url": f"https://example.com/?{MARK}",
                "expires_at": "2026-09-14T12:00:00Z",
                "age_seconds": 12,
                "is_framed": False,
                "form_input_method": ["typing", MARK],
            }
        },
    }
    assert erase_answer(raw, at="2026-11-21") == {
        "outcome": "success",
        "match_lead": {"result": {"phone_match": True, "email_match": False, "success": True}},
        "insights": {
            "properties": {
                "expires_at": "2026-09-14T12:00:00Z",
                "age_seconds": 12,
                "is_framed": False,
                "form_input_method": ["typing", "[erased]"],
            }
        },
        "erased": "2026-11-21",
    }


def test_a_content_type_loses_its_parameters_and_an_unknown_one_goes() -> None:
    assert plain_content_type("Application/JSON; note=zqxmark") == "application/json"
    assert plain_content_type("zqxmark/zqxmark") == ""
