"""What TrustedForm was asked for, by source and month: to hold its bills against."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from compliance.calls import DRY
from compliance.models import CertificateCalls
from leadping.accounts.roles import Deed
from leadping.console.export import export_csv
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from sources.models import Source

# In the order in which a bill names them; others follow.
BILLED = ("match_lead", "insights", "verify", "validate", "retain")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One source in one month; `calls` in the order of the operations."""

    month: Any
    source: str
    source_id: str
    calls: list[int]

    @property
    def total(self) -> int:
        return sum(self.calls)


@dataclass(frozen=True, slots=True)
class Month:
    month: Any
    lines: list[Line]
    totals: list[int]


def list_lines(businesses: Collection[UUID]) -> tuple[list[str], list[Line]]:
    """Operations, and the lines: the latest month first, in it whoever asked most."""
    rows = (
        CertificateCalls.objects.filter(business_id__in=businesses)
        .annotate(month=TruncMonth("day"))
        .values("month", "source", "operation")
        .annotate(sum=Sum("calls"))
        .order_by()
    )
    counts: dict[tuple[Any, str], dict[str, int]] = {}
    for row in rows:
        counts.setdefault((row["month"], row["source"]), {})[row["operation"]] = row["sum"]
    others = {name for found in counts.values() for name in found} - set(BILLED)
    operations = [*BILLED, *sorted(others, key=place_of)]
    names = name_sources(businesses)
    lines = [
        Line(
            month,
            names.get(source, source or "not known"),
            source,
            [found.get(name, 0) for name in operations],
        )
        for (month, source), found in counts.items()
    ]
    lines.sort(key=lambda line: (-line.month.toordinal(), -line.total, line.source))
    return operations, lines


def place_of(operation: str) -> tuple[bool, int, str]:
    """Those of dry runs stand last, in the order of the others."""
    name = operation.removeprefix(DRY)
    return operation != name, BILLED.index(name) if name in BILLED else len(BILLED), name


def name_sources(businesses: Collection[UUID]) -> dict[str, str]:
    return {source.public_id: str(source) for source in Source.objects.filter(business_id__in=businesses)}


def by_month(lines: list[Line]) -> list[Month]:
    months: dict[Any, list[Line]] = {}
    for line in lines:
        months.setdefault(line.month, []).append(line)
    return [
        Month(month, those, [sum(column) for column in zip(*(line.calls for line in those), strict=True)])
        for month, those in list(months.items())[:MONTHS]
    ]


def show(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if not reach(request):
        raise PermissionDenied
    operations, lines = list_lines(reach(request))
    context = {
        **screen.admin_site.each_context(request),
        "title": "Calls to TrustedForm",
        "opts": screen.opts,
        "operations": operations,
        "months": by_month(lines),
        "may_export": bool(reach(request, Deed.EXPORT)),
    }
    return TemplateResponse(request, "admin/leads/certificates/calls.html", context)


def export(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    businesses = reach(request, Deed.EXPORT)
    operations, lines = list_lines(businesses)
    return export_csv(
        request,
        name="trustedform-calls.csv",
        header=["month", "source", "source id", *operations],
        rows=[[f"{line.month:%Y-%m}", line.source, line.source_id, *line.calls] for line in lines],
        business_ids=businesses,
        about="Calls to TrustedForm by source and month",
    )
