"""Codes and the one error body; each code that is used has a page."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadping.problems import problem_body
from leadping.verdicts import Effect, Verdict, failed, failures, passed
from leads.intake.problems import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]

# The closed list: status and codes, as the table of the HTTP contract prints them.
CONTRACT = {
    401: "credentials_missing credentials_invalid credentials_conflict",
    403: "source_disabled source_paused source_unattached ip_not_allowed",
    400: "json_malformed field_required field_wrong_type field_too_long field_repeated characters_not_allowed"
    " email_invalid phone_invalid phone_not_us date_invalid price_invalid url_invalid state_unknown"
    " metadata_not_an_object metadata_too_large secret_in_metadata"
    " contact_missing source_not_approved state_missing state_not_allowed product_missing"
    " product_not_allowed vertical_missing vertical_not_allowed approval_expired outside_schedule"
    " duplicate_lead"
    " certificate_missing certificate_malformed certificate_wrong_host certificate_ping_url"
    " certificate_sample certificate_not_found certificate_not_claimable certificate_mismatch"
    " certificate_unavailable",
    413: "body_too_large",
    414: "address_too_long",
    415: "content_type_unsupported",
    422: "idempotency_key_reused",
    429: "rate_exceeded cap_reached",
    503: "storage_unavailable",
}
RETRIED = {
    *("rate_exceeded", "too_many_requests", "cap_reached", "outside_schedule"),
    *("certificate_unavailable", "storage_unavailable", "internal_error"),
}


@pytest.mark.parametrize(
    ("status", "code"), [(status, code) for status, codes in CONTRACT.items() for code in codes.split()]
)
def test_a_code_of_the_contract_is_in_the_catalogue_with_its_status(status: int, code: str) -> None:
    assert CATALOGUE[code].status == status


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_has_a_page_that_says_what_it_means_and_what_to_do(code: str) -> None:
    problem = CATALOGUE[code]
    assert (problem.code, problem.page) == (code, f"/docs/errors/{code}")
    assert problem.title
    assert problem.meaning.endswith(".")
    assert problem.remedy.endswith(".")


def test_only_what_may_pass_by_itself_is_to_be_retried() -> None:
    assert {code for code, problem in CATALOGUE.items() if problem.retry} == RETRIED


def codes_in_use() -> Iterator[str]:
    """The first argument of each call of `failed`, `passed`, `fault`, `UrlFault` and the like, where it is
    a literal."""
    makers = {"failed", "passed", "fault", "malformed", "UrlFault", "Unreadable", "PhoneFault"}
    for app in ("leadping", "sources", "compliance", "leads"):
        for file in (ROOT / app).rglob("*.py"):
            if file.name == "problems.py":
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and "_" in str(first.value):
                        yield str(first.value).strip()


def test_every_code_used_has_a_page() -> None:
    used = {code for code in codes_in_use() if " " not in code}
    assert len(used) > 20
    assert used - CATALOGUE.keys() == set()


def test_a_problem_is_told_in_the_form_of_rfc_9457() -> None:
    verdict = failed("email_invalid", "This is not an email address.", field="email", hint="Look again.")
    body = problem_body(
        CATALOGUE["email_invalid"], errors=[verdict], request_id="req_1", submissionId="sub_1"
    )
    assert json.loads(body) == {
        "type": "/docs/errors/email_invalid",
        "title": "Email invalid",
        "status": 400,
        "code": "email_invalid",
        "detail": "The email address cannot exist as written.",
        "requestId": "req_1",
        "submissionId": "sub_1",
        "errors": [
            {
                "code": "email_invalid",
                "field": "email",
                "message": "This is not an email address.",
                "hint": "Look again.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("verdict", "row"),
    [
        (passed("state_not_allowed"), {"code": "state_not_allowed", "passed": True}),
        (
            failed("duplicate_lead", "Again.", field="phone", hint="Wait.", effect=Effect.HOLD),
            {
                "code": "duplicate_lead",
                "passed": False,
                "effect": "hold",
                "detail": "Again.",
                "field": "phone",
                "hint": "Wait.",
            },
        ),
    ],
)
def test_a_verdict_is_stored_without_what_is_empty(verdict: Verdict, row: dict[str, object]) -> None:
    assert verdict.as_row() == row


def test_only_failed_verdicts_of_an_effect_have_it() -> None:
    refused = failed("phone_invalid", "")
    verdicts = [passed("phone_invalid"), refused, failed("field_unknown", "", effect=Effect.WARN)]
    assert failures(verdicts, Effect.REFUSE) == [refused]
