"""Events: everything that happened in the person's businesses, newest first, and whether the log holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from leadping.accounts.models import Account, Business, User
from leadping.accounts.roles import Deed
from leadping.audit.findings import say_count
from leadping.audit.start import VERIFIED
from leadping.console.display import NOTHING, code, json_block, moment
from leadping.console.filters import WithinFilter
from leadping.console.history import ABOUT, UNTOLD, list_changes, name_rows, say_kind
from leadping.console.listing import UncountedList
from leadping.console.notices import Notice, NoticeLine
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin
from leadping.models import Event, is_traffic_kind

# So many businesses are looked at for the state of their logs.
LOGS = 50
TOLD = 5
FAILED = "authentication"
# What tells of legal holds and of people who were erased.
MATTERS = Q(kind__startswith="hold.") | Q(kind__startswith="person.") | Q(kind="retention.purged")


@dataclass(frozen=True, slots=True)
class LogState:
    """How the last verification of a business's log came out; `at` is None before the first."""

    business: Business
    at: datetime | None
    number: int
    findings: int
    told: list[str]

    def said(self) -> str:
        if self.at is None:
            return format_html("{}: not verified yet; the worker does it each night.", self.business)
        if self.findings:
            found = say_count(self.findings, "finding")
            return format_html("{}: {} when verified on {}.", self.business, found, moment(self.at))
        number = f"{self.number:,}"
        return format_html("{}: verified up to no. {} on {}.", self.business, number, moment(self.at))


class KindFilter(SimpleListFilter):
    """By what the event is about. All but traffic are control events, which an index of their own lists."""

    title = "kind"
    parameter_name = "kind"
    control = {
        "source": "Sources",
        "terms": "Terms",
        "settings": "Settings",
        "credential": "Credentials",
        "member": "Members",
        "user": "Sign-in of people",
        "invitation": "Invitations",
        "account": "Accounts",
        "business": "Businesses",
        "export": "Exports",
        "dossier": "Dossiers",
        "events": "Seals on traffic",
        "audit": "Verifications",
    }
    traffic = {"lead": "Leads", "submission": "Submissions", "certificate": "Certificates"}

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        rooms = {**self.control, **self.traffic, FAILED: "Failed authentication"}
        return [("control", "Control log"), *rooms.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        room = self.value()
        if room == FAILED:
            # Of sources and of people: what strangers can repeat, and nothing else, is folded.
            return queryset.filter(fold_key__isnull=False)
        if room == "control" or room in self.control:
            queryset = queryset.filter(chain_number__isnull=False)
        if room and room != "control":
            queryset = queryset.filter(kind__startswith=f"{room}.")
        return queryset


class AboutFilter(SimpleListFilter):
    """By the kind of object, or by one object whose page led here."""

    title = "object"
    parameter_name = ABOUT
    kinds = {"source": "Sources", "lead": "Leads"} | {
        model.PREFIX: str(model._meta.verbose_name_plural).capitalize() for model in (User, Account, Business)
    }

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        asked = request.GET.get(self.parameter_name, "")[:40]
        return [*self.kinds.items(), *([] if not asked or asked in self.kinds else [(asked, asked)])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        if value in self.kinds:
            return queryset.filter(subject__startswith=f"{value}_")
        return queryset.filter(subject=value)


class EventList(UncountedList):
    """Names subjects and actors of the page in a few queries, where a column would ask for each row."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = [text for event in self.result_list for text in (event.subject, event.actor)]
        names = name_rows(self.model_admin.admin_site, request, ids)
        for event in self.result_list:
            event.subject_name, event.actor_name = names[event.subject], names[event.actor]


class EventAdmin(ReadOnlyAdmin):
    list_display = ("at_shown", "what", "about", "who", "reason", "number")
    list_display_links = ("what",)
    list_filter = (KindFilter, AboutFilter, WithinFilter)
    search_fields = ("subject",)
    search_help_text = "A prefixed id such as lead_… or source_… leads to its object."
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at_shown", "what", "subject", "actor", "reason", "count", "number", "hash_shown", "data_shown")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what tells of legal holds and erasures, where the person may not read of them."""
        found = super().get_queryset(request)
        closed = reach(request) - reach(request, Deed.READ_MATTERS)
        return found.exclude(MATTERS, business_id__in=closed) if closed else found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EventList]:
        return EventList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "logs": log_states(request)})

    def panels(self, request: HttpRequest, obj: Event) -> dict[str, Any]:
        return {"changes": list_changes(obj.data)}

    def notices(self, request: HttpRequest) -> list[Notice]:
        """What the last verification found. That somebody changed the log concerns all who may read it."""
        broken = [state for state in log_states(request) if state.findings]
        if not broken:
            return []
        url = reverse(f"console:{self.url_name('changelist')}", query={KindFilter.parameter_name: "audit"})
        told = [(text, state) for state in broken for text in state.told]
        return [
            Notice(
                "The log of events does not hold",
                str(sum(state.findings for state in broken)),
                url,
                tone="bad",
                lines=[NoticeLine(text, url, f"{state.at:%-d %b %Y}") for text, state in told[:TOLD]],
            )
        ]

    @display(description="when")
    def at_shown(self, event: Event) -> str:
        return moment(event.at)

    @display(description="what")
    def what(self, event: Event) -> str:
        return say_kind(event.kind) + (f" ({event.count} times)" if event.count > 1 else "")

    @display(description="about")
    def about(self, event: Any) -> str:
        return event.subject_name

    @display(description="by")
    def who(self, event: Any) -> str:
        return event.actor_name

    @display(description="no.")
    def number(self, event: Event) -> str:
        """Its place in the chain; traffic has none, for it is sealed in batches."""
        if event.chain_number is not None:
            return f"{event.chain_number:,}"
        return NOTHING if is_traffic(event) else "soon"

    @display(description="hash")
    def hash_shown(self, event: Event) -> str:
        return code(bytes(event.chain_hash).hex()) if event.chain_hash else NOTHING

    @display(description="details")
    def data_shown(self, event: Event) -> str:
        return json_block({name: value for name, value in event.data.items() if name not in UNTOLD})


def is_traffic(event: Event) -> bool:
    return is_traffic_kind(event.kind) or event.fold_key is not None


def log_states(request: HttpRequest) -> list[LogState]:
    businesses = list(Business.objects.filter(pk__in=reach(request)).order_by("name")[:LOGS])
    last = last_verified([business.pk for business in businesses])
    return [log_state(business, last.get(business.pk)) for business in businesses]


def last_verified(business_ids: list[UUID]) -> dict[UUID | None, Event]:
    """Their last verifications' own events, found among the control events, without a look at the traffic."""
    links = Event.objects.filter(business__in=business_ids, chain_number__isnull=False, kind=VERIFIED)
    newest = links.order_by("business_id", "-chain_number").distinct("business_id")
    return {event.business_id: event for event in newest}


def log_state(business: Business, last: Event | None) -> LogState:
    data = last.data if last else {}
    told = [str(text) for text in data.get("told", [])]
    return LogState(business, last.at if last else None, data.get("number", 0), data.get("findings", 0), told)
