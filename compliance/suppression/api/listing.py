"""The parameters by which the list is narrowed: only what an index serves, and no contact, for addresses are
written down by proxies and browsers."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.http import QueryDict

from compliance.suppression.models import Suppression
from leadping.accounts.models import Business
from leadping.ids import parse_public_id
from leadping.paging import Cursor
from leadping.parameters import CURSOR, SIZE, fault, judge_names, judge_place, read_cursor, size_text
from leadping.verdicts import Verdict

NO_CONTACTS = "A contact does not belong into an address, which proxies and browsers write down."
INSTEAD = "Send it to POST /suppressions/check, which tells the history of a contact too."
STATES = {"live": Q(released_at=None), "released": Q(released_at__isnull=False)}
NAMES = ("state", "origin", "business", CURSOR, SIZE)
CONTACTS = ("phone", "email")


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
    names = [*NAMES, *CONTACTS]
    wanted = Wanted(faults=[*judge_names(query, names), *judge_place(query, "entries")])
    wanted.faults += [fault(name, NO_CONTACTS, INSTEAD) for name in CONTACTS if name in query]
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
