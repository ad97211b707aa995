"""What stands in the cells of an export."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leadping.console.export import as_cell, write_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+15125550123", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\x00=1"]
)
def test_a_spreadsheet_runs_nothing_that_was_sent_to_us(text: str) -> None:
    assert as_cell(text) == "'" + text.replace("\x00", "")


def test_nor_anything_that_stands_above_it() -> None:
    """The rows of a file that are to be mended go out under the headings that came with them."""
    assert next(write_csv(["=1+1", "phone"], [])) == "'=1+1,phone\r\n"


@pytest.mark.parametrize("text", ["", "Jordan", "a=b", "José 北京", "'quoted"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert as_cell(text) == text


@pytest.mark.parametrize("number", [-5, 0, Decimal("-1.50"), 2.5])
def test_numbers_stay_numbers(number: object) -> None:
    assert as_cell(number) == number


def test_moments_carry_their_zone_and_nothing_is_empty() -> None:
    assert as_cell(datetime(2026, 3, 1, 2, 30, tzinfo=UTC)) == "2026-03-01T02:30:00+00:00"
    assert as_cell(None) == ""


def test_lines_are_quoted_where_they_need_it_and_written_as_they_come() -> None:
    rows = ([number, 'a "b", c'] for number in range(1200))
    written = list(write_csv(["number", "text"], rows))
    assert len(written) == 3
    lines = "".join(written).split("\r\n")
    assert lines[:2] == ["number,text", '0,"a ""b"", c"']
    assert len(lines) == 1202
