"""States as senders write them, and which state a ZIP code lies in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadping.states import NAMES, read_state, state_of_zip


@pytest.mark.parametrize("code", NAMES)
def test_a_state_is_read_by_code_and_by_name_in_any_case(code: str) -> None:
    written = [code, code.lower(), NAMES[code], NAMES[code].upper(), f" {NAMES[code].lower()} "]
    assert {read_state(text) for text in written} == {code}


def test_all_states_territories_and_military_codes_are_known() -> None:
    assert len(NAMES) == 50 + 1 + 5 + 3
    assert NAMES.keys() >= {"TX", "DC", "PR", "GU", "VI", "AS", "MP", "AA", "AE", "AP"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("North  Carolina", "NC"),
        ("Washington", "WA"),
        ("Washington DC", "DC"),
        ("Washington D.C.", "DC"),
        ("D.C.", "DC"),
        ("Puerto Rico", "PR"),
    ],
)
def test_a_state_is_read_as_people_write_it(text: str, code: str) -> None:
    assert read_state(text) == code


@pytest.mark.parametrize(
    "text", ["", "XX", "Texass", "T", "TXX", "Ontario", "48", "Tx,", "\x00", "\uff34\uff38"]
)
def test_what_is_no_state_is_none(text: str) -> None:
    assert read_state(text) is None


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    assert read_state(text) is None or read_state(text) in NAMES
    assert state_of_zip(text) is None or state_of_zip(text) in NAMES


@pytest.mark.parametrize(
    ("postal_code", "state"),
    [
        ("78701", "TX"),
        ("78701-1234", "TX"),
        ("00601", "PR"),
        ("02134", "MA"),
        ("20001", "DC"),
        ("09007", "AE"),
        ("00001", None),
        ("", None),
        ("787", None),
        ("ABCDE", None),
    ],
)
def test_a_zip_code_lies_in_a_state(postal_code: str, state: str | None) -> None:
    assert state_of_zip(postal_code) == state
