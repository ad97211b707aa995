"""The screen of certificates that are to be retained: those first that are deleted first."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter, action, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from compliance import retaining
from compliance.countdown import count_down
from compliance.models import Certificate, CertificateRetention, ServiceTrouble
from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badge, code, link, moment, yes_or_no
from leadping.console.listing import UncountedList
from leadping.console.notices import Notice, NoticeLine
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step, screen_of
from leadping.ids import parse_public_id
from leads.console.certificates import asking, calls, reused
from leads.models import Lead
from sources.models import Source

Status = CertificateRetention.Status
TONES = {Status.WAITING: "", Status.STORED: "good", Status.FAILED: "warn", Status.GIVEN_UP: "bad"}


class StateFilter(SimpleListFilter):
    """Without a choice those that are not stored, for they are what the list is there for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("all", "All"), *((status.value, status.label) for status in Status)]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "At risk: not retained"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == "all":
            return queryset
        if chosen in Status.values:
            return queryset.filter(status=chosen)
        return queryset.exclude(status=Status.STORED)


class OfSourceFilter(SimpleListFilter):
    title = "source"
    parameter_name = "of"
    offered = 30

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        own = Source.objects.filter(business_id__in=reach(request)).order_by("name")[: self.offered]
        return [(source.public_id, str(source)) for source in own]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(source=self.value()) if self.value() else queryset


class RetentionList(UncountedList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        name_leads_and_sources(self.result_list)


def name_leads_and_sources(rows: Sequence[Any]) -> None:
    """All of a page at once, for the rows name them by their ids alone."""
    lead_ids = {row.lead: parse_public_id(Lead.PREFIX, row.lead) for row in rows}
    source_ids = {row.source: parse_public_id(Source.PREFIX, row.source) for row in rows}
    leads = Lead.objects.in_bulk([found for found in lead_ids.values() if found])
    sources = Source.objects.in_bulk([found for found in source_ids.values() if found])
    for row in rows:
        lead, source = (
            leads.get(lead_ids[row.lead] or row.pk),
            sources.get(source_ids[row.source] or row.pk),
        )
        own = lead is not None and lead.business_id == row.business_id
        row.lead_name = str(lead) if own else row.lead
        row.source_name = str(source) if source and source.business_id == row.business_id else NOTHING


class RetentionAdmin(ReadOnlyAdmin):
    steps = {"retain": Step(asking.one, (Deed.DECIDE_HELD,))}
    change_form_template = "admin/leads/certificates/retention.html"
    change_list_template = "admin/leads/certificates/retentions.html"
    list_display = ("of_lead", "end", "state", "of_source", "tries", "why")
    list_display_links = ("of_lead",)
    list_select_related = ("certificate",)
    list_filter = (StateFilter, OfSourceFilter)
    search_fields = ("=certificate__url", "=lead")
    search_help_text = "The whole URL of the certificate, or any prefixed id."
    none_yet = (
        "No certificate is at risk. Those of accepted leads are retained by themselves where the terms of "
        "the source say that we retain them."
    )
    ordering = ("dies_at", "id")
    sortable_by = ()
    actions = ("retain_chosen",)
    fields = (
        *("state", "told_end", "lead_shown", "of_source", "certificate_shown", "masked", "before"),
        *("why", "tries", "tried", "next_try", "wanted", "public_id_shown"),
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "all/": asking.all_that_match,
            "calls/": calls.show,
            "calls/export/": calls.export,
            "reused/": reused.show,
            "reused/export/": reused.export,
        }
        return [*(self.page(route, view) for route, view in pages.items()), *super().get_urls()]

    def page(self, route: str, show: Any) -> URLPattern:
        def view(request: HttpRequest) -> HttpResponse:
            return show(self, request)

        name = self.url_name(route.strip("/").replace("/", "_"))
        return path(route, self.admin_site.admin_view(view), name=name)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "may_retain": self.has_decide_permission(request),
            "possible": retaining.is_possible(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, Deed.DECIDE_HELD)

    @action(description="Retain now …", permissions=["decide"])
    def retain_chosen(self, request: HttpRequest, queryset: QuerySet[CertificateRetention]) -> HttpResponse:
        return asking.chosen(self, request, queryset)

    def subject_of(self, obj: CertificateRetention) -> str:
        return obj.lead

    def panels(self, request: HttpRequest, obj: CertificateRetention) -> dict[str, Any]:
        return {"can_retain": obj.status != Status.STORED, "possible": retaining.is_possible()}

    def notices(self, request: HttpRequest) -> list[Notice]:
        """That TrustedForm cannot be asked concerns everybody; that no key is set, whoever promised."""
        waiting = reverse("console:leads_lead_queue", query={"needs": "trustedform"})
        troubles = [
            Notice(
                ServiceTrouble.Kind(trouble.kind).label,
                "!",
                waiting,
                "bad",
                [NoticeLine(trouble.reason or "No answer", waiting, say_since(trouble))],
            )
            for trouble in ServiceTrouble.objects.filter(ended_at=None).order_by("since")
        ]
        return troubles if reach(request) else []

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RetentionList]:
        return RetentionList

    @display(description="lead")
    def of_lead(self, row: CertificateRetention) -> str:
        return getattr(row, "lead_name", "") or row.lead

    @display(description="lead")
    def lead_shown(self, row: CertificateRetention) -> SafeString:
        lead_id = parse_public_id(Lead.PREFIX, row.lead)
        return link(screen_of(self, Lead).address(Lead(pk=lead_id)), row.lead)

    @display(description="end")
    def end(self, row: CertificateRetention) -> SafeString:
        told = count_down(row, now=timezone.now())
        return badge(told.left, told.tone)

    @display(description="how long")
    def told_end(self, row: CertificateRetention) -> str:
        return count_down(row, now=timezone.now()).sentence

    @display(description="state")
    def state(self, row: CertificateRetention) -> SafeString:
        return badge(row.get_status_display(), TONES[Status(row.status)])

    @display(description="source")
    def of_source(self, row: CertificateRetention) -> str:
        if not hasattr(row, "source_name"):
            name_leads_and_sources([row])
        return str(getattr(row, "source_name", NOTHING))

    @display(description="certificate")
    def certificate_shown(self, row: CertificateRetention) -> SafeString:
        return link(screen_of(self, Certificate).address(row.certificate), row.certificate.url)

    @display(description="without its page")
    def masked(self, row: CertificateRetention) -> str:
        return row.masked_url or NOTHING

    @display(description="retained by us before")
    def before(self, row: CertificateRetention) -> str:
        return yes_or_no(row.previously_retained)

    @display(description="why not retained")
    def why(self, row: CertificateRetention) -> str:
        return row.reason or NOTHING

    @display(description="last try")
    def tried(self, row: CertificateRetention) -> str:
        return moment(row.tried_at)

    @display(description="next try")
    def next_try(self, row: CertificateRetention) -> str:
        return moment(row.next_at)

    @display(description="wanted since")
    def wanted(self, row: CertificateRetention) -> str:
        return moment(row.wanted_at)

    @display(description="id")
    def public_id_shown(self, row: CertificateRetention) -> SafeString:
        return code(row.public_id)


def say_since(trouble: ServiceTrouble) -> str:
    return f"since {trouble.since:%-d %b, %H:%M} UTC; leads are held or refused by each source's policy"
