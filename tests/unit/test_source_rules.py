"""What a source's own state and terms say about a request."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from leadping.verdicts import Verdict, passed
from sources.models import Source, Terms
from sources.rules import judge_approval, judge_product, judge_source, judge_state

NOW = datetime(2026, 6, 14, tzinfo=UTC)


def failed_codes(verdicts: list[Verdict]) -> list[str]:
    return [verdict.code for verdict in verdicts if not verdict.passed]


@pytest.mark.parametrize(
    ("state", "failed"),
    [
        ({}, []),
        ({"enabled": False}, ["source_disabled"]),
        ({"paused_at": NOW, "paused_reason": "Bad leads."}, ["source_paused"]),
        ({"account_id": None}, ["source_unattached"]),
        (
            {"enabled": False, "paused_at": NOW, "account_id": None},
            ["source_disabled", "source_paused", "source_unattached"],
        ),
    ],
)
def test_a_source_may_send_while_it_is_enabled_running_and_attached(
    state: dict[str, object], failed: list[str]
) -> None:
    source = Source(**{"enabled": True, "account_id": uuid4(), **state})
    assert failed_codes(judge_source(source)) == failed


def test_a_pause_says_why() -> None:
    source = Source(account_id=uuid4(), paused_at=NOW, paused_reason="Bad leads.")
    assert "Bad leads." in judge_source(source)[1].detail


def test_a_source_without_terms_is_not_approved() -> None:
    assert failed_codes([judge_approval(None)]) == ["source_not_approved"]


def test_the_terms_that_judged_are_named() -> None:
    terms = Terms(number=3, status=Terms.Status.APPROVED)
    assert judge_approval(terms) == passed("source_not_approved", "Judged by terms 3 (in force).")


@pytest.mark.parametrize(
    ("states", "state", "failed"),
    [
        ([], "", []),
        ([], "TX", []),
        (["TX", "OK"], "TX", []),
        (["TX", "OK"], "CA", ["state_not_allowed"]),
        (["TX", "OK"], "", ["state_missing"]),
    ],
)
def test_a_state_must_be_among_those_allowed(states: list[str], state: str, failed: list[str]) -> None:
    verdict = judge_state(Terms(states=states), state)
    assert failed_codes([verdict]) == failed
    assert verdict.field == ("state" if failed else None)


@pytest.mark.parametrize(
    ("products", "product", "failed"),
    [
        ([], "", []),
        ([], "Anything", []),
        (["Final expense"], "final EXPENSE", []),
        (["  Final expense "], "Final expense", []),
        (["Straße"], "STRASSE", []),
        (["Final expense"], "Final", ["product_not_allowed"]),
        (["Final expense"], "", ["product_missing"]),
    ],
)
def test_a_product_matches_whatever_its_case_and_outer_space(
    products: list[str], product: str, failed: list[str]
) -> None:
    verdict = judge_product(Terms(products=products), product)
    assert failed_codes([verdict]) == failed
    assert verdict.field == ("product" if failed else None)
