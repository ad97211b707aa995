"""What a source's own state and terms say about a request."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from leadping.verdicts import Effect, Verdict, passed
from sources.models import Source, SourceSettings, Terms
from sources.rules import (
    judge_approval,
    judge_expiry,
    judge_ip,
    judge_product,
    judge_schedule,
    judge_source,
    judge_state,
    judge_vertical,
)

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


@pytest.mark.parametrize(
    ("verticals", "vertical", "failed"),
    [
        ([], "", []),
        ([], "Anything", []),
        (["Insurance"], " INSURANCE", []),
        (["Insurance"], "Solar", ["vertical_not_allowed"]),
        (["Insurance"], "", ["vertical_missing"]),
    ],
)
def test_a_vertical_matches_as_products_do(verticals: list[str], vertical: str, failed: list[str]) -> None:
    verdict = judge_vertical(Terms(verticals=verticals), vertical)
    assert failed_codes([verdict]) == failed
    assert verdict.field == ("vertical" if failed else None)


@pytest.mark.parametrize(
    ("expires_at", "failed"),
    [
        (None, []),
        (NOW + timedelta(microseconds=1), []),
        (NOW, ["approval_expired"]),
        (NOW - timedelta(days=1), ["approval_expired"]),
    ],
)
def test_an_approval_is_over_on_the_second_at_which_it_ends(
    expires_at: datetime | None, failed: list[str]
) -> None:
    assert failed_codes([judge_expiry(Terms(expires_at=expires_at), now=NOW)]) == failed


@pytest.mark.parametrize("effect", ["refuse", "hold"])
def test_outside_the_schedule_the_settings_say_what_happens(effect: str) -> None:
    # By the clock of New York it is still the evening of the day before.
    settings = SourceSettings(
        schedule_from=time(9), schedule_until=time(17), schedule_days=[6], schedule_effect=effect
    )
    verdict = judge_schedule(settings, now=NOW)
    assert (verdict.code, verdict.passed, verdict.effect) == ("outside_schedule", False, Effect(effect))
    assert verdict.detail == (
        "Leads are taken Sun from 09:00 to 17:00, America/New_York; it is Sat 20:00 there."
    )


@pytest.mark.parametrize(
    ("listed", "ip", "passes"),
    [
        ([], "198.51.100.1", True),
        (["203.0.113.0/24"], "203.0.113.255", True),
        (["203.0.113.0/24"], "203.0.114.0", False),
        (["203.0.113.7"], "203.0.113.7", True),
        (["198.51.100.0/24", "2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32"], "203.0.113.7", False),
        # The same address, as a server that listens on IPv6 writes it.
        (["203.0.113.0/24"], "::ffff:203.0.113.7", True),
    ],
)
def test_a_request_comes_from_a_listed_network(listed: list[str], ip: str, passes: bool) -> None:
    assert judge_ip(SourceSettings(ip_list=listed), ip).passed is passes


def test_the_list_of_addresses_is_told_to_nobody() -> None:
    settings = SourceSettings(ip_list=["203.0.113.0/24"], ip_effect="hold")
    verdict = judge_ip(settings, "198.51.100.1")
    assert (verdict.code, verdict.effect) == ("ip_not_allowed", Effect.HOLD)
    assert "203.0.113" not in verdict.detail
