"""A certificate in plain words, as the page of a lead tells it."""

from datetime import UTC, datetime

import pytest

from compliance.checks.facts import CertificateFacts
from leads.pages.shown import list_shown, say_operations, say_seconds
from leads.pages.wording import describe_check


def test_what_a_certificate_shows_is_told_and_what_it_does_not_tell_is_named() -> None:
    facts = CertificateFacts(
        page_url="https://example.com/quote",
        masked=False,
        owner="",
        created_at=datetime(2026, 6, 14, 12, tzinfo=UTC),
        state="TX",
        input_methods=("typing", "autofill"),
        told=frozenset({"page_url", "masked", "bot", "framed", "parent_page_url", "phone_match"}),
    )
    assert list_shown(facts) == [
        ("Page", "https://example.com/quote"),
        ("Masked", "no"),
        ("Made by", "no verified account"),
        ("Page loaded", "14 Jun 2026, 12:00:00 UTC"),
        ("Where that is", "Texas"),
        ("Filled in by", "typing, autofill"),
        ("Not available", "in a frame, program seen at work"),
    ]


def test_of_a_certificate_about_which_nothing_was_asked_nothing_is_told() -> None:
    assert list_shown(CertificateFacts(phone_match=True)) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "5 seconds"), (119, "119 seconds"), (1200, "20 minutes"), (7200, "2 hours"), (259200, "3 days")],
)
def test_a_time_is_told_in_its_own_size(seconds: float, said: str) -> None:
    assert say_seconds(seconds) == said


def test_operations_are_told_by_what_they_are_for() -> None:
    assert say_operations(["match_lead", "insights"]) == "the person, page and visit"
    assert say_operations(None) == ""


def test_what_was_not_judged_is_not_shown_as_passed() -> None:
    verdict = {"code": "certificate_bot", "passed": True, "detail": "Not available: the page."}
    line = describe_check(verdict)
    assert (line.badge.text, line.sentence) == ("Not available", "The page.")
