"""What the pages of watching show, as files."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.export import export_csv
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from leads.console.watch.page import CHART, SPAN
from leads.console.watch.sources import HEADER, every_line
from leads.console.watch.tables import TABLES, Table, as_number, table_to_export
from leads.watching.reading import Series, series_of_businesses, series_of_source
from leads.watching.spans import COMPARED, read_span
from sources.models import Source

SOURCES = "sources"


def export_source(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """One chart of a source."""
    span = read_span(request.GET.get(SPAN, ""))
    series = series_of_source(source.pk, span, now=timezone.now())
    table = find_table(request, series)
    return export_csv(
        request,
        name=f"{source.public_id}-{table.name}-{span.name}.csv",
        header=header_of(table),
        rows=rows_of(table),
        business_ids=[source.business_id],
        about=f"{table.title}, {span.title}, of {source.public_id}",
    )


def export_businesses(request: HttpRequest) -> HttpResponse:
    """One chart of all businesses of which the person may export anything, or the table of their sources."""
    now, span = timezone.now(), read_span(request.GET.get(SPAN, ""))
    businesses = reach(request, Deed.EXPORT)
    if request.GET.get(CHART) == SOURCES:
        span = read_span(span.name, COMPARED)
        header, rows = list(HEADER), list(every_line(businesses, span, now=now))
        name, title = SOURCES, "Sources"
    else:
        table = find_table(request, series_of_businesses(businesses, span, now=now))
        header, rows, name, title = header_of(table), rows_of(table), table.name, table.title
    return export_csv(
        request,
        name=f"{name}-{span.name}.csv",
        header=header,
        rows=rows,
        business_ids=businesses,
        about=f"{title}, {span.title}",
    )


def find_table(request: HttpRequest, series: Series) -> Table:
    name = request.GET.get(CHART, next(iter(TABLES)))
    if name not in TABLES:
        raise Http404
    return table_to_export(name, series)


def header_of(table: Table) -> list[str]:
    return [
        f"{table.series.span.period.label.lower()} from (UTC)",
        *(column.title for column in table.columns),
    ]


def rows_of(table: Table) -> list[list[Any]]:
    forms = [column.form for column in table.columns]
    return [row_of(at, values, forms) for at, values in table.rows()]


def row_of(at: datetime, values: list[Any], forms: list[str]) -> list[Any]:
    return [at, *(as_number(value, form) for value, form in zip(values, forms, strict=True))]
