"""Intake's own rules about a lead."""

from typing import Any

import pytest

from leadping.verdicts import Effect
from leads.intake.rules import judge_contact, judge_territory, judge_zip
from sources.models import Terms
from tests.readings import read_flat

TERMS = Terms(states=["TX"], products=["Final expense"])


@pytest.mark.parametrize(
    ("sent", "passes"),
    [
        ({"phone": "5125550123"}, True),
        ({"email": "jordan@example.com"}, True),
        ({}, False),
        ({"phone": " ", "email": ""}, False),
        ({"firstName": "Jordan"}, False),
        # Sent but unreadable is another fault, not a missing contact.
        ({"phone": "555"}, True),
        ({"email": "jordan@"}, True),
    ],
)
def test_a_lead_needs_a_phone_or_an_email(sent: dict[str, Any], passes: bool) -> None:
    assert judge_contact(read_flat(sent)).passed is passes


@pytest.mark.parametrize(
    ("sent", "failed"),
    [
        ({"state": "Texas", "product": "FINAL EXPENSE"}, []),
        ({"state": "CA", "product": "Solar"}, ["state_not_allowed", "product_not_allowed"]),
        ({}, ["state_missing", "product_missing"]),
        # What could not be read has its own fault.
        ({"state": "Texass", "product": 1}, []),
    ],
)
def test_the_terms_say_which_states_and_products_are_taken(sent: dict[str, Any], failed: list[str]) -> None:
    verdicts = judge_territory(read_flat(sent), TERMS)
    assert [verdict.code for verdict in verdicts if not verdict.passed] == failed


@pytest.mark.parametrize(
    ("sent", "agrees"),
    [
        ({"state": "TX", "zip": "78701"}, True),
        ({"state": "TX", "zip": "78701-1234"}, True),
        ({"state": "TX", "zip": "00001"}, True),
        ({"state": "TX", "zip": "SW1A"}, True),
        ({"state": "TX"}, True),
        ({"zip": "78701"}, True),
        ({"state": "CA", "zip": "78701"}, False),
    ],
)
def test_a_zip_code_in_another_state_is_warned_of(sent: dict[str, Any], agrees: bool) -> None:
    verdict = judge_zip(read_flat(sent))
    assert verdict.passed is agrees
    assert agrees or verdict.effect is Effect.WARN
