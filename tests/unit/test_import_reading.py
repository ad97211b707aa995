"""Uploaded files, from bytes to numbered rows, and what is said where that is not possible."""

import csv
import re
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadping.csv_cells import neutralise
from leadping.csv_files import FileFault, FileRow, decode, find_delimiter, read_rows, survey
from leads.importing.faults import describe_faults
from leads.importing.mapping import EXTRA, find_faults, guess_columns

HEADINGS = ["First Name", "Phone Number", "Note"]
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30).filter(
    lambda text: not text.startswith("'")
)
ROW = st.lists(CELL, min_size=3, max_size=3).filter(lambda cells: any(cell.strip() for cell in cells))


def rows_of(text: str) -> list[FileRow]:
    return list(read_rows(text, survey(text).headings, find_delimiter(text)))


def written(rows: list[list[str]], **dialect: object) -> str:
    file = StringIO()
    csv.writer(file, **dialect).writerows([HEADINGS, *rows])  # type: ignore[arg-type]
    return file.getvalue()


@given(
    rows=st.lists(ROW, min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_read_cell_for_cell(
    rows: list[list[str]], delimiter: str, line_end: str, quoting: int, encoding: str
) -> None:
    # Before Python 3.13 csv leaves a carriage return without quotes, so that it ends the row.
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    text = written(rows, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    decoded = decode(text.encode(encoding))
    # A byte order mark inside the text would be read as that of the file.
    assert survey(decoded).headings == HEADINGS
    read = list(read_rows(decoded, HEADINGS, delimiter))
    assert [row.cells for row in read] == rows
    assert [row.fault for row in read] == [""] * len(rows)


@given(rows=st.lists(ROW, min_size=1, max_size=4))
def test_what_our_own_exports_make_safe_is_read_as_it_was(rows: list[list[str]]) -> None:
    safe = [[neutralise(cell) for cell in row] for row in rows]
    assert [row.cells for row in rows_of(written(safe, quoting=csv.QUOTE_ALL))] == rows


def test_nor_are_headings_changed_by_what_our_exports_make_safe() -> None:
    assert survey(f"{neutralise('=1+1')},phone\n1,2\n").headings == ["=1+1", "phone"]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(sent: bytes) -> None:
    with suppress(FileFault):
        survey(decode(sent))


REFUSED = [
    (b"", "The file is empty"),
    (b"  \r\n ", "The file is empty"),
    (b"\xef\xbb\xbf", "The file is empty"),
    (b"Name,Phone\n", "Below the headings there is no row"),
    (b",,\nJordan,1,2\n", "Row 1 is blank"),
    (b"Name,,Phone\na,b,c\n", "Row 1: column 2 has no heading"),
    (b"Phone,Name,phone\na,b,c\n", "Row 1 has the heading “phone” twice"),
    (b"Jordan,jordan@example.com\n", "Row 1 seems to hold a person"),
    (b"Jordan,+15125550123\nKim,+15125550124\n", "Row 1 seems to hold a person"),
    ("Name,City\nJosé,X\n".encode("latin-1"), "Row 2 is not UTF-8"),
    ('Name,City\n"a\nb",X\nJosé,Y\n'.encode("latin-1"), "Row 3 is not UTF-8"),
    (b"Name,City\na,b\nc\x00d,e\n", "Row 3 holds a NUL"),
    ("Name,City\na,b".encode("utf-16-le"), "The file seems to be UTF-16 without its mark"),
    ("Name,City\na,b".encode("utf-32"), "The file is UTF-32"),
    (b'Name,City\na,b\n"c,d\ne,f\n', "Row 3 opens a quote that is never closed"),
    (b"Name,City\na," + b"x" * 140_000 + b"\n", "Row 2 has a cell of over 131,072 characters"),
    (",".join(f"H{n}" for n in range(151)).encode() + b"\na\n", "Row 1 has 151 columns"),
    (b"Name," + b"x" * 201 + b"\na,b\n", "Row 1: the heading of column 2 is over 200"),
    (b"Phone\n" + b"1\n" * 100_001, "The file has over 100,000 rows"),
    (b"Phone\n1\n" + b"\n" * 200_001, "The file has over 200,000 rows, blank ones too"),
    (b"x" * (20 * 1024 * 1024 + 1), "The file is over 20 MiB"),
]


@pytest.mark.parametrize(("sent", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_with_its_row_and_a_remedy(sent: bytes, sentence: str) -> None:
    with pytest.raises(FileFault, match=re.escape(sentence)) as refused:
        survey(decode(sent))
    # One sentence on what is wrong, and one on what to do, at the most.
    assert len(str(refused.value)) < 220


def test_rows_are_numbered_as_in_a_spreadsheet_whatever_their_lines() -> None:
    read = rows_of('Name,Note\nJordan,"two\nlines"\n\n,\nKim,x\n')
    assert [(row.number, row.cells) for row in read] == [(2, ["Jordan", "two\nlines"]), (5, ["Kim", "x"])]


def test_one_row_that_cannot_be_told_apart_stops_no_other() -> None:
    read = rows_of('Name,Note\na,b,c\n"d"e,f\ng\nh,i\n')
    assert [(row.number, bool(row.fault)) for row in read] == [(2, True), (3, True), (4, False), (5, False)]
    assert "3 cells and there are 2 headings" in read[0].fault
    assert "quotes in this row do not match" in read[1].fault
    assert read[2].cells == ["g", ""]


GUESSES = [
    ("Phone Number", "phone"),
    ("phone_number", "phone"),
    ("Mobile Phone", "phone"),
    ("Cell", "phone"),
    ("E-Mail", "email"),
    ("Email Address", "email"),
    ("First Name", "firstName"),
    ("Surname", "lastName"),
    ("Zip Code", "zip"),
    ("ZIP", "zip"),
    ("State", "state"),
    ("Street Address", "address1"),
    ("DOB", "birthDate"),
    ("utm_source", "utmSource"),
    ("Lead ID", "externalId"),
    ("xxTrustedFormCertUrl", "trustedFormUrl"),
    ("Trusted Form", "trustedFormUrl"),
    ("Favourite colour", EXTRA),
    ("What is wrong", ""),
]


@pytest.mark.parametrize(("heading", "field"), GUESSES)
def test_headings_are_guessed_as_people_write_them(heading: str, field: str) -> None:
    assert guess_columns([heading], [""])[heading] == field


def test_a_certificate_is_known_by_its_value() -> None:
    guessed = guess_columns(["Proof"], ["https://cert.trustedform.com/0123456789abcdef"])
    assert guessed == {"Proof": "trustedFormUrl"}


def test_of_two_columns_that_mean_the_same_the_first_is_it() -> None:
    assert guess_columns(["Phone", "Mobile"], ["", ""]) == {"Phone": "phone", "Mobile": EXTRA}


def test_two_columns_for_one_field_are_a_fault_that_names_both() -> None:
    (fault,) = find_faults(["Phone", "Mobile"], {"Phone": "phone", "Mobile": "phone"})
    assert "“Phone” and “Mobile” both lead to phone" in fault


def test_a_mapping_without_phone_and_email_is_a_fault() -> None:
    assert "needs one of them" in find_faults(["Name"], {"Name": "firstName"})[0]


def test_a_mapping_of_another_file_or_to_no_field_is_a_fault() -> None:
    assert find_faults(["Phone"], {"Phone": "phone", "Other": ""}) == find_faults(["Phone"], {"Phone": "id"})


def test_what_is_found_names_a_value_by_its_kind_alone() -> None:
    verdict = {
        "code": "state_not_allowed",
        "passed": False,
        "effect": "refuse",
        "detail": "Florida is not allowed; allowed: TX, OK.",
        "field": "state",
    }
    (told,) = describe_faults(7, [verdict], {"state": "St."}, {"state": "Florida", "phone": "5125550123"})
    assert told == {
        "row": 7,
        "heading": "St.",
        "code": "state_not_allowed",
        "effect": "refuse",
        "value": "text, 7 characters",
        "message": "“…” is not allowed; allowed: TX, OK.",
    }
