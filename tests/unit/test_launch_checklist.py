"""What the launch checklist makes of the facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadping.accounts.models import Account
from leads.console.launch.checklist import Item, list_items
from leads.console.launch.facts import Exercised, Facts, Proof
from sources.models import Source, SourceSettings, Terms

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)


def make_facts(
    source: dict[str, Any] | None = None, in_force: dict[str, Any] | None = None, **facts: Any
) -> Facts:
    """A source that lacks nothing, but for what the test says."""
    said = {"number": 2, "status": "approved", "states": ["TX", "OK"], "products": ["Quote"]}
    terms = Terms(**{**said, **(in_force or {})})
    account = Account(name="Main")
    made = Source(**{"name": "Form", "account": account, "terms_in_force": terms, **(source or {})})
    made.settings = SourceSettings(source=made, tags=["web"], outreach_ready_at=NOW)
    whole = Facts(
        source=made,
        terms=terms,
        has_live_key=True,
        exposed_keys=0,
        exercised=Exercised(frozenset({"TX", "OK"}), frozenset({"quote"}), frozenset()),
        proof=Proof(NOW, "cert.trustedform.com", real=True),
        leads_seen=3,
        expected_metadata=frozenset({"externalId"}),
        missing_metadata=frozenset(),
        now=NOW,
    )
    return replace(whole, **facts)


def missing(facts: Facts) -> list[str]:
    return [item.code for item in list_items(facts) if not item.passed]


def only(facts: Facts, code: str) -> Item:
    return next(item for item in list_items(facts) if item.code == code)


def test_nothing_is_missing_of_a_source_that_is_ready() -> None:
    assert missing(make_facts()) == []


def test_a_check_of_certificates_that_has_nothing_to_look_for_is_told() -> None:
    facts = make_facts()
    facts.source.settings.certificate_other_page_effect = "hold"
    facts.source.settings.certificate_masked_effect = "hold"
    item = only(facts, "checks")
    assert (item.passed, item.page) == (False, "settings")
    assert item.detail == "On, and with nothing to look for: “Certificate of another page”."
    facts.terms.landing_pages = ["https://example.com"]  # type: ignore[union-attr]
    assert missing(facts) == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"enabled": False}, "enabled"),
        ({"paused_at": NOW, "paused_reason": "Bad numbers."}, "enabled"),
        ({"account": None}, "attached"),
        ({"terms_in_force": None}, "approved"),
    ],
)
def test_what_the_source_itself_lacks_is_missing(source: dict[str, Any], code: str) -> None:
    assert missing(make_facts(source)) == [code]


def test_an_approval_that_has_expired_is_none() -> None:
    assert missing(make_facts(in_force={"expires_at": NOW - timedelta(seconds=1)})) == ["approved"]


@pytest.mark.parametrize(("status", "page"), [("submitted", "review"), ("draft", "submit")])
def test_terms_in_the_making_lead_to_their_next_step(status: str, page: str) -> None:
    facts = make_facts({"terms_in_force": None}, terms=Terms(number=1, status=status))
    assert only(facts, "approved").page == page


def test_a_source_without_a_key_needs_one() -> None:
    assert missing(make_facts(has_live_key=False)) == ["key"]


def test_a_key_seen_in_a_lead_is_no_key_to_launch_with() -> None:
    assert missing(make_facts(exposed_keys=1)) == ["key"]


def test_trustedform_is_proven_by_a_real_check_alone() -> None:
    assert missing(make_facts(proof=None)) == ["certificate"]
    sandbox = make_facts(proof=Proof(NOW, "127.0.0.1", real=False))
    assert missing(sandbox) == ["certificate"]
    assert "sandbox" in only(sandbox, "certificate").detail


def test_an_approved_exception_needs_no_proof() -> None:
    exception = {"trustedform_required": False, "exception_reason": "Warm transfers."}
    assert missing(make_facts(in_force=exception, proof=None)) == []


def test_states_and_products_that_did_not_come_are_named() -> None:
    facts = make_facts(exercised=Exercised(frozenset({"TX"}), frozenset()))
    assert missing(facts) == ["states", "products"]
    assert only(facts, "states").tries == (("state", "OK"),)
    assert "1 of 2 came. Not seen yet: OK." in only(facts, "states").detail


def test_products_match_whatever_their_case() -> None:
    facts = make_facts(in_force={"products": ["QUOTE "]})
    assert only(facts, "products").passed


def test_where_anything_is_allowed_there_is_nothing_to_go_through() -> None:
    facts = make_facts(in_force={"states": [], "products": [], "verticals": []}, exercised=Exercised())
    assert missing(facts) == []


def test_a_long_list_of_missing_states_is_cut() -> None:
    facts = make_facts(in_force={"states": [f"S{number}" for number in range(30)]}, exercised=Exercised())
    assert "and 18 more" in only(facts, "states").detail


def test_tags_and_outreach_are_asked_for() -> None:
    facts = make_facts()
    facts.source.settings.tags = []
    facts.source.settings.outreach_ready_at = None
    assert missing(facts) == ["tags", "outreach"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"leads_seen": 0}, "No lead has come yet."),
        ({"expected_metadata": frozenset()}, "no example"),
        ({"missing_metadata": frozenset({"externalId"})}, "externalId"),
    ],
)
def test_test_leads_have_to_bring_what_the_example_brings(facts: dict[str, Any], said: str) -> None:
    made = make_facts(**facts)
    assert missing(made) == ["test_leads"]
    assert said in only(made, "test_leads").detail


def test_each_missing_point_says_what_to_do() -> None:
    bare = make_facts(
        {"terms_in_force": None, "account": None, "enabled": False},
        terms=None,
        has_live_key=False,
        proof=None,
        exercised=Exercised(),
        leads_seen=0,
    )
    assert all(item.todo for item in list_items(bare) if not item.passed)


def test_the_list_has_the_same_points_before_there_are_terms() -> None:
    whole, bare = make_facts(), make_facts(source={"terms_in_force": None}, terms=None)
    assert [item.title for item in list_items(bare)] == [item.title for item in list_items(whole)]
    assert {"states", "products", "verticals"} <= set(missing(bare))
