"""The parameters by which the list is narrowed: only what an index serves."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from compliance.suppression.contacts import ContactFault, ContactPoint, read_email, read_phone
from compliance.suppression.models import Suppression
from leadping.accounts.models import Business
from leadping.ids import parse_public_id
from leadping.paging import Cursor
from leadping.parameters import CURSOR, SIZE, fault, judge_names, judge_place, read_cursor, size_text
from leadping.verdicts import Verdict

STATES = {"live": Q(released_at=None), "released": Q(released_at__isnull=False)}
NAMES = ("phone", "email", "state", "origin", "business", CURSOR, SIZE)
READERS = {"phone": read_phone, "email": read_email}


@dataclass(slots=True)
class Wanted:
    condition: Q = field(default_factory=Q)
    cursor: Cursor | None = None
    size: int = 0
    faults: list[Verdict] = field(default_factory=list)

    def narrow(self, name: str, condition: Q | None, message: str) -> None:
        if condition is None:
            self.faults.append(fault(name, message))
        else:
            self.condition &= condition


def read_parameters(query: QueryDict) -> Wanted:
    wanted = Wanted(faults=[*judge_names(query, NAMES), *judge_place(query, "entries")])
    for name in READERS:
        if text := query.get(name, "").strip():
            read_contact(wanted, name, text)
    if state := query.get("state"):
        wanted.narrow("state", STATES.get(state), "There are live and released.")
    if origin := query.get("origin"):
        known = Q(origin=origin) if origin in Suppression.Origin.values else None
        wanted.narrow("origin", known, f"There are {', '.join(Suppression.Origin.values)}.")
    if business := query.get("business"):
        row_id = parse_public_id(Business.PREFIX, business)
        wanted.narrow("business", Q(business=row_id) if row_id else None, "This is not a business's id.")
    if not wanted.faults:
        wanted.cursor, wanted.size = read_cursor(query), int(size_text(query))
    return wanted


def read_contact(wanted: Wanted, name: str, text: str) -> None:
    try:
        contact: ContactPoint = READERS[name](text)
    except ContactFault as told:
        wanted.faults.append(fault(name, str(told)))
    else:
        wanted.condition &= about(contact)


def about(contact: ContactPoint) -> Any:
    return Q(contact_hash__in=contact.hashes)
