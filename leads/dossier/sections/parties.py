"""Who the lead is about, who sent it and who took it. Pure."""

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading
from leads.dossier.sections.section import Section
from leads.models import Lead
from leads.pages.facts import describe_facts
from leads.pages.moments import exact

LEAD_FILE = "lead.json"


def tell_parties(record: Record) -> Section:
    lead, terms = record.lead, record.lead.terms
    blocks: list[Block] = [
        Heading("The person"),
        Facts(person_facts(lead)),
        Heading("The sender"),
        Facts(
            [
                ("Source", f"{lead.source} ({lead.source.get_kind_display().lower()})"),
                ("Publisher", terms.publisher),
                ("Partner", terms.partner),
                ("Posting system", terms.posting_system),
                ("Landing pages", "\n".join(terms.landing_pages)),
                ("Source's id", lead.source.public_id),
            ]
        ),
        Heading("The receiver"),
        Facts(
            [
                ("Business", lead.business.name),
                ("Account", lead.account.name),
                ("Sender brand in the terms", terms.sender_brand),
                ("Business's id", lead.business.public_id),
            ]
        ),
        Heading("What else was sent"),
        Facts([(fact.label, fact.value) for fact in describe_facts(lead)]),
        Files([LEAD_FILE]),
    ]
    return Section("Parties", blocks, {LEAD_FILE: write_json(row_facts(lead))})


def person_facts(lead: Lead) -> list[tuple[str, str]]:
    where = [lead.address1, lead.address2, " ".join(filter(None, [lead.city, lead.state, lead.postal_code]))]
    extension = f", extension {lead.phone_extension}" if lead.phone_extension else ""
    return [
        ("Name", " ".join(filter(None, [lead.first_name, lead.last_name]))),
        ("Phone", f"{lead.phone}{extension}" if lead.phone else ""),
        ("Email", lead.email),
        ("Address", "\n".join(filter(None, where))),
        ("Born", date_of_birth(lead)),
        ("Gender", lead.gender),
        ("Came in", exact(lead.created_at)),
        ("Lead's id", lead.public_id),
    ]


def date_of_birth(lead: Lead) -> str:
    return f"{lead.birth_date.day} {lead.birth_date:%b %Y}" if lead.birth_date else ""
