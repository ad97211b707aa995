"""What came beside the certificate, such as a Jornaya LeadiD. Pure."""

from collections.abc import Iterator

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Files, Paragraph, Table
from leads.dossier.sections.section import Section
from leads.models import Evidence
from leads.pages.evidence import title_of_kind
from leads.pages.moments import exact

EVIDENCE_FILE = "evidence.json"
HOW = (
    "Tokens of other services, as they came with the lead. The services were not asked about them, so they "
    "prove nothing by themselves; whoever has an account there can ask."
)


def tell_evidence(record: Record) -> Section | None:
    found = record.beside.evidence
    if not found:
        return None
    rows = [
        (title_of_kind(one.kind), one.token, say_state(one), f"{one.field}, {exact(one.seen_at)}")
        for one in found
    ]
    table = Table(("Kind", "Token", "State", "Came as"), rows, (0.18, 0.36, 0.16, 0.3))
    blocks: list[Block] = [Paragraph(HOW), table, Files([EVIDENCE_FILE])]
    return Section("Other evidence", blocks, {EVIDENCE_FILE: write_json([row_facts(one) for one in found])})


def say_state(one: Evidence) -> str:
    return Evidence.State(one.state).label


def say_evidence(record: Record) -> Iterator[str]:
    for one in record.beside.evidence:
        yield f"A {title_of_kind(one.kind)} came with the lead: {say_state(one).lower()}."
