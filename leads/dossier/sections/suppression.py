"""When the person's phone and email were closed to contact, why, and whether they were opened again. Pure."""

from collections.abc import Iterator

from compliance.models import Suppression
from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Files, Paragraph, Table
from leads.dossier.sections.section import Section
from leads.pages.moments import exact

SUPPRESSION_FILE = "suppression.json"
HOW = (
    "Entries of the suppression list for this phone and this email, those that were released since among "
    "them, as far as they hold for this account."
)


def tell_suppression(record: Record) -> Section | None:
    entries = record.beside.suppressions
    if not entries:
        return None
    rows = [(exact(one.created_at), say_entry(one, record), say_release(one, record)) for one in entries]
    table = Table(("Since", "What and why", "Until"), rows, (0.24, 0.42, 0.34))
    blocks: list[Block] = [Paragraph(HOW), table, Files([SUPPRESSION_FILE])]
    # The file that an entry was imported from holds other people.
    told = [row_facts(one, without=["imported_in"]) for one in entries]
    return Section("The suppression list", blocks, {SUPPRESSION_FILE: write_json(told)})


def say_entry(entry: Suppression, record: Record) -> str:
    scope = "for this account" if entry.account_id else "for the whole business"
    note = f": “{entry.note}”" if entry.note else "."
    return (
        f"{entry.get_channel_display()} to {entry}, {scope}. {entry.get_origin_display()}, recorded by "
        f"{record.who(entry.created_by)}{note}"
    )


def say_release(entry: Suppression, record: Record) -> str:
    if entry.released_at is None:
        return "It stands."
    return f"{exact(entry.released_at)}, by {record.who(entry.released_by)}: “{entry.release_reason}”"


def say_suppression(record: Record) -> Iterator[str]:
    standing = [one for one in record.beside.suppressions if one.released_at is None]
    for one in standing:
        when = "before the lead came" if one.created_at < record.lead.created_at else "after the lead came"
        yield (
            f"{one.get_channel_display()} to {one} are closed since {exact(one.created_at)}, {when}: "
            f"{one.get_origin_display().lower()}."
        )
