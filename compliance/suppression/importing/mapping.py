"""Which column of a file holds phones, which emails, which notes. A file that we wrote is known by its
headings. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.suppression import exported
from compliance.suppression.contacts import ContactFault, ContactPoint, read_contact, read_email, read_phone
from compliance.suppression.models import Suppression
from leadping.file_imports import LEFT_OUT

PHONE, EMAIL, NOTE = "phone", "email", "note"
CONTACT, CHANNEL, ACCOUNT, RELEASED = "contact", "channel", "account", "released"
READERS = {PHONE: read_phone, EMAIL: read_email, CONTACT: read_contact}
# Of these a file has one column at most.
ONCE = {NOTE: "the note", CHANNEL: "the channel", ACCOUNT: "the account", RELEASED: "when it was released"}
OUR_OWN = {
    exported.CONTACT: CONTACT,
    exported.CHANNEL: CHANNEL,
    exported.ACCOUNT: ACCOUNT,
    exported.NOTE: NOTE,
    exported.RELEASED: RELEASED,
}
ERASED = {str(Suppression(kind=kind)) for kind in Suppression.Kind.values}
CHANNELS = {
    word.lower(): choice.value for choice in Suppression.Channel for word in (choice.value, str(choice.label))
}
# Parts of headings, in the order in which they are looked for.
NAMED = (
    (EMAIL, ("email", "e-mail", "mail", "correo")),
    (PHONE, ("phone", "mobile", "cell", "tel", "number", "msisdn")),
    (NOTE, ("note", "reason", "comment", "why")),
    (CHANNEL, ("channel",)),
)


@dataclass(frozen=True, slots=True)
class Place:
    index: int
    heading: str
    holds: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """`faults` are pairs of heading and sentence; a row may hold a good phone beside a bad email. Channel and
    account are empty where the row does not say. `left_out` says why a row in order is not wanted."""

    contacts: list[ContactPoint]
    note: str
    faults: list[tuple[str, str]]
    channel: str = ""
    account: str = ""
    left_out: str = ""


def guess_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """By what the first cells hold, else by the heading."""
    if set(exported.HEADER) <= set(headings):
        return {heading: OUR_OWN.get(heading, LEFT_OUT) for heading in headings}
    return {
        heading: guess(heading, [row[index] for row in rows if index < len(row)])
        for index, heading in enumerate(headings)
    }


def guess(heading: str, cells: Sequence[str]) -> str:
    told = next((holds for holds, parts in NAMED if any(part in heading.lower() for part in parts)), LEFT_OUT)
    kinds = Counter(kind_of(cell) for cell in cells if cell.strip())
    if {PHONE, EMAIL} <= kinds.keys():
        return CONTACT
    seen = kinds.most_common(1)[0][0] if kinds else ""
    return told if told in {NOTE, CHANNEL} else seen or told


def kind_of(cell: str) -> str:
    try:
        return read_contact(cell).kind
    except ContactFault:
        return ""


def find_faults(columns: Mapping[str, str]) -> list[str]:
    faults = []
    if not READERS.keys() & set(columns.values()):
        faults.append("Say which column holds phone numbers or email addresses.")
    held = list(columns.values())
    return faults + [f"Only one column can be {what}." for one, what in ONCE.items() if held.count(one) > 1]


def plan(headings: Sequence[str], columns: Mapping[str, str]) -> list[Place]:
    return [
        Place(index, heading, columns[heading])
        for index, heading in enumerate(headings)
        if columns.get(heading, LEFT_OUT) != LEFT_OUT
    ]


def read_row(cells: Sequence[str], places: Sequence[Place]) -> ReadRow:
    said = {
        place.holds: (place.heading, cells[place.index].strip()) for place in places if place.holds in ONCE
    }
    contacts, faults = read_contacts(cells, places)
    heading, written = said.get(CHANNEL, ("", ""))
    channel = CHANNELS.get(written.lower(), "")
    if written and not channel:
        faults.append((heading, f"The channel is one of: {', '.join(Suppression.Channel.values)}."))
    left_out = why_left_out(cells, places, said)
    if not contacts and not faults and not left_out:
        faults.append(("", "This row holds neither a phone number nor an email address."))
    return ReadRow(
        [] if written and not channel else contacts,
        said.get(NOTE, ("", ""))[1],
        faults,
        channel,
        said.get(ACCOUNT, ("", ""))[1],
        left_out,
    )


def read_contacts(
    cells: Sequence[str], places: Sequence[Place]
) -> tuple[list[ContactPoint], list[tuple[str, str]]]:
    contacts: list[ContactPoint] = []
    faults: list[tuple[str, str]] = []
    for place in places:
        cell = cells[place.index].strip()
        if not cell or place.holds not in READERS or cell in ERASED:
            continue
        try:
            contacts.append(READERS[place.holds](cell))
        except ContactFault as fault:
            faults.append((place.heading, str(fault)))
    return contacts, faults


def why_left_out(cells: Sequence[str], places: Sequence[Place], said: Mapping[str, tuple[str, str]]) -> str:
    if said.get(RELEASED, ("", ""))[1]:
        return "It was released, so it suppresses nobody."
    if any(place.holds in READERS and cells[place.index].strip() in ERASED for place in places):
        return "The person was erased; the file does not say who it was."
    return ""
