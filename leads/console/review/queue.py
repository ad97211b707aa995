"""The queue of terms that wait for a decision, the longest waiting first, with what changes in one line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.history import name_rows
from leadping.console.reach import person, reach
from leadping.console.scoped import ScopedAdmin
from leadping.moments import ago
from leads.console.review.many import ACTIONS, decide_many
from sources.admin.difference import summarise
from sources.changes import compare
from sources.decisions import authors_of, requester_of
from sources.models import Source, Terms
from sources.narrowing import widenings
from sources.versions import content_of

SHOWN = 50
# A number in the navigation is looked at, not reckoned with.
COUNTED = 99
OVERDUE_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row. `own` is true for terms that the person wrote or submitted."""

    terms: Terms
    url: str
    change: str
    kind: tuple[str, str]
    requester: str
    waited: str
    overdue: bool
    own: bool


def waiting(businesses: frozenset[Any]) -> QuerySet[Terms]:
    """What waits in these businesses, the longest first."""
    found = Terms.objects.filter(
        status=Terms.Status.SUBMITTED, business_id__in=businesses, source__deleted_at=None
    )
    return found.order_by("submitted_at", "id")


def count_waiting(request: HttpRequest) -> int:
    """At most one more than is shown in the navigation."""
    return len(waiting(reach(request)).order_by().values_list("pk")[: COUNTED + 1])


def show_queue(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.POST.get("action") in ACTIONS:
        return decide_many(screen, request, waiting(reach(request, Deed.APPROVE_TERMS)))
    number = page_number(request)
    found = waiting(reach(request)).select_related("source__terms_in_force", "business")
    rows = list(found[(number - 1) * SHOWN : number * SHOWN + 1])
    context = {
        **screen.admin_site.each_context(request),
        "title": "Review queue",
        "opts": screen.opts,
        "rows": describe(screen, request, rows[:SHOWN], now=timezone.now()),
        "number": number,
        "has_next": len(rows) > SHOWN,
        "may_decide": bool(reach(request, Deed.APPROVE_TERMS)),
        "several_businesses": len(reach(request)) > 1,
    }
    return TemplateResponse(request, "admin/sources/queue.html", context)


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("p", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def describe(screen: ScopedAdmin, request: HttpRequest, rows: list[Terms], *, now: datetime) -> list[Waiting]:
    names = name_rows(screen.admin_site, request, {requester_of(terms) for terms in rows})
    me = person(request).public_id
    return [
        Waiting(
            terms=terms,
            url=screen.address(terms, "review"),
            change=summarise(terms.source.terms_in_force, terms),
            kind=kind_of(terms.source, terms),
            requester=names[requester_of(terms)],
            waited=ago(requested_at(terms), now=now),
            overdue=now - requested_at(terms) >= OVERDUE_AFTER,
            own=me in authors_of(terms),
        )
        for terms in rows
    ]


def kind_of(source: Source, terms: Terms) -> tuple[str, str]:
    """What sort of decision it is, as text and tone of a badge."""
    if source.terms_in_force is None:
        return "Not approved yet", "accent"
    if not compare(source.terms_in_force, content_of(terms)).changed:
        return "No change", ""
    return ("Widens", "warn") if widenings(source.terms_in_force, content_of(terms)) else ("Narrows", "good")


def requested_at(terms: Terms) -> datetime:
    return terms.submitted_at or terms.created_at


def find_neighbours(screen: ScopedAdmin, request: HttpRequest, terms: Terms) -> tuple[str, str]:
    """The addresses of the reviews before and after this one in the queue; empty at its ends."""
    ids = list(waiting(reach(request)).values_list("pk", flat=True)[:1000])
    place = ids.index(terms.pk) if terms.pk in ids else -1
    around = (ids[place - 1] if place > 0 else None, ids[place + 1] if 0 <= place < len(ids) - 1 else None)
    before, after = (screen.address(Terms(pk=one), "review") if one else "" for one in around)
    return before, after
