"""The list of leads, with its filters and its search."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from leadping.accounts.models import Business
from leadping.accounts.roles import Deed
from leadping.console.reach import reach
from leadping.ids import parse_public_id, public_id
from leads.do_not_contact import closed_for
from leads.models import Lead
from leads.pages.access import MemberRequest, for_members
from leads.pages.filters import LeadFilter
from leads.pages.moments import exact
from leads.pages.paging import Page, Place, read_page
from leads.pages.row import describe_row
from leads.pages.search import find_page
from leads.retention.holds import holds_on
from sources.models import Source

# Above this many it does not matter how many held leads wait.
MOST_COUNTED = 100
# Nobody reads a longer list of sources; the console's page of any source leads to its leads.
OFFERED = 200


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the neighbouring pages; empty where there is none."""

    older: str
    newer: str
    newest: str


@for_members
@require_safe
def lead_list(request: MemberRequest) -> HttpResponse:
    businesses = list(request.user.businesses().order_by("name"))
    sources = sources_of(businesses, asked=request.GET.get("source", ""))
    form = LeadFilter(request.GET, businesses=businesses, sources=sources)
    if form.is_valid() and (found := find_page(form.cleaned_data["q"], businesses)):
        return HttpResponseClientRedirect(found) if request.htmx else HttpResponseRedirect(found)
    page = read_page(form.criteria(), place_of(request)) if form.is_valid() else Page([])
    now, closed = timezone.now(), closed_for(page.leads)
    holds = holds_on(page.leads, readable=reach(request, Deed.READ_MATTERS))
    context = {
        "form": form,
        "rows": [
            describe_row(lead, now=now, closed=closed[lead.pk], on_hold=bool(holds[lead.pk]))
            for lead in page.leads
        ],
        "links": links(request, page),
        "looked_until": exact(page.looked_until) if page.looked_until else "",
        "held": count_held(businesses),
        "businesses": businesses,
        "products": products_of(sources),
        "uses_sandbox": settings.ALLOW_TRUSTEDFORM_SANDBOX,
    }
    if request.htmx:
        return push_url(render(request, "workspace/results.html", context), address(request))
    return render(request, "workspace/leads.html", context)


def sources_of(businesses: Sequence[Business], *, asked: str) -> list[Source]:
    """The first by name, deleted ones too, for their leads are still there; and the one asked for."""
    sources = Source.objects.filter(business__in=businesses).select_related("business", "terms_in_force")
    offered = list(sources.order_by("name")[:OFFERED])
    known = {source.public_id for source in offered}
    if asked and asked not in known:
        offered += sources.filter(pk__in=Source.named(asked).values("pk"))
    return offered


def products_of(sources: Sequence[Source]) -> list[str]:
    """What may be sent now, to choose from."""
    in_force = [source.terms_in_force for source in sources if source.terms_in_force]
    return sorted({product for terms in in_force for product in terms.products})


def count_held(businesses: Sequence[Business]) -> str:
    """In words, and empty for none."""
    held = Lead.objects.filter(business__in=businesses, status=Lead.Status.AUDIT)[:MOST_COUNTED].count()
    if held < 2:
        return "1 held lead waits" if held else ""
    return f"{MOST_COUNTED - 1}+ held leads wait" if held == MOST_COUNTED else f"{held} held leads wait"


def place_of(request: MemberRequest) -> Place:
    """What is no lead's id begins at the newest."""
    if older := parse_public_id(Lead.PREFIX, request.GET.get("older", "")):
        return Place("older", older)
    if newer := parse_public_id(Lead.PREFIX, request.GET.get("newer", "")):
        return Place("newer", newer)
    return Place()


def links(request: MemberRequest, page: Page) -> Links:
    return Links(
        older=address(request, older=page.older),
        newer=address(request, newer=page.newer),
        newest=address(request) if page.newer else "",
    )


def address(request: MemberRequest, **beside: UUID | None) -> str:
    """This list with its filters, at another place."""
    if None in beside.values():
        return ""
    query = request.GET.copy()
    for name in ("older", "newer"):
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    query.update({name: public_id(Lead.PREFIX, row_id) for name, row_id in beside.items() if row_id})
    return f"{request.path}?{query.urlencode()}" if query else request.path
