"""What the workspace makes of rows for people to read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.trustedform.answers import Outcome
from leadping.moments import ago
from leads.models import Lead, Submission
from leads.pages.contact import age, pretty_phone
from leads.pages.facts import Fact, describe_facts
from leads.pages.moments import LocalTime, exact, local_time
from leads.pages.stored import indent, lay_out_body
from leads.pages.wording import CERTIFICATES, LEAD_STATUSES, OUTCOMES, describe_check

NOW = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=119), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "7 Jun 2026"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(passed: timedelta, said: str) -> None:
    assert ago(NOW - passed, now=NOW) == said


def test_an_exact_moment_names_its_zone() -> None:
    assert exact(NOW) == "14 Jun 2026, 12:00:00 UTC"


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ([], None),
        (["America/Chicago"], LocalTime("7:00 AM", may_call=False)),
        (["America/New_York"], LocalTime("8:00 AM", may_call=True)),
        (["America/New_York", "America/Detroit"], LocalTime("8:00 AM", may_call=True)),
        (["America/New_York", "America/Chicago"], LocalTime("7:00 AM or 8:00 AM", may_call=False)),
    ],
)
def test_the_time_there_decides_about_a_call(zones: list[str], told: LocalTime | None) -> None:
    assert local_time(zones, now=NOW) == told


@pytest.mark.parametrize(
    ("number", "extension", "shown"),
    [
        ("+15125550123", "", "(512) 555-0123"),
        ("+15125550123", "44", "(512) 555-0123 ext. 44"),
        ("+15555550123", "", "(555) 555-0123"),
        ("", "", ""),
    ],
)
def test_a_phone_is_shown_as_it_is_written_here(number: str, extension: str, shown: str) -> None:
    assert pretty_phone(number, extension) == shown


def test_an_age_counts_whole_years() -> None:
    assert [age(date(1954, 6, day), today=NOW.date()) for day in (14, 15)] == ["72 years old", "71 years old"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            '{"a":1.50,"b":[true,null],"a":{}}',
            '{\n  "a": 1.50,\n  "b": [\n    true,\n    null\n  ],\n  "a": {}\n}',
        ),
        ('{"a, {b": "c\\": [d"}', '{\n  "a, {b": "c\\": [d"\n}'),
        ("[ ]", "[ ]"),
        ("{not json", "{not json"),
        ("[" * 100_000, "[" * 100_000),
        ("", ""),
    ],
)
def test_json_is_indented_and_otherwise_left_as_it_came(text: str, shown: str) -> None:
    assert indent(text) == shown


def test_a_form_is_shown_one_field_a_line() -> None:
    body = "firstName=Jordan&phone=%2B15125550123&empty="
    stored = Submission(body=body, content_type="application/x-www-form-urlencoded")
    query = Submission(body=body, door=Submission.Door.QUERY)
    shown = "firstName = Jordan\nphone = +15125550123\nempty = "
    assert [lay_out_body(stored), lay_out_body(query)] == [shown, shown]


def test_every_status_and_outcome_has_words() -> None:
    assert LEAD_STATUSES.keys() == set(Lead.Status)
    assert OUTCOMES.keys() == set(Submission.Outcome)
    assert CERTIFICATES.keys() >= {outcome.value for outcome in Outcome}


def test_a_check_of_an_unknown_code_still_has_words() -> None:
    passed = describe_check({"code": "moon_phase", "passed": True})
    failed = describe_check({"code": "moon_phase", "passed": False, "effect": "hold", "detail": "Full."})
    assert (passed.badge.text, passed.sentence) == ("Passed", "Moon phase: no fault.")
    assert (failed.badge.text, failed.name, failed.sentence) == ("Held", "Moon phase", "Full.")


def test_only_web_addresses_become_links() -> None:
    lead = Lead(landing_page="https://a.example/", referrer="javascript:alert(1)")
    assert describe_facts(lead) == [
        Fact("Landing page", "https://a.example/", link=True),
        Fact("Referrer", "javascript:alert(1)"),
    ]
