"""Whether the contacts of a request are on the suppression list. Nothing is asked where the source's setting
is off. One request is looked up with all else (`beforehand.py`), or made sure of when it is stored; many have
one question.

Any entry that stands counts, whatever the way of contacting that it closes: a person decides about the lead,
and `may_contact` about each way. What is recorded between looking and storing is seen by that gate alone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from compliance.suppression.contacts import ContactPoint, contacts_of
from compliance.suppression.looking import Span, find_suppressed, was_suppressed
from compliance.suppression.rules import judge_suppressed
from leadping.verdicts import Effect
from leads.intake.case import Case
from leads.intake.payload.draft import LeadDraft
from sources.models import Source


def is_looked_at(source: Source) -> bool:
    return source.settings.suppression_effect != Effect.OFF


def draft_contacts(draft: LeadDraft) -> list[ContactPoint]:
    return contacts_of(draft.phone.number if draft.phone else "", draft.email)


def judge_contacts(case: Case) -> None:
    """By what was looked up; where nothing was, they are taken for such that are not suppressed."""
    if not is_looked_at(case.source):
        return
    contacts = draft_contacts(case.was_read.draft)
    if case.known is None:
        case.assumed = [one for contact in contacts for one in contact.hashes]
        find(case, contacts, ())
    else:
        listed = case.known.suppressed
        find(case, contacts, [one for one in contacts if not listed.isdisjoint(one.hashes)])


def judge_all_contacts(cases: Sequence[Case]) -> None:
    """Those of one source that were read."""
    source = cases[0].source
    if not is_looked_at(source):
        return
    known = [draft_contacts(case.was_read.draft) for case in cases]
    every = {contact for contacts in known for contact in contacts}
    suppressed = find_suppressed(source.business_id, source.account_id, every)
    for case, contacts in zip(cases, known, strict=True):
        find(case, contacts, suppressed)


def judge_contacts_then(case: Case, spans: Mapping[ContactPoint, Sequence[Span]], at: datetime) -> None:
    """As the list was at that moment."""
    if is_looked_at(case.source):
        contacts = draft_contacts(case.was_read.draft)
        find(case, contacts, [one for one in contacts if was_suppressed(spans.get(one, ()), at)])


def find(case: Case, contacts: Collection[ContactPoint], suppressed: Collection[ContactPoint]) -> None:
    if contacts:
        effect = Effect(case.source.settings.suppression_effect)
        case.find(judge_suppressed(any(one in suppressed for one in contacts), effect=effect))
