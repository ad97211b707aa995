"""Everything of one business that names a person, found by phone and email."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.erasing import waiting_lists
from compliance.models import Suppression, SuppressionImport
from leadping.models import Event
from leads.models import Complaint, Erasure, Import, Lead, LegalHold, Submission
from leads.retention.erasing import checks_of, with_attempts
from leads.retention.held import held_complaints, held_files, held_lists
from leads.retention.holds import Holds
from leads.retention.people import Person

RUNNING = (Import.Status.CHECKING, Import.Status.IMPORTING, Import.Status.UNDOING)


@dataclass(frozen=True, slots=True)
class Found:
    """`requests` are those of the leads, and `nameless` those that never made one and say who is looked for.

    `others`: further phones and emails of the same leads, under which more leads may stand. `mentions`: what
    people wrote in the log, which nobody can change. `earlier`: when the person was erased before.
    """

    person: Person
    leads: list[Lead]
    requests: list[UUID]
    nameless: list[UUID]
    checks: int
    complaints: list[UUID]
    waiting: list[Import]
    running: list[Import]
    lists: list[SuppressionImport]
    suppressed: int
    others: list[str]
    mentions: int
    earlier: list[Erasure]
    holds: list[LegalHold] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        rows = (self.leads, self.nameless, self.complaints, self.waiting, self.running, self.lists)
        return not any(rows)


def find_person(business_id: UUID, person: Person) -> Found:
    standing = Lead.objects.filter(person.lead_rule, business=business_id, erased_at=None)
    leads = list(standing.select_related("source").order_by("id"))
    ids = [lead.pk for lead in leads]
    own = with_attempts(Submission.objects.filter(lead__in=ids), ids)
    requests = {one.pk for one in own}
    nameless = {one.pk for one in find_nameless(business_id, person)} - requests
    complaints = find_complaints(business_id, person, ids)
    files = find_files(business_id, person)
    found = Found(
        person=person,
        leads=leads,
        requests=list(requests),
        nameless=list(nameless),
        checks=len(checks_of(leads, own)),
        complaints=complaints,
        waiting=[file for file in files if file.status not in RUNNING],
        running=[file for file in files if file.status in RUNNING],
        lists=list(waiting_lists(business_id, person.pattern)),
        suppressed=Suppression.objects.filter(
            business=business_id, contact_hash__in=hashes_of(person, leads)
        ).count(),
        others=other_contacts(leads, person),
        mentions=count_mentions(business_id, person),
        earlier=list(Erasure.objects.filter(business=business_id, contact_hashes__overlap=person.every_hash)),
    )
    found.holds.extend(find_holds(found, business_id))
    return found


def find_nameless(business_id: UUID, person: Person) -> list[Submission]:
    """Requests of which no lead was made, by what they said; of those whose body is gone by our answer."""
    untold = Submission.objects.filter(business=business_id, lead=None, erased_at=None)
    said = person.said_in("body") | person.said_in("answer")
    return with_attempts(untold.filter(said), [])


def find_complaints(business_id: UUID, person: Person, lead_ids: list[UUID]) -> list[UUID]:
    rule = Q(lead__in=lead_ids)
    for column in ("raised_by", "details", "outcome_reason"):
        rule |= Q(**{f"{column}__iregex": person.pattern})
    told = Complaint.objects.filter(rule, business=business_id, erased_at=None)
    return list(told.values_list("id", flat=True))


def find_files(business_id: UUID, person: Person) -> list[Import]:
    """Files whose text is still kept, for they were not imported yet."""
    kept = Import.objects.filter(business=business_id).exclude(content="")
    return list(kept.filter(content__iregex=person.pattern).defer("content", "findings").order_by("id"))


def hashes_of(person: Person, leads: list[Lead]) -> list[bytes]:
    """Of whatever they are suppressed by: their phone, their email, and the others of their leads."""
    everybody = [person, *(Person(lead.phone, lead.email_key) for lead in leads)]
    return [one for known in everybody for one in known.every_hash]


def other_contacts(leads: list[Lead], person: Person) -> list[str]:
    values = {value for lead in leads for value in (lead.phone, lead.email_key) if value}
    return sorted(values - {person.phone, person.email})


def count_mentions(business_id: UUID, person: Person) -> int:
    said = Event.objects.filter(business=business_id).exclude(reason="")
    return said.filter(reason__iregex=person.pattern).count()


def find_holds(found: Found, business_id: UUID) -> list[LegalHold]:
    """Those on the person and their leads, and those on others who are named in the same rows."""
    holds = Holds(business_id)
    standing = holds.covering(found.leads, found.person)
    return [hold for hold in holds.standing if hold in standing or keeps_any(hold, found)]


def keeps_any(hold: LegalHold, found: Found) -> bool:
    """Of what goes beside the leads; a file goes with everybody in it."""
    only = Holds(hold.business_id, only=hold)
    beside: list[tuple[QuerySet[Any], list[Any], Q]] = [
        (Submission.objects.all(), found.nameless, only.request_rule()),
        (Complaint.objects.all(), found.complaints, held_complaints(only)),
        (Import.objects.all(), [file.pk for file in found.waiting], held_files(only)),
        (SuppressionImport.objects.all(), [file.pk for file in found.lists], held_lists(only)),
    ]
    return any(rows.filter(kept, pk__in=ids).exists() for rows, ids, kept in beside if ids)
