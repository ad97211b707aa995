"""What differs between two versions of terms, as a reviewer reads it."""

from typing import Any

import pytest

from sources.admin.difference import compare_terms, summarise
from sources.models import Terms


def sides(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.name, one.before, one.after) for one in compare_terms(Terms(**old), Terms(**new))]


def test_fields_that_are_the_same_are_left_out() -> None:
    assert sides({"states": ["TX"], "publisher": "A"}, {"states": ["TX"], "publisher": "A"}) == []


def test_items_that_came_and_went_are_marked() -> None:
    [(name, before, after)] = sides({"states": ["TX", "OK"]}, {"states": ["TX", "FL"]})
    assert name == "states"
    assert (before, after) == ("TX, <del>OK</del>", "TX, <ins>FL</ins>")


def test_words_that_came_and_went_are_marked_within_a_text() -> None:
    [(_, before, after)] = sides(
        {"consent_wording": "You agree that we may call you about quotes."},
        {"consent_wording": "You agree that we may text you about quotes."},
    )
    assert before == "You agree that we may <del>call</del> you about quotes."
    assert after == "You agree that we may <ins>text</ins> you about quotes."


def test_a_text_in_place_of_quite_another_is_marked_as_a_whole() -> None:
    [(_, before, after)] = sides(
        {"call_script": "Hello there, is this a good time?"}, {"call_script": "Buy now!"}
    )
    assert before == "<del>Hello there, is this a good time?</del>"
    assert after == "<ins>Buy now!</ins>"


def test_what_people_wrote_is_never_markup() -> None:
    changes = sides({"publisher": "a <b> c", "states": []}, {"publisher": "a <i> c", "products": ["<img>"]})
    written = "".join(before + after for _, before, after in changes)
    assert not any(tag in written for tag in ("<b>", "<i>", "<img>"))


def test_where_nothing_is_in_force_all_that_is_said_is_new() -> None:
    names = [one.name for one in compare_terms(None, Terms(states=["TX"], publisher="A"))]
    assert names == ["publisher", "states", "trustedform_required", "certificate_retention"]


def test_a_choice_is_said_in_words() -> None:
    [(_, before, after)] = sides({"certificate_retention": "none"}, {"certificate_retention": "retain"})
    assert (before, after) == ("Not retained", "Retained by us")


def test_long_texts_are_compared_in_no_time() -> None:
    text = "the quick brown fox " * 1000
    [(_, _, after)] = sides({"message_copy": text}, {"message_copy": f"{text}jumps"})
    assert after.endswith("fox <ins>jumps</ins>")


def test_of_long_texts_all_between_the_first_and_the_last_change_is_marked() -> None:
    words = " fox" * 1000
    [(_, before, after)] = sides({"message_copy": f"a b{words} c d"}, {"message_copy": f"a x{words} y d"})
    assert before == f"a <del>b{words} c</del> d"
    assert after == f"a <ins>x{words} y</ins> d"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ({"states": ["TX", "OK"]}, {"states": ["TX", "FL"]}, "States: + FL, \N{MINUS SIGN} OK"),
        ({"publisher": "A"}, {"publisher": "B"}, "Publisher: B"),
        ({"consent_wording": "a" * 80}, {"consent_wording": "b" * 80}, "Consent wording reworded"),
        ({"call_script": "a" * 80}, {"call_script": ""}, "Call script removed"),
        ({}, {}, "Nothing differs."),
    ],
)
def test_a_difference_fits_on_one_line(old: dict[str, Any], new: dict[str, Any], line: str) -> None:
    assert summarise(Terms(**old), Terms(**new)) == line


def test_the_line_about_first_terms_says_what_matters_most() -> None:
    terms = Terms(states=["TX", "OK"], publisher="Bluebonnet", trustedform_required=False)
    assert summarise(None, terms) == "TX, OK · any product · Bluebonnet · no certificate"
