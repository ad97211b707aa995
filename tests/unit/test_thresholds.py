"""From which share or number on a source is paused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.models import SourceSettings
from sources.thresholds import (
    Complaints,
    Sent,
    Share,
    crossed,
    longest_look,
    measure,
    say_pause,
)

GOOD = Sent(certificate_judged=True)
BAD = Sent(certificate_judged=True, bad_certificate=["certificate_not_found"])
WITHOUT = Sent(refused=True, refused_for=["certificate_missing"])
DOUBLE = Sent(duplicate=True)


def settings(**thresholds: Any) -> SourceSettings:
    return SourceSettings(**thresholds)


def only(found: list[Any]) -> Any:
    (one,) = found
    return one


def test_nothing_is_measured_until_a_threshold_is_set() -> None:
    assert measure(settings(), [BAD] * 100, complaints=100) == []


@given(limit=st.integers(1, 100), of=st.integers(5, 200), bad=st.integers(0, 400), good=st.integers(0, 400))
def test_a_share_counts_exactly_from_its_percentage_and_number_on(
    limit: int, of: int, bad: int, good: int
) -> None:
    sent = [BAD] * bad + [GOOD] * good
    share = only(
        measure(settings(pause_bad_certificates=limit, pause_bad_certificates_of=of), sent, complaints=0)
    )
    among = min(bad, of)
    assert share.crossed is (bad + good >= of and among / of * 100 >= limit - 1e-9)
    assert share.percent < limit or share.seen < of or share.crossed


@pytest.mark.parametrize(("bad", "reached"), [(9, False), (10, True), (11, True)])
def test_twenty_percent_of_fifty_are_ten(bad: int, reached: bool) -> None:
    sent = [BAD] * bad + [GOOD] * (50 - bad)
    figures = measure(settings(pause_bad_certificates=20), sent, complaints=0)
    assert bool(crossed(figures)) is reached


def test_nothing_is_paused_before_as_many_came() -> None:
    figures = measure(settings(pause_bad_certificates=20), [BAD] * 49, complaints=0)
    assert crossed(figures) == []
    assert only(figures).say_now() == "49 of the last 49: 100 %; pauses at 20 % of at least 50"


def test_what_came_without_a_certificate_is_passed_over() -> None:
    sent = [WITHOUT, BAD, WITHOUT, GOOD] * 5
    share = only(
        measure(settings(pause_bad_certificates=50, pause_bad_certificates_of=10), sent, complaints=0)
    )
    assert (share.seen, share.found, share.crossed) == (10, 5, True)


def test_only_the_newest_count() -> None:
    sent = [GOOD] * 50 + [BAD] * 50
    assert crossed(measure(settings(pause_bad_certificates=1), sent, complaints=0)) == []


def test_each_threshold_has_its_own_figure() -> None:
    sent = [DOUBLE, WITHOUT, GOOD, GOOD, GOOD]
    thresholds = settings(
        pause_duplicates=20,
        pause_duplicates_of=5,
        pause_refused=21,
        pause_refused_of=5,
        pause_complaints=2,
    )
    figures = measure(thresholds, sent, complaints=1)
    assert [(figure.label, figure.crossed) for figure in figures] == [
        ("Duplicates", True),
        ("Refusals", False),
        ("Complaints and disputes", False),
    ]
    assert longest_look(thresholds) == 5


@given(limit=st.integers(1, 50), found=st.integers(0, 60))
def test_complaints_count_from_their_number_on(limit: int, found: int) -> None:
    assert Complaints(limit, 30, found).crossed is (found >= limit)


def test_the_reason_says_the_figures_and_the_codes_in_plain_words() -> None:
    codes = {"certificate_not_found": 7, "certificate_mismatch": 5}
    share = Share("pause_bad_certificates", 20, 50, 50, 12, codes)
    assert say_pause([share, Complaints(3, 30, 4)]) == (
        "12 of the last 50 certificates were bad (24 %; the threshold is 20 %): certificate_not_found 7, "
        "certificate_mismatch 5. 4 complaints or disputes in the last 30 days (the threshold is 3)."
    )


def test_of_many_codes_the_most_frequent_are_told() -> None:
    codes = {f"code_{number}": 1 for number in range(8)}
    assert Share("pause_refused", 20, 50, 50, 12, codes).say_crossed().endswith("code_4 1 and 3 more.")


def test_a_percentage_is_rounded_down_so_that_it_never_seems_to_reach_the_threshold() -> None:
    assert Share("pause_refused", 20, 1000, 1000, 199).percent == 19
