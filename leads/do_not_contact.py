"""Which leads' people are not to be contacted, and by which ways. One question for a page of leads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from compliance.suppression.contacts import ContactPoint, contacts_of
from compliance.suppression.looking import closed_ways, find_suppressions, live_entries
from compliance.suppression.models import Suppression
from leads.models import Lead

IN_WORDS = {"call": "calls", "sms": "texts", "email": "emails"}


def suppressions_of(lead: Lead) -> list[Suppression]:
    """What stands against contacting its person, oldest first."""
    return find_suppressions(
        lead.business_id, account_id=lead.account_id, phone=lead.phone, email=lead.email_key
    )


def contacts_of_lead(lead: Lead) -> list[ContactPoint]:
    return contacts_of(lead.phone, lead.email_key)


def closed_for(leads: Sequence[Lead]) -> dict[UUID, list[str]]:
    """By lead, the ways of contacting that are closed; one query for each business."""
    entries = entries_by_hash(leads)
    return {
        lead.pk: closed_ways(
            entry
            for contact in contacts_of_lead(lead)
            for one in contact.hashes
            for entry in entries[lead.business_id].get(one, ())
            if entry.account_id in {None, lead.account_id}
        )
        for lead in leads
    }


def entries_by_hash(leads: Iterable[Lead]) -> dict[UUID, dict[bytes, list[Suppression]]]:
    wanted: dict[UUID, set[ContactPoint]] = defaultdict(set)
    for lead in leads:
        wanted[lead.business_id].update(contacts_of_lead(lead))
    found: dict[UUID, dict[bytes, list[Suppression]]] = {}
    for business_id, contacts in wanted.items():
        by_hash = found.setdefault(business_id, {})
        for entry in live_entries(business_id, None, contacts) if contacts else ():
            by_hash.setdefault(bytes(entry.contact_hash), []).append(entry)
    return found


def say_closed(ways: Sequence[str]) -> str:
    """Empty where nothing is closed."""
    return f"Do not contact: no {', no '.join(IN_WORDS[way] for way in ways)}" if ways else ""
