"""The parameters of the list of leads."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from leadping.paging import Cursor
from leadping.parameters import CURSOR, SIZE, fault, judge_names, judge_place, read_cursor, size_text
from leadping.verdicts import Verdict
from leads.api.filters import LeadFilter
from leads.models import Lead

NAMES = (*LeadFilter.base_filters, CURSOR, SIZE)


@dataclass(frozen=True, slots=True)
class ListRequest:
    filters: LeadFilter
    cursor: Cursor | None
    size: int


def read_parameters(query: QueryDict) -> ListRequest | list[Verdict]:
    filters = LeadFilter(query, queryset=Lead.objects.all())
    faults = [*judge_names(query, NAMES), *judge_filters(filters), *judge_place(query, "leads")]
    return faults or ListRequest(filters, read_cursor(query), int(size_text(query)))


def judge_filters(filters: LeadFilter) -> Iterator[Verdict]:
    for name, messages in filters.errors.items():
        yield fault(name, " ".join(messages))
