"""The screens of periods, of legal holds and of erasures."""

from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from leadping.accounts.models import Business
from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badge, code, link, moment
from leadping.console.history import name_actor
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step, screen_of
from leads.console.retention import erasing, holding, periods
from leads.models import KeptKind, Lead, LegalHold

SHOWN = 50


class RetentionPeriodAdmin(ReadOnlyAdmin):
    """One page for all kinds of records; there are rows only of what a business decided for itself."""

    ordering = ("id",)
    fields = ("kind", "days", "changed_at")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<str:business_id>/<str:kind>/set/", self.admin_site.admin_view(self.set_period), name="period"
        )
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        now = timezone.now()
        businesses = Business.objects.filter(pk__in=reach(request)).order_by("name")
        context = {
            **self.admin_site.each_context(request),
            "title": "Retention",
            "opts": self.opts,
            "kept": [periods.describe(self, request, business, now=now) for business in businesses],
            "next_purge": periods.next_purge(now),
            "reads_matters": bool(reach(request, Deed.READ_MATTERS)),
        }
        return TemplateResponse(request, "admin/retention/periods.html", context)

    def set_period(self, request: HttpRequest, business_id: str, kind: str) -> HttpResponse:
        business = find_business(request, business_id)
        if business is None or kind not in KeptKind.values:
            raise Http404
        if business.pk not in reach(request, Deed.MANAGE_BUSINESS):
            raise PermissionDenied
        if not recently_authenticated(request):
            return confirm_identity(request)
        return periods.change(self, request, business, KeptKind(kind))


def find_business(request: HttpRequest, text: str) -> Business | None:
    try:
        return Business.objects.filter(pk=UUID(text), pk__in=reach(request)).first()
    except ValueError:
        return None


class ErasureAdmin(ReadOnlyAdmin):
    reading = Deed.READ_MATTERS
    deed = Deed.ERASE
    adds = "Erase a person"
    list_display = ("when", "rows", "asker", "why")
    search_fields = ("reason",)
    search_help_text = "Words of the reason, or any prefixed id."
    none_yet = (
        "Nobody asked to be erased yet. When somebody does, add an erasure: you are shown what names them, "
        "and what stays, before anything goes."
    )
    ordering = ("-id",)
    sortable_by = ()
    fields = ("when", "rows", "asker", "why", "leads_shown", "public_id_shown")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, Deed.ERASE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return erasing.erase(self, request) if recently_authenticated(request) else confirm_identity(request)

    @display(description="erased")
    def when(self, erasure: Any) -> str:
        return moment(erasure.at)

    @display(description="what named them")
    def rows(self, erasure: Any) -> str:
        return erasing.say_counts(erasure.counts)

    @display(description="by")
    def asker(self, erasure: Any) -> str:
        return name_actor(erasure.by)

    @display(description="why")
    def why(self, erasure: Any) -> str:
        return erasure.reason

    @display(description="leads")
    def leads_shown(self, erasure: Any) -> str:
        screen = screen_of(self, Lead)
        leads = Lead.objects.filter(pk__in=erasure.lead_ids[:SHOWN], business=erasure.business_id)
        rows = ((link(screen.address(lead), lead.public_id), moment(lead.created_at)) for lead in leads)
        return format_html_join("", "<p>{} {}</p>", rows) or NOTHING

    @display(description="id")
    def public_id_shown(self, erasure: Any) -> SafeString:
        return code(erasure.public_id)


class StandingFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("standing", "Standing"), ("released", "Released")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "standing":
                return queryset.filter(released_at=None)
            case "released":
                return queryset.exclude(released_at=None)
        return queryset


class LegalHoldAdmin(ReadOnlyAdmin):
    reading = Deed.READ_MATTERS
    deed = Deed.HOLD
    adds = "Place a legal hold"
    steps = {"release": Step(holding.release, (Deed.HOLD,))}
    change_form_template = "admin/retention/hold.html"
    list_display = ("about", "state", "why", "placed", "placed_by_shown")
    list_display_links = ("about",)
    list_select_related = ("lead", "source")
    list_filter = (StandingFilter, "scope")
    search_fields = ("reason",)
    search_help_text = "Words of the reason, or any prefixed id."
    none_yet = (
        "Nothing is on legal hold. Add one for a person or for everything; a lead and a source are put on "
        "hold from their own pages."
    )
    # What stands first; of the released the latest.
    ordering = (F("released_at").desc(nulls_first=True), "-id")  # type: ignore[assignment]
    sortable_by = ()
    fieldsets = (
        (
            None,
            {"fields": ("state", "scope", "on_shown", "why", "placed", "placed_by_shown", "public_id_shown")},
        ),
        ("Released", {"fields": ("released", "released_by_shown", "released_reason")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> list[str]:
        return [str(name) for _, options in self.fieldsets for name in options["fields"]]

    def get_fieldsets(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        return self.fieldsets[:1] if obj and obj.released_at is None else self.fieldsets

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, Deed.HOLD)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return holding.place(self, request)

    def panels(self, request: HttpRequest, obj: LegalHold) -> dict[str, Any]:
        return {"stands": obj.released_at is None}

    @display(description="hold")
    def about(self, hold: LegalHold) -> str:
        return str(hold)

    @display(description="state")
    def state(self, hold: LegalHold) -> SafeString:
        return badge("Released") if hold.released_at else badge("Standing", "warn")

    @display(description="on")
    def on_shown(self, hold: LegalHold) -> str:
        held: Model | None = hold.lead or hold.source
        return link(screen_of(self, type(held)).address(held), held) if held else str(hold)

    @display(description="why")
    def why(self, hold: LegalHold) -> str:
        return hold.reason

    @display(description="placed")
    def placed(self, hold: LegalHold) -> str:
        return moment(hold.placed_at)

    @display(description="by")
    def placed_by_shown(self, hold: LegalHold) -> str:
        return name_actor(hold.placed_by)

    @display(description="id")
    def public_id_shown(self, hold: LegalHold) -> SafeString:
        return code(hold.public_id)

    @display(description="released")
    def released(self, hold: LegalHold) -> str:
        return moment(hold.released_at)

    @display(description="by")
    def released_by_shown(self, hold: LegalHold) -> str:
        return name_actor(hold.released_by) if hold.released_by else NOTHING
