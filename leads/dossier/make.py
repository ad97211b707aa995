"""Making a dossier: everything on record about one lead, as files, reported, hashed and signed."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings

from leadping.events import record_event
from leads.dossier.files import plain, write_json
from leads.dossier.keys import signing_key
from leads.dossier.readme import write_readme
from leads.dossier.record import Record, name_people, read_record
from leads.dossier.report.blocks import Document, Facts, Part
from leads.dossier.report.html import write_html
from leads.dossier.sections import tell_everything
from leads.dossier.sections.section import Section
from leads.dossier.signing import key_id
from leads.dossier.verification import seal
from leads.models import Lead
from leads.pages.moments import exact

TAKEN = "dossier.made"
FORMAT = 1
FACTS_FILE = "dossier.json"
NUMBERED = (
    "Characters that this report shows by their numbers are invisible, change how others read, or have no "
    "place in its fonts. The files have them as they came; report.html shows every script."
)


@dataclass(frozen=True, slots=True)
class Dossier:
    name: str
    content: bytes


def make_dossier(lead: Lead, *, by: str, now: datetime) -> Dossier:
    """The dossier as of now; the same lead at the same moment gives the same bytes. That somebody took it is
    on record before it is handed over.

    Raises KeyFileError where there is nothing to sign with.
    """
    key = signing_key(by=by, now=now)
    record = read_record(lead, now=now)
    name = f"dossier-{lead.public_id}.zip"
    fingerprint = key_id(key.public_key())
    facts = describe(record, by=by, key=fingerprint)
    content = seal(write_files(record, facts, name=name), key)
    record_event(
        TAKEN,
        subject=lead.public_id,
        by=by,
        business_id=lead.business_id,
        now=now,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        key=fingerprint,
    )
    return Dossier(name, content)


def describe(record: Record, *, by: str, key: str) -> dict[str, Any]:
    """What belongs to the making: it alone, what is made of it, and the signature differ between two dossiers
    of a lead to which nothing happened in between."""
    return {
        "format": FORMAT,
        "lead": record.lead.public_id,
        "business": record.lead.business.public_id,
        "made_at": plain(record.now),
        "made_by": name_people(record.lead, by).get(by, by),
        "made_by_id": by,
        "installation": settings.PUBLIC_URL,
        "key": key,
        "newest_signed_head": record.chain.last,
    }


def write_files(record: Record, facts: dict[str, Any], *, name: str) -> dict[str, bytes]:
    # Only who makes a dossier pays for ReportLab: it takes half a second to load.
    from leads.dossier.report.pdf import write_pdf  # noqa: PLC0415

    sections = tell_everything(record)
    document = compose(record, sections, facts)
    files = {path: content for section in sections for path, content in section.files.items()}
    files |= {
        "report.html": write_html(document),
        "report.pdf": write_pdf(document),
        FACTS_FILE: write_json(facts),
    }
    readme = write_readme(
        files,
        lead=record.lead.public_id,
        made_at=exact(record.now),
        address=settings.PUBLIC_URL,
        key_id=facts["key"],
        name=name,
    )
    return {**files, "README.txt": readme}


def compose(record: Record, sections: list[Section], facts: dict[str, Any]) -> Document:
    lead = record.lead
    making = Facts(
        [
            ("Made on", exact(record.now)),
            ("Made by", facts["made_by"]),
            ("Installation", settings.PUBLIC_URL),
            ("Signed with the key", facts["key"]),
            ("[U+202E] and the like", NUMBERED),
            ("How to check it", "README.txt says how, with openssl and sha256sum alone."),
        ]
    )
    return Document(
        title=f"Dossier of the lead {lead}",
        subtitle=f"{lead.business}, as of {exact(record.now)}",
        running=f"{lead.public_id}, as of {exact(record.now)}",
        parts=[*(Part(it.title, it.blocks) for it in sections), Part("This dossier", [making])],
    )
