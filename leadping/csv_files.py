"""From the bytes of an uploaded file to headings and numbered rows.

Rows are numbered as a spreadsheet numbers them: the headings are row 1, and a cell that goes over several
lines is still one row.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from leadping.characters import FORBIDDEN
from leadping.csv_cells import restore

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
# With the blank ones, which cost as much to read.
MOST_LINES = 2 * MOST_ROWS
# Under the most keys that a lead may have at the doors.
MOST_COLUMNS = 150
# As long as a name that comes back in answers may be.
LONGEST_HEADING = 200
DELIMITERS = ",;\t|"
# Rows that are looked at to tell the delimiter.
SAMPLE = 20
LOOKED_AT = 200_000

SAVE_AS_UTF_8 = "Save it anew as “CSV UTF-8 (Comma delimited)” and upload that."
MARKS_OF_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class FileFault(Exception):  # noqa: N818 (a fault of the file's, told to a person)
    """The file cannot be imported; the message says to a person why, and what to do."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """`fault` says why the cells cannot be told apart; then they are not to be trusted."""

    number: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FileShape:
    headings: list[str]
    delimiter: str
    rows: int


def decode(sent: bytes) -> str:
    """Raises FileFault."""
    if len(sent) > MOST_BYTES:
        raise FileFault(f"The file is over {MOST_BYTES // 2**20} MiB. Divide it, and import the parts.")
    if sent.startswith(MARKS_OF_UTF_32):
        raise FileFault(f"The file is UTF-32, which is not read here. {SAVE_AS_UTF_8}")
    if sent.startswith(MARKS_OF_UTF_16):
        return check_text(decode_utf_16(sent))
    if sent[1:2] == b"\x00" or sent[:1] == b"\x00":
        raise FileFault(f"The file seems to be UTF-16 without its mark, or no text at all. {SAVE_AS_UTF_8}")
    try:
        return check_text(sent.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = row_at(sent[: error.start].decode("utf-8-sig", "replace"))
        raise FileFault(
            f"Row {row} is not UTF-8; the file was probably saved as Windows-1252 or Latin-1. {SAVE_AS_UTF_8}"
        ) from error


def decode_utf_16(sent: bytes) -> str:
    try:
        return sent.decode("utf-16")
    except UnicodeDecodeError as error:
        raise FileFault(f"The file begins as UTF-16 and does not go on so. {SAVE_AS_UTF_8}") from error


def check_text(text: str) -> str:
    if not text.strip():
        raise FileFault("The file is empty. Its first row holds the headings, each further row one person.")
    if (place := text.find("\x00")) >= 0:
        raise FileFault(
            f"Row {row_at(text[:place])} holds a NUL character, which no text has. Export the file anew."
        )
    return text


def row_at(before: str) -> int:
    """The number of the row in which a text that is broken off ends."""
    delimiter = find_delimiter(before)
    try:
        ended = sum(1 for _ in csv.reader(StringIO(before, newline=""), delimiter=delimiter))
    except csv.Error:
        return max(len(before.splitlines()), 1)
    return ended if before and not before.endswith(("\n", "\r")) else ended + 1


def survey(text: str) -> FileShape:
    """Reads the file once from end to end. Raises FileFault."""
    delimiter = find_delimiter(text)
    headings = read_headings(text, delimiter)
    count = 0
    for count, _ in enumerate(read_rows(text, headings, delimiter), start=1):
        if count > MOST_ROWS:
            raise FileFault(f"The file has over {MOST_ROWS:,} rows. Divide it, and import the parts.")
    if not count:
        raise FileFault("Below the headings there is no row. Each further row is to hold one person.")
    return FileShape(headings, delimiter, count)


def find_delimiter(text: str) -> str:
    """The one by which the first rows have the most cells, and all of them as many as the headings."""
    beginning = text[:LOOKED_AT]

    def fitness(delimiter: str) -> tuple[bool, float, int]:
        try:
            rows = list(islice(csv.reader(StringIO(beginning, newline=""), delimiter=delimiter), SAMPLE))
        except csv.Error:
            return False, 0, 0
        width = len(rows[0]) if rows else 0
        alike = sum(1 for row in rows if len(row) == width)
        return width > 1, alike / (len(rows) or 1), width

    return max(DELIMITERS, key=fitness)


def read_headings(text: str, delimiter: str) -> list[str]:
    """Raises FileFault."""
    try:
        first = next(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise FileFault("Row 1: the quotes around a heading do not match. Mend it.") from error
    headings = [restore(heading.strip()) for heading in first]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise FileFault("Row 1 is blank; it is to hold the headings, such as “Phone” and “State”.")
    if len(headings) > MOST_COLUMNS:
        raise FileFault(f"Row 1 has {len(headings)} columns; at most {MOST_COLUMNS} are taken.")
    for place, heading in enumerate(headings, start=1):
        check_heading(place, heading)
    seen: set[str] = set()
    for heading in headings:
        if heading.casefold() in seen:
            raise FileFault(f"Row 1 has the heading “{heading}” twice. Rename one of them.")
        seen.add(heading.casefold())
    return headings


def check_heading(place: int, heading: str) -> None:
    if not heading:
        raise FileFault(f"Row 1: column {place} has no heading. Give it one, or delete the column.")
    if len(heading) > LONGEST_HEADING or FORBIDDEN.search(heading):
        raise FileFault(
            f"Row 1: the heading of column {place} is over {LONGEST_HEADING} characters long, or holds "
            "control characters. Shorten it."
        )
    if "@" in heading or sum(map(str.isdigit, heading)) >= 7:
        raise FileFault("Row 1 seems to hold a person, not headings. Put a row of headings above it.")


def read_rows(text: str, headings: list[str], delimiter: str) -> Iterator[FileRow]:
    """Every row below the headings that is not blank. Raises FileFault where the rest cannot be read."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield FileRow(number, [], explain_quotes(error, number))
            continue
        if number > MOST_LINES:
            raise FileFault(f"The file has over {MOST_LINES:,} rows, blank ones too. Delete these.")
        if number > 1 and any(cell.strip() for cell in cells):
            yield fit(number, cells, len(headings))


def explain_quotes(error: csv.Error, number: int) -> str:
    """Raises FileFault where nobody can tell in which row what follows stands."""
    if "end of data" in str(error):
        raise FileFault(
            f"Row {number} opens a quote that is never closed: all that follows counts as one cell. Close it."
        ) from error
    if "field limit" in str(error):
        raise FileFault(
            f"Row {number} has a cell of over {csv.field_size_limit():,} characters; a quote that is opened "
            "and not closed may be the cause. Mend it."
        ) from error
    return "The quotes in this row do not match. Put a cell that holds quotes in quotes, and double them."


def fit(number: int, cells: list[str], width: int) -> FileRow:
    """Cells that are missing at the end are blank: spreadsheets leave them away."""
    if any(cell.strip() for cell in cells[width:]):
        message = (
            f"This row has {len(cells)} cells and there are {width} headings. Put a cell that holds a "
            "delimiter in quotes."
        )
        return FileRow(number, cells, message)
    cells = [restore(cell) for cell in cells[:width]]
    return FileRow(number, cells + [""] * (width - len(cells)))
