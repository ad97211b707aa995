"""All sources side by side over a span of time, those first that need somebody."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import badge, badges
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from leadping.ids import public_id
from leads.console.watch.tables import say
from leads.pages.wording import title_of
from leads.watching.figures import Figures
from leads.watching.reading import (
    ORDERS,
    SUMMED,
    counted,
    figures_of,
    sums_by_source,
    top_refusals,
)
from leads.watching.spans import COMPARED, Span, read_span
from sources.admin.plain_words import list_states_of
from sources.models import Source

SHOWN = 50
HEADER = (
    *("source", "source id", "business", "requests", "accepted", "held", "duplicates", "refused"),
    *("accepted share", "most refused for", "complaints", "disputes", "opt-outs"),
    *("spent", "cost per lead", "cost per accepted lead"),
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    source: Source
    figures: Figures
    top_refusal: str


def show_sources(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    now, span = timezone.now(), read_span(request.GET.get("span", ""), COMPARED)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "worst"
    number = page_number(request)
    found = sums_by_source(reach(request), span, now=now).order_by(*ORDERS[order])
    rows = list(found[(number - 1) * SHOWN : number * SHOWN + 1])
    context = {
        **screen.admin_site.each_context(request),
        "title": "Sources, side by side",
        "opts": screen.opts,
        "lines": [written(screen, line, now=now) for line in lines_of(rows[:SHOWN], span, now=now)],
        "span": span,
        "spans": COMPARED.values(),
        "order": order,
        "number": number,
        "has_next": len(rows) > SHOWN,
        "several_businesses": len(reach(request)) > 1,
        "may_export": bool(reach(request, Deed.EXPORT)),
        **counted(span, now=now),
    }
    return TemplateResponse(request, "admin/watch/sources.html", context)


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("p", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def lines_of(rows: list[dict[str, Any]], span: Span, *, now: datetime) -> Iterator[SourceLine]:
    """Deleted sources too: what they sent was sent."""
    ids = [row["source_id"] for row in rows]
    related = Source.objects.select_related("business", "terms_in_force").only(
        *("name", "deleted_at", "paused_at", "disputed_at", "enabled", "account_id", "business__name"),
        *("terms_in_force__status", "terms_in_force__expires_at"),
    )
    sources = related.in_bulk(ids)
    refusals = top_refusals(span, now=now, source_id__in=ids)
    for row in rows:
        yield SourceLine(sources[row["source_id"]], figures_of(row), refusals.get(row["source_id"], ""))


def written(screen: ScopedAdmin, line: SourceLine, *, now: datetime) -> dict[str, Any]:
    figures, share = line.figures, line.figures.accepted_share
    tone = "" if share is None else "good" if share >= 0.9 else "warn" if share >= 0.5 else "bad"
    return {
        "source": line.source,
        "address": screen.address(line.source, "watch"),
        "states": badges(state for state in list_states_of(line.source, now=now) if state[1] != "good"),
        "requests": say(figures.requests, "number"),
        "share": badge(say(share, "share"), tone),
        "refused": say(figures.refused, "number"),
        "top_refusal": title_of(line.top_refusal) if line.top_refusal else say(None, ""),
        "raised": say(figures.raised, "number"),
        "opt_outs": say(figures.opt_outs, "number"),
        "spent": say(figures.spent, "money"),
        "cost": say(figures.cost_per_accepted, "money"),
    }


def every_line(businesses: Collection[UUID], span: Span, *, now: datetime) -> Iterable[list[Any]]:
    """For a file: all sources that sent anything. Of thousands no more is made than their cells."""
    refusals = top_refusals(span, now=now, business_id__in=businesses)
    known = Source.objects.filter(business_id__in=businesses).values_list(
        "pk", "name", "deleted_at", "business__name"
    )
    names = {
        pk: (f"{name} (Deleted)" if deleted_at else name, public_id(Source.PREFIX, pk), business)
        for pk, name, deleted_at, business in known
    }
    sums = sums_by_source(businesses, span, now=now).order_by(*ORDERS["worst"])
    for source_id, *row in sums.values_list("source_id", *(f"{name}_sum" for name in SUMMED)):
        yield [*names[source_id], *cells(row, refusals.get(source_id, ""))]


def cells(sums: Sequence[Any], top_refusal: str) -> list[Any]:
    """Of the columns in SUMMED."""
    accepted, held, duplicates, refused, complaints, disputes, opt_outs, spent = sums
    taken = accepted + held + duplicates
    requests = taken + refused
    return [
        *(requests, accepted, held, duplicates, refused),
        *(round(accepted / requests, 4) if requests else "", top_refusal, complaints, disputes, opt_outs),
        f"{spent:.2f}",
        f"{spent / taken:.2f}" if taken else "",
        f"{spent / accepted:.2f}" if accepted else "",
    ]
