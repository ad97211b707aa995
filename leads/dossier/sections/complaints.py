"""What is held against this lead. Pure."""

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading, Quote
from leads.dossier.sections.section import Section
from leads.models import Complaint
from leads.pages.moments import exact

COMPLAINTS_FILE = "complaints.json"


def tell_complaints(record: Record) -> Section | None:
    if not record.complaints:
        return None
    blocks: list[Block] = []
    for number, complaint in enumerate(record.complaints, 1):
        blocks += tell_complaint(number, complaint, record)
    files = {COMPLAINTS_FILE: write_json([row_facts(complaint) for complaint in record.complaints])}
    return Section("Complaints about this lead", [*blocks, Files([COMPLAINTS_FILE])], files)


def tell_complaint(number: int, complaint: Complaint, record: Record) -> list[Block]:
    kind = Complaint.Kind(complaint.kind).label
    closed = "Open"
    if complaint.closed_at:
        outcome = Complaint.Outcome(complaint.outcome).label
        closed = f"{outcome}, {exact(complaint.closed_at)}, by {record.who(complaint.closed_by)}"
    facts = [
        ("Raised by", complaint.raised_by),
        ("Recorded by", record.who(complaint.opened_by)),
        ("Outcome", closed),
        ("Reason of the outcome", complaint.outcome_reason),
    ]
    heading = Heading(f"{number}. {kind} of {exact(complaint.opened_at)}")
    return [heading, Facts(facts), Quote(complaint.details)]
