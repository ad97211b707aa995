"""The control events that bear on the lead, and what proves each: link of the chain, signed head. Pure."""

from typing import Any

from leadping.console.history import say_kind
from leads.dossier.chain import MOST, Link
from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Files, Notice, Paragraph, Table
from leads.dossier.sections.section import Section
from leads.pages.moments import exact

CONTROL_FILE = "events/control.json"
HOW = (
    "Changes to a source, its terms and its settings form a chain: the SHA-256 of each event is made of the "
    "one before it, its number and its own words, so that none can be changed, taken out or put in unseen. "
    "Each head of the chain is signed and kept outside the database. The file has each event's words, the "
    "hash before it and the first signed head that covers it."
)
SEALED = "The lead's own events are sealed in batches; the seals are links of the chain too: {}."
UNSEALED = "The lead's own events are not sealed yet, which happens within half an hour."
UNSIGNED = "No signed head was found for some of these events: see AUDIT_HEADS_FILE of the installation."


def tell_chain(record: Record) -> Section:
    links = record.chain.links
    blocks: list[Block] = [Paragraph(HOW), Paragraph(say_seals(record))]
    if any(link.head is None for link in links):
        blocks.append(Notice(UNSIGNED))
    if len(links) >= MOST:
        blocks.append(Paragraph(f"Of this source's events the newest {MOST} are told."))
    rows = [tuple(say_link(link, record)) for link in links]
    header = ("No.", "When", "What and by whom", "SHA-256, and the signed head that covers it")
    blocks += [Table(header, rows, (0.06, 0.235, 0.275, 0.43)), Files([CONTROL_FILE])]
    told = {"chain": record.chain.name, "events": [link_facts(link) for link in links]}
    return Section("Proof of what was decided", blocks, {CONTROL_FILE: write_json(told)})


def say_seals(record: Record) -> str:
    numbers = sorted(set(record.chain.seals.values()))
    if not numbers:
        return UNSEALED
    return SEALED.format(", ".join(f"no. {number}" for number in numbers))


def say_link(link: Link, record: Record) -> list[str]:
    event = link.event
    terms = f" (terms {event.data['number']})" if event.kind.startswith("terms.") else ""
    what = f"{say_kind(event.kind)}{terms}, by {record.who(event.actor)}"
    head = f"Head no. {link.head['count']}" if link.head else "No signed head"
    return [str(link.number), exact(event.at), what, f"{link.hash}\n{head}"]


def link_facts(link: Link) -> dict[str, Any]:
    return {
        "number": link.number,
        "hash": link.hash,
        "hash_before": link.before.hex(),
        "canonical": link.canonical,
        "head": link.head,
        "event": row_facts(link.event, without=["chain_number", "chain_hash"]),
    }
