"""Figures and charts: of all the businesses of a person on the first page, and of one source on its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from leadping.accounts.roles import Deed
from leadping.console.display import badges
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from leads.console.watch.charts import Chart, draw
from leads.console.watch.tables import TABLES, Table, say
from leads.watching.buckets import Period
from leads.watching.figures import Figures
from leads.watching.reading import (
    Series,
    counted,
    series_of_businesses,
    series_of_source,
)
from leads.watching.spans import SPANS, Span, read_span
from sources.admin.plain_words import list_states_of
from sources.models import Source

SPAN, CHART = "span", "chart"
NUMBER = '<td class="number">{}</td>'


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the span, with the same of the span before."""

    title: str
    value: str
    before: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its table as it is written, and where to get both as a file, for whoever may."""

    chart: Chart
    header: list[str]
    # Rows of the table and fields of the drawing, written here: a template takes ten times as long.
    rows: SafeString
    fields: SafeString
    sums: list[str]
    export: str

    @property
    def table(self) -> Table:
        return self.chart.table


TILES: tuple[tuple[str, Callable[[Figures], Any], str], ...] = (
    ("Requests", lambda one: one.requests, "number"),
    ("Accepted", lambda one: one.accepted_share, "share"),
    ("Held", lambda one: one.held, "number"),
    ("Refused", lambda one: one.refused, "number"),
    ("Certificates at fault", lambda one: one.bad_certificates, "number"),
    ("Complaints and disputes", lambda one: one.raised, "number"),
    ("Opt-outs", lambda one: one.opt_outs, "number"),
    ("Spent", lambda one: one.spent, "money"),
    ("Cost per lead", lambda one: one.cost_per_lead, "money"),
    ("Cost per accepted lead", lambda one: one.cost_per_accepted, "money"),
)


def overview(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows below the notices."""
    now, span = timezone.now(), read_span(request.GET.get(SPAN, ""))
    series = series_of_businesses(reach(request), span, now=now)
    export = reverse("console:sources_source_watching_export") if reach(request, Deed.EXPORT) else ""
    return {**describe(series, export=export, now=now), "sources": reverse("console:sources_source_watching")}


def show_source(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    now, span = timezone.now(), read_span(request.GET.get(SPAN, ""))
    may_export = source.business_id in reach(request, Deed.EXPORT)
    series = series_of_source(source.pk, span, now=now)
    context = {
        **screen.admin_site.each_context(request),
        "title": "Watching",
        "opts": screen.opts,
        "original": source,
        "badges": badges(list_states_of(source, now=now)),
        "paused_reason": source.paused_reason if source.paused_at else "",
        "back": screen.address(source),
        "submissions": reverse("console:leads_submission_changelist", query={"source": source.public_id}),
        **describe(series, export=screen.address(source, "watch_export") if may_export else "", now=now),
    }
    return TemplateResponse(request, "admin/watch/source.html", context)


def describe(series: Series, *, export: str, now: datetime) -> dict[str, Any]:
    total, before = series.total, series.before
    anything = total.requests + total.replayed + total.dry_runs + total.raised + total.opt_outs
    return {
        "span": series.span,
        "spans": SPANS.values(),
        "tiles": [
            Tile(title, say(value(total), form), say(value(before), form)) for title, value, form in TILES
        ],
        "charts": [drawn(make(series), export) for make in TABLES.values()] if anything else [],
        **counted(series.span, now=now),
    }


def drawn(table: Table, export: str) -> Drawn:
    forms = [column.form for column in table.columns]
    chart = draw(table)
    return Drawn(
        chart,
        [column.title for column in table.columns],
        write_rows(table, forms),
        write_fields(chart),
        said(table.sums(), forms),
        export and address_of_file(export, table.name, table.series.span),
    )


def write_rows(table: Table, forms: list[str]) -> SafeString:
    row = f'<tr><th scope="row">{{}}</th>{NUMBER * len(forms)}</tr>'
    written = "%-d %b %Y" if table.series.span.period is Period.DAY else "%-d %b, %H:%M"
    return format_html_join(
        "\n", row, ((f"{at:{written}}", *said(values, forms)) for at, values in reversed(table.rows()))
    )


def write_fields(chart: Chart) -> SafeString:
    rect = '<rect class="field-at" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
    return format_html_join(
        "", rect, ((one.x, chart.top, one.width, chart.inner_height, one.title) for one in chart.fields)
    )


def said(values: list[Any], forms: list[str]) -> list[str]:
    return [say(value, form) for value, form in zip(values, forms, strict=True)]


def address_of_file(export: str, chart: str, span: Span) -> str:
    return f"{export}?{CHART}={chart}&{SPAN}={span.name}"
