"""The audit queue: what is held, why and since when, the oldest first, and who may decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Membership
from leadping.accounts.roles import ALLOWED, Deed
from leadping.console.history import name_rows
from leadping.console.reach import person, reach
from leadping.console.scoped import ScopedAdmin
from leadping.ids import parse_public_id, public_id
from leadping.moments import ago
from leads.console.audit.held import PAGE, Figures, Need, Wanted, count_alike, figures, find_ids
from leads.console.audit.many import ACTIONS, decide_many
from leads.grounds import evidence_among
from leads.models import Lead, Override
from leads.pages.moments import exact
from leads.pages.wording import title_of
from sources.models import Source

OVERDUE_AFTER = timedelta(days=1)
NEEDS = {
    Need.PERSON: "For a person",
    Need.SECOND: "For a second person",
    Need.TRUSTEDFORM: "TrustedForm is asked again",
}
# More names nobody reads, and more sources nobody picks from.
NAMED, OFFERED = 8, 100


@dataclass(frozen=True, slots=True)
class Tab:
    """One value of a filter: where it leads, and how many it leaves."""

    text: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Reason:
    title: str
    code: str
    # Whether it takes a second person to pass over it.
    evidence: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One row. `asked_by` is whoever wants it released, `own` whether that is who looks."""

    lead: Lead
    url: str
    reasons: list[Reason]
    waited: str
    since: str
    overdue: bool
    next_check: str
    asked_by: str
    own: bool


def show_queue(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.POST.get("action") in ACTIONS:
        leads = screen.get_queryset(request)
        return decide_many(screen, request, leads, request.POST["action"], back=request.get_full_path())
    wanted, now = Wanted.read(request.GET), timezone.now()
    businesses = reach(request)
    counted = figures(count_alike(businesses), wanted)
    after = parse_public_id(Lead.PREFIX, request.GET.get("after", ""))
    ids = find_ids(businesses, wanted, beside=after, most=PAGE + 1)
    address = reverse("console:leads_lead_queue")
    context = {
        **screen.admin_site.each_context(request),
        "title": "Audit queue",
        "opts": screen.opts,
        "rows": describe_rows(screen, request, ids[:PAGE], wanted, now=now),
        "counted": counted,
        "needs": tabs_of_needs(counted, wanted, address),
        "codes": tabs_of_codes(counted, wanted, address),
        "sources": tabs_of_sources(counted, wanted, address),
        "narrowed": wanted != Wanted(need=wanted.need),
        "first": address + wanted.query() if after else "",
        "next": next_page(address, wanted, ids),
        "everything": address,
        "may_decide": bool(reach(request, Deed.DECIDE_HELD)),
        "deciders": name_deciders(businesses),
        "several_businesses": len(businesses) > 1,
    }
    return TemplateResponse(request, "admin/audit/queue.html", context)


def next_page(address: str, wanted: Wanted, ids: Sequence[UUID]) -> str:
    if len(ids) <= PAGE:
        return ""
    query = wanted.query()
    return f"{address}{query}{'&' if query else '?'}after={public_id(Lead.PREFIX, ids[PAGE - 1])}"


def tabs_of_needs(counted: Figures, wanted: Wanted, address: str) -> list[Tab]:
    everything = address + wanted.query(need=None)
    return [
        *(
            Tab(text, counted.needs[need], address + wanted.query(need=need), need is wanted.need)
            for need, text in NEEDS.items()
        ),
        Tab("All", counted.needs.total(), everything, wanted.need is None),
    ]


def tabs_of_codes(counted: Figures, wanted: Wanted, address: str) -> list[Tab]:
    """The most frequent first; chosen again, one is let go."""
    codes = [code for code, _ in counted.codes.most_common()]
    if wanted.code and wanted.code not in codes:
        codes.append(wanted.code)
    return [
        Tab(title_of(code), counted.codes[code], address + wanted.query(code=other), code == wanted.code)
        for code in codes
        for other in ["" if code == wanted.code else code]
    ]


def tabs_of_sources(counted: Figures, wanted: Wanted, address: str) -> list[Tab]:
    most = dict(counted.sources.most_common(OFFERED))
    names = Source.objects.in_bulk(list(most))
    return [
        Tab(str(names[pk]), count, address + wanted.query(source=other), pk == wanted.source)
        for pk, count in most.items()
        for other in [None if pk == wanted.source else pk]
    ]


def name_deciders(businesses: Collection[UUID]) -> list[str]:
    """Who decides on held leads in these businesses."""
    roles = ALLOWED[Deed.DECIDE_HELD]
    members = Membership.objects.filter(business__in=businesses, role__in=roles, user__is_active=True)
    names = [str(member.user) for member in members.select_related("user").order_by("user__email")[:NAMED]]
    return list(dict.fromkeys(names))


def describe_rows(
    screen: ScopedAdmin, request: HttpRequest, ids: Sequence[UUID], wanted: Wanted, *, now: datetime
) -> list[Held]:
    leads = Lead.objects.filter(pk__in=ids).select_related("source", "business").order_by("id")
    found = Override.objects.filter(lead__in=ids, state=Override.State.WAITING)
    waiting = {override.lead_id: override for override in found}
    names = name_rows(screen.admin_site, request, {override.asked_by for override in found})
    me = person(request).public_id
    return [
        describe_one(screen, lead, waiting.get(lead.pk), wanted, names=names, me=me, now=now)
        for lead in leads
    ]


def describe_one(
    screen: ScopedAdmin,
    lead: Lead,
    waiting: Override | None,
    wanted: Wanted,
    *,
    names: dict[str, str],
    me: str,
    now: datetime,
) -> Held:
    evidence = set(evidence_among(lead.held_for))
    return Held(
        lead=lead,
        url=screen.address(lead, "audit") + wanted.query(),
        reasons=[Reason(title_of(code), code, code in evidence) for code in lead.held_for],
        waited=ago(lead.created_at, now=now),
        since=exact(lead.created_at),
        overdue=now - lead.created_at >= OVERDUE_AFTER,
        next_check=exact(lead.recheck_at) if lead.recheck_at else "",
        asked_by=names[waiting.asked_by] if waiting else "",
        own=waiting is not None and waiting.asked_by == me,
    )
