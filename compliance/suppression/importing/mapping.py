"""Which column of a file holds phones, which emails, which notes. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.suppression.contacts import ContactFault, ContactPoint, read_contact, read_email, read_phone
from leadping.file_imports import LEFT_OUT

PHONE, EMAIL, NOTE = "phone", "email", "note"
READERS = {PHONE: read_phone, EMAIL: read_email}
# Parts of headings, in the order in which they are looked for.
NAMED = (
    (EMAIL, ("email", "e-mail", "mail", "correo")),
    (PHONE, ("phone", "mobile", "cell", "tel", "number", "msisdn")),
    (NOTE, ("note", "reason", "comment", "why")),
)


@dataclass(frozen=True, slots=True)
class Place:
    index: int
    heading: str
    holds: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """`faults` are pairs of heading and sentence; a row may hold a good phone beside a bad email."""

    contacts: list[ContactPoint]
    note: str
    faults: list[tuple[str, str]]


def guess_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """By what the first cells hold, else by the heading."""
    return {
        heading: guess(heading, [row[index] for row in rows if index < len(row)])
        for index, heading in enumerate(headings)
    }


def guess(heading: str, cells: Sequence[str]) -> str:
    told = next((holds for holds, parts in NAMED if any(part in heading.lower() for part in parts)), LEFT_OUT)
    kinds = Counter(kind_of(cell) for cell in cells if cell.strip())
    seen = kinds.most_common(1)[0][0] if kinds else ""
    return told if told == NOTE else seen or told


def kind_of(cell: str) -> str:
    try:
        return read_contact(cell).kind
    except ContactFault:
        return ""


def find_faults(columns: Mapping[str, str]) -> list[str]:
    faults = []
    if not {PHONE, EMAIL} & set(columns.values()):
        faults.append("Say which column holds phone numbers or email addresses.")
    if list(columns.values()).count(NOTE) > 1:
        faults.append("Only one column can be the note.")
    return faults


def plan(headings: Sequence[str], columns: Mapping[str, str]) -> list[Place]:
    return [
        Place(index, heading, columns[heading])
        for index, heading in enumerate(headings)
        if columns.get(heading, LEFT_OUT) != LEFT_OUT
    ]


def read_row(cells: Sequence[str], places: Sequence[Place]) -> ReadRow:
    contacts, faults, note = [], [], ""
    for place in places:
        cell = cells[place.index].strip()
        if place.holds == NOTE:
            note = cell
        elif cell:
            try:
                contacts.append(READERS[place.holds](cell))
            except ContactFault as fault:
                faults.append((place.heading, str(fault)))
    if not contacts and not faults:
        faults.append(("", "This row holds neither a phone number nor an email address."))
    return ReadRow(contacts, note, faults)
