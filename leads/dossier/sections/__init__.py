"""What a dossier tells, in the order in which it tells it. Pure: each section is made of the record alone.

A further kind of evidence is a file here and a line below; who gives None has nothing to tell of this lead.
"""

from collections.abc import Callable

from leads.dossier.record import Record
from leads.dossier.sections.certificate import tell_certificate
from leads.dossier.sections.chain import tell_chain
from leads.dossier.sections.complaints import tell_complaints
from leads.dossier.sections.evidence import tell_evidence
from leads.dossier.sections.overrides import tell_overrides
from leads.dossier.sections.parties import tell_parties
from leads.dossier.sections.section import Section
from leads.dossier.sections.story import tell_story
from leads.dossier.sections.submissions import tell_submissions
from leads.dossier.sections.summary import tell_summary
from leads.dossier.sections.suppression import tell_suppression
from leads.dossier.sections.terms import tell_terms

SECTIONS: tuple[Callable[[Record], Section | None], ...] = (
    tell_summary,
    tell_parties,
    tell_story,
    tell_overrides,
    tell_certificate,
    tell_evidence,
    tell_submissions,
    tell_terms,
    tell_complaints,
    tell_suppression,
    tell_chain,
)


def tell_everything(record: Record) -> list[Section]:
    return [section for tell in SECTIONS if (section := tell(record))]
