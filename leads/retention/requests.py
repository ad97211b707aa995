"""Erasing a person who asks for it."""

from datetime import datetime

from django.db import transaction

from compliance.erasing import forget_values
from compliance.models import SuppressionImport
from compliance.suppression.importing.course import forget_file as forget_list
from leadping.accounts.models import Business
from leadping.events import record_event
from leadping.file_imports import ImportingError
from leadping.verbs import VerbError
from leads.importing.course import forget_file
from leads.models import Complaint, Erasure, Import, Lead
from leads.retention.erasing import erase_complaints, erase_leads, erase_nameless
from leads.retention.finding import Found, find_person, hashes_of
from leads.retention.holds import lock_records, say_holds
from leads.retention.people import Person

AT_REQUEST = "The person asked to be erased."
GIVEN_UP = "it holds a person who was erased. Upload it again without them"


class ErasureError(VerbError):
    """The message says to a person why nobody is erased."""


@transaction.atomic
def erase_person(business: Business, person: Person, *, by: str, reason: str, now: datetime) -> Erasure:
    """Takes out of the business whatever names them; what proves their consent stays, and that they are
    suppressed, if they are. All of it or, with ErasureError, nothing."""
    lock_records(business.pk)
    found = find_person(business.pk, person)
    if why := say_why_not(found):
        raise ErasureError(why)
    counts = erase_found(business, found, by=by, now=now)
    erasure = Erasure.objects.create(
        business=business,
        contact_hashes=person.hashes,
        lead_ids=[lead.pk for lead in found.leads],
        counts=counts,
        at=now,
        by=by,
        reason=reason,
    )
    record_event(
        "person.erased",
        subject=erasure.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        reason=reason,
        rows=counts,
    )
    return erasure


def say_why_not(found: Found) -> str:
    """A sentence, or nothing where they can be erased."""
    if found.holds:
        return say_holds(found.holds)
    if found.running:
        return f"The import {found.running[0].name} holds the person and is at work. Wait until it is done."
    if found.nothing:
        return "Nothing on record here names this person. Look for their other phone or email too."
    return ""


def erase_found(business: Business, found: Found, *, by: str, now: datetime) -> dict[str, int]:
    counted = erase_leads(
        Lead.objects.filter(pk__in=[lead.pk for lead in found.leads]),
        business_id=business.pk,
        by=by,
        why=AT_REQUEST,
        now=now,
        cause="request",
    )
    counted += erase_nameless(found.nameless, business_id=business.pk, now=now)
    counted["complaints"] += erase_complaints(Complaint.objects.filter(pk__in=found.complaints), now=now)
    files: list[Import | SuppressionImport] = [*found.waiting, *found.lists]
    counted["files"] = sum(give_up(file, by=by, now=now) for file in files)
    counted["suppressions"] = forget_values(business.pk, hashes_of(found.person, found.leads))
    return {kind: count for kind, count in counted.items() if count}


def give_up(file: Import | SuppressionImport, *, by: str, now: datetime) -> int:
    """The rows of others in it go too; they can be imported from the file that its owner has."""
    try:
        if isinstance(file, Import):
            forget_file(file, by=by, reason=GIVEN_UP, now=now)
        else:
            forget_list(file, by=by, reason=GIVEN_UP, now=now)
    except ImportingError as refusal:
        raise ErasureError(f"The import {file.name} changed at this moment. Try again.") from refusal
    return 1
