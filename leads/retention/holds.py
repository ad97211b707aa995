"""Legal holds: what must stay, whatever its period says and whoever asks.

Placing one and deleting anything of a business exclude each other by a lock of that business. So once a hold
is placed nothing that it covers goes any more, and whatever went before it is gone when it is placed.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from leadping.accounts.models import Business
from leadping.events import record_event
from leadping.verbs import VerbError
from leads.models import Lead, LegalHold
from leads.retention.people import Person
from sources.models import Source

Scope = LegalHold.Scope


class HoldError(VerbError):
    """The message says to a person why it cannot be placed or released."""


def lock_records(business_id: UUID) -> None:
    """Until this transaction ends nothing else is deleted of the business, and no hold is placed."""
    number = int.from_bytes(sha256(b"retention:" + business_id.bytes).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


@transaction.atomic
def place_hold(
    business: Business,
    *,
    on: Lead | Person | Source | None,
    by: str,
    reason: str,
    now: datetime,
) -> LegalHold:
    """On a lead, a person, a source or, with None, on everything. Raises HoldError."""
    lock_records(business.pk)
    fields = fields_of(on)
    if isinstance(on, Lead) and Lead.objects.filter(pk=on.pk, erased_at__isnull=False).exists():
        raise HoldError("The person of this lead is erased; there is nothing left to hold.")
    if active_holds(business.pk).filter(**fields).exists():
        raise HoldError("It is on hold already; see the list of legal holds.")
    hold = LegalHold.objects.create(business=business, **fields, reason=reason, placed_at=now, placed_by=by)
    announce("hold.placed", hold, by=by, reason=reason, now=now)
    return hold


def fields_of(on: Lead | Person | Source | None) -> dict[str, object]:
    match on:
        case Lead():
            return {"scope": Scope.LEAD, "lead": on}
        case Source():
            return {"scope": Scope.SOURCE, "source": on}
        case Person():
            hashes = {"contact_hashes": on.hashes}
            return {"scope": Scope.PERSON, "phone": on.phone, "email": on.email, **hashes}
    return {"scope": Scope.BUSINESS}


@transaction.atomic
def release_hold(hold: LegalHold, *, by: str, reason: str, now: datetime) -> None:
    """From now on periods and requests count again; of a person the hashes stay."""
    standing = LegalHold.objects.filter(pk=hold.pk, released_at=None)
    changes = {"released_at": now, "released_by": by, "released_reason": reason, "phone": "", "email": ""}
    if not standing.update(**changes):
        raise HoldError("It is released already.")
    announce("hold.released", hold, by=by, reason=reason, now=now)


def announce(kind: str, hold: LegalHold, *, by: str, reason: str, now: datetime) -> None:
    """Of the hold, naming what it is on; a person is named by nobody."""
    on = hold.lead or hold.source
    record_event(
        kind,
        subject=hold.public_id,
        by=by,
        business_id=hold.business_id,
        now=now,
        reason=reason,
        scope=hold.scope,
        about=on.public_id if on else "",
    )


def active_holds(business_id: UUID) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(business=business_id, released_at=None).order_by("id")


class Holds:
    """Those of a business that stand now, read once, and what they keep of leads and requests."""

    def __init__(self, business_id: UUID, *, only: LegalHold | None = None) -> None:
        standing = active_holds(business_id).select_related("lead", "source")
        self.standing = [only] if only else list(standing)
        self.everything = any(hold.scope == Scope.BUSINESS for hold in self.standing)
        self.sources = self.ids("source_id")
        self.leads = self.ids("lead_id")
        self.people = [Person(hold.phone, hold.email) for hold in self.standing if hold.scope == Scope.PERSON]

    def ids(self, column: str) -> list[UUID]:
        return [row_id for hold in self.standing if (row_id := getattr(hold, column))]

    def lead_rule(self, way: str = "") -> Q:
        """The leads that are kept; `way` leads to them from the rows that are asked for."""
        if self.everything:
            return Q(pk__isnull=False)
        rule = Q(**{f"{way}source__in": self.sources}) | Q(**{f"{way}pk__in": self.leads})
        phones = [person.phone for person in self.people if person.phone]
        emails = [person.email for person in self.people if person.email]
        return rule | Q(**{f"{way}phone__in": phones}) | Q(**{f"{way}email_key__in": emails})

    def request_rule(self) -> Q:
        """The requests that are kept: of kept leads, of kept sources, and those that say who is kept."""
        if self.everything:
            return Q(pk__isnull=False)
        rule = Q(source__in=self.sources) | self.lead_rule("lead__")
        for person in self.people:
            rule |= Q(lead=None, body__iregex=person.pattern)
        return rule

    def covering(self, leads: Iterable[Lead], person: Person | None = None) -> list[LegalHold]:
        """Those that keep any of these leads, or the person."""
        rows = list(leads)
        return [hold for hold in self.standing if any(covers(hold, lead) for lead in rows)] + [
            hold
            for hold in self.standing
            if person and is_about(hold, person) and not any(covers(hold, lead) for lead in rows)
        ]


def covers(hold: LegalHold, lead: Lead) -> bool:
    match hold.scope:
        case Scope.BUSINESS:
            return hold.business_id == lead.business_id
        case Scope.SOURCE:
            return hold.source_id == lead.source_id
        case Scope.LEAD:
            return hold.lead_id == lead.pk
    same_phone = bool(hold.phone) and hold.phone == lead.phone
    return hold.business_id == lead.business_id and (same_phone or holds_email(hold, lead.email_key))


def holds_email(hold: LegalHold, email: str) -> bool:
    return bool(hold.email) and hold.email == email


def is_about(hold: LegalHold, person: Person) -> bool:
    """Everything is about everybody."""
    if hold.scope == Scope.BUSINESS:
        return True
    same_phone = bool(hold.phone) and hold.phone == person.phone
    return hold.scope == Scope.PERSON and (same_phone or holds_email(hold, person.email))


def holds_on(leads: Sequence[Lead], *, readable: Collection[UUID]) -> dict[UUID, list[LegalHold]]:
    """What keeps each of these leads, as far as somebody may know who reads of holds in these businesses; one
    query for a page of them."""
    told = [lead for lead in leads if lead.business_id in readable]
    found = find_holds(told) if told else []
    return {lead.pk: [hold for hold in found if covers(hold, lead)] for lead in leads}


def find_holds(leads: Sequence[Lead]) -> list[LegalHold]:
    rule = Q(scope=Scope.BUSINESS) | Q(lead__in=[lead.pk for lead in leads])
    rule |= Q(source__in={lead.source_id for lead in leads})
    rule |= Q(phone__in={lead.phone for lead in leads if lead.phone})
    rule |= Q(email__in={lead.email_key for lead in leads if lead.email_key})
    standing = LegalHold.objects.filter(
        rule, business__in={lead.business_id for lead in leads}, released_at=None
    )
    return list(standing.order_by("id"))


def say_holds(holds: Collection[LegalHold]) -> str:
    """Why something cannot be erased."""
    said = "; ".join(f"{hold.public_id}, since {hold.placed_at:%-d %b %Y}: {hold.reason}" for hold in holds)
    return f"A legal hold keeps it ({said}). Release the hold first, or let the request wait for it."
