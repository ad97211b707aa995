"""The parameters of the list of leads, read as strictly as a lead: all faults at once, each by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import QueryDict

from leadping.problems import PARAMETER_INVALID
from leadping.verdicts import Verdict, failed
from leads.api.filters import LeadFilter
from leads.api.paging import MOST, USUAL_SIZE, Cursor
from leads.models import Lead

CURSOR = "cursor"
SIZE = "pageSize"
NAMES = (*LeadFilter.base_filters, CURSOR, SIZE)


@dataclass(frozen=True, slots=True)
class ListRequest:
    filters: LeadFilter
    cursor: Cursor | None
    size: int


def read_parameters(query: QueryDict) -> ListRequest | list[Verdict]:
    filters = LeadFilter(query, queryset=Lead.objects.all())
    cursor = Cursor.read(query.get(CURSOR, ""))
    size = query.get(SIZE, "") or str(USUAL_SIZE)
    faults = [*judge_names(query), *judge_filters(filters)]
    if query.get(CURSOR) and cursor is None:
        faults.append(fault(CURSOR, "This is not a cursor that we gave.", "Follow `next` and `previous`."))
    if not is_size(size):
        faults.append(fault(SIZE, f"A page has 1 to {MOST} leads."))
    return faults or ListRequest(filters, cursor, int(size))


def judge_names(query: QueryDict) -> Iterator[Verdict]:
    for name, values in query.lists():
        if name not in NAMES:
            yield unknown(name)
        elif len(set(values)) > 1:
            yield fault(name, "This is given twice with different values.")
        elif not values[0].strip():
            # To ignore it would answer with all leads where somebody meant a few.
            yield fault(name, "This is empty.", "Leave the parameter out.")


def unknown(name: str) -> Verdict:
    near = get_close_matches(name.lower(), {known.lower(): known for known in NAMES}, n=1)
    meant = next((known for known in NAMES if [known.lower()] == near), None)
    hint = f"Did you mean {meant}?" if meant else f"There are {', '.join(NAMES)}."
    return fault(name, "There is no such parameter.", hint)


def judge_filters(filters: LeadFilter) -> Iterator[Verdict]:
    for name, messages in filters.errors.items():
        yield fault(name, " ".join(messages))


def is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST


def fault(name: str, message: str, hint: str | None = None) -> Verdict:
    return failed(PARAMETER_INVALID.code, message, field=name, hint=hint)
