"""The screen of the suppression list: found by the whole phone or email, each entry with its history."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.suppression.console import adding
from compliance.suppression.contacts import ContactFault, read_contact
from compliance.suppression.exported import HEADER, as_rows
from compliance.suppression.models import Suppression, SuppressionImport
from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, address, badge, code, link, moment
from leadping.console.export import export_csv
from leadping.console.history import name_actor
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step, screen_of

SUPPRESSED_FIELDS = ("since", "by", "origin_shown", "from_shown", "also_shown", "public_id_shown")


class StateFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("live", "Stands"), ("released", "Released")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "live":
                return queryset.filter(released_at=None)
            case "released":
                return queryset.exclude(released_at=None)
        return queryset


class SuppressionAdmin(ReadOnlyAdmin):
    deed = Deed.SUPPRESS
    steps = {"release": Step(adding.release, (Deed.RELEASE_SUPPRESSED,))}
    change_form_template = "admin/suppression/suppression.html"
    change_list_template = "admin/suppression/suppressions.html"
    list_display = ("contact", "state", "channel_shown", "origin_shown", "for_whom", "since", "by")
    list_select_related = ("account",)
    list_filter = (StateFilter, "channel", "origin")
    search_fields = ("value",)
    search_help_text = "The whole phone number or email address, in any notation, or any prefixed id."
    none_yet = (
        "Nobody is on the list yet. Opt-outs come here by themselves; add somebody by hand, or import a list "
        "that you have."
    )
    ordering = ("-id",)
    sortable_by = ()
    fieldsets = (
        (None, {"fields": ("state", "channel_shown", "for_whom", "said")}),
        ("Suppressed", {"fields": SUPPRESSED_FIELDS}),
        ("Released", {"fields": ("released", "released_by_shown", "release_reason")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, self.deed)

    def get_readonly_fields(self, request: HttpRequest, obj: Suppression | None = None) -> list[str]:
        return [str(name) for _, options in self.fieldsets for name in options["fields"]]

    def get_fieldsets(self, request: HttpRequest, obj: Suppression | None = None) -> Any:
        return self.fieldsets[:2] if obj and obj.released_at is None else self.fieldsets

    def get_urls(self) -> list[URLPattern]:
        return [
            path("csv/", self.admin_site.admin_view(self.download), name=self.url_name("csv")),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return adding.add(self, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = {
            "may_export": bool(reach(request, Deed.EXPORT)),
            "may_import": bool(reach(request, Deed.RELEASE_SUPPRESSED)),
        }
        return super().changelist_view(request, {**(extra_context or {}), **may})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By hash, so that an erased contact is found by whoever knows it."""
        if not search_term:
            return queryset, False
        try:
            contact = read_contact(search_term)
        except ContactFault:
            return queryset.none(), False
        return queryset.filter(contact_hash__in=contact.hashes), False

    def download(self, request: HttpRequest) -> HttpResponse:
        """All that stands, and the history of what was released."""
        businesses = reach(request, Deed.EXPORT)
        found = Suppression.objects.filter(business__in=businesses).select_related("account").order_by("id")
        return export_csv(
            request,
            name="suppressions.csv",
            header=HEADER,
            rows=as_rows(found),
            business_ids=businesses,
            about="the suppression list",
        )

    def panels(self, request: HttpRequest, obj: Suppression) -> dict[str, Any]:
        same = Suppression.objects.filter(business_id=obj.business_id, contact_hash=bytes(obj.contact_hash))
        others = same.exclude(pk=obj.pk).select_related("account").order_by("-id")[:50]
        return {
            "stands": obj.released_at is None,
            "badges": self.state(obj),
            "others": [
                {
                    "address": self.address(one),
                    "state": self.state(one),
                    "channel": one.get_channel_display(),
                    "for": self.for_whom(one),
                    "since": moment(one.created_at),
                    "until": moment(one.released_at),
                    "reason": one.release_reason,
                }
                for one in others
            ],
        }

    def further_events(self, obj: Suppression) -> Q:
        """Rows of a file have no event of their own."""
        return Q(subject=obj.imported_in.public_id) if obj.imported_in else Q()

    @display(description="contact")
    def contact(self, entry: Suppression) -> str:
        return address(str(entry))

    @display(description="state")
    def state(self, entry: Suppression) -> SafeString:
        return badge("Released") if entry.released_at else badge("Do not contact", "bad")

    @display(description="channel")
    def channel_shown(self, entry: Suppression) -> str:
        return entry.get_channel_display()

    @display(description="origin")
    def origin_shown(self, entry: Suppression) -> str:
        return entry.get_origin_display()

    @display(description="for")
    def for_whom(self, entry: Suppression) -> str:
        return str(entry.account) if entry.account else "The whole business"

    @display(description="since")
    def since(self, entry: Suppression) -> str:
        return moment(entry.created_at)

    @display(description="by")
    def by(self, entry: Suppression) -> str:
        return address(name_actor(entry.created_by))

    @display(description="note")
    def said(self, entry: Suppression) -> str:
        return linebreaksbr(entry.note, autoescape=True) or NOTHING

    @display(description="from")
    def from_shown(self, entry: Suppression) -> str:
        if entry.imported_in:
            return link(screen_of(self, SuppressionImport).address(entry.imported_in), entry.imported_in)
        if not entry.about:
            return NOTHING
        return link(reverse("console:search", query={"q": entry.about}), code(entry.about))

    @display(description="demanded since by")
    def also_shown(self, entry: Suppression) -> str:
        """What keeps an entry of a list when the list is undone."""
        if entry.also_at is None:
            return NOTHING
        return format_html("{}, {}", Suppression.Origin(entry.also_origin).label, moment(entry.also_at))

    @display(description="id")
    def public_id_shown(self, entry: Suppression) -> SafeString:
        return code(entry.public_id)

    @display(description="released")
    def released(self, entry: Suppression) -> str:
        return moment(entry.released_at)

    @display(description="released by")
    def released_by_shown(self, entry: Suppression) -> str:
        return name_actor(entry.released_by) if entry.released_by else NOTHING
