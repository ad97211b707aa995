"""The screen of complaints, disputes and opt-outs: what is open first, and what became of the others."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString

from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, code, link, moment
from leadping.console.history import name_actor
from leadping.console.notices import Notice, NoticeLine, look_at
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step, screen_of
from leads.console import complaining
from leads.console.filters import SourceFilter
from leads.console.trouble import say_state
from leads.models import Complaint, Lead
from sources.models import Source


class OpenFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "open":
                return queryset.filter(closed_at=None)
            case "closed":
                return queryset.exclude(closed_at=None)
        return queryset


class ComplaintAdmin(ReadOnlyAdmin):
    steps = {
        "close": Step(complaining.close, (Deed.RECORD_COMPLAINTS,)),
        "reopen": Step(complaining.reopen, (Deed.RECORD_COMPLAINTS,)),
    }
    change_form_template = "admin/leads/complaint.html"
    change_list_template = "admin/leads/complaints.html"
    list_display = ("about", "state", "raised_by", "source", "lead", "opened")
    list_display_links = ("about",)
    list_select_related = ("source", "lead")
    list_filter = (OpenFilter, "kind", SourceFilter)
    search_fields = ("raised_by", "details", "source__name")
    none_yet = "Nothing is held against any source or lead."
    search_help_text = "Who raised it, words of it, the name of the source, or any prefixed id."
    # The longest open first; of the closed the latest.
    ordering = (F("closed_at").desc(nulls_first=True), "id")  # type: ignore[assignment]
    sortable_by = ()
    fieldsets = (
        (None, {"fields": ("state", "kind", "raised", "said", "source_shown", "lead_shown")}),
        ("Opened", {"fields": ("opened", "opened_by_shown", "public_id_shown")}),
        ("Closed", {"fields": ("closed", "closed_by_shown", "outcome_reason")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Complaint | None = None) -> list[str]:
        return [str(name) for _, options in self.fieldsets for name in options["fields"]]

    def get_fieldsets(self, request: HttpRequest, obj: Complaint | None = None) -> Any:
        return self.fieldsets[:2] if obj and obj.closed_at is None else self.fieldsets

    def subject_of(self, obj: Complaint) -> str:
        return obj.source.public_id

    def panels(self, request: HttpRequest, obj: Complaint) -> dict[str, Any]:
        """An opt-out was honoured: nothing is left to be done about it."""
        undecided = obj.kind != Complaint.Kind.OPT_OUT
        return {"can_close": obj.closed_at is None, "can_reopen": bool(obj.closed_at) and undecided}

    def notices(self, request: HttpRequest) -> list[Notice]:
        """Whoever waits longest comes first."""
        waiting = Complaint.objects.filter(business_id__in=reach(request), closed_at=None)
        rows, figure = look_at(waiting.select_related("source", "lead").order_by("opened_at", "id"))
        if not rows:
            return []
        lines = [NoticeLine(str(row), self.address(row), f"since {row.opened_at:%-d %b %Y}") for row in rows]
        url = f"{self.list_address()}?state=open"
        return [Notice("Open complaints and disputes", figure, url, "warn", lines)]

    @display(description="about")
    def about(self, complaint: Complaint) -> str:
        return f"{complaint.get_kind_display()} of {complaint.opened_at:%-d %b %Y}"

    @display(description="state")
    def state(self, complaint: Complaint) -> SafeString:
        return say_state(complaint)

    @display(description="raised by")
    def raised(self, complaint: Complaint) -> str:
        return complaint.raised_by or NOTHING

    @display(description="details")
    def said(self, complaint: Complaint) -> str:
        return linebreaksbr(complaint.details, autoescape=True)

    @display(description="source")
    def source_shown(self, complaint: Complaint) -> SafeString:
        return link(screen_of(self, Source).address(complaint.source), complaint.source)

    @display(description="lead")
    def lead_shown(self, complaint: Complaint) -> str:
        lead = complaint.lead
        return link(screen_of(self, Lead).address(lead), lead) if lead else "None: it is about the source"

    @display(description="opened")
    def opened(self, complaint: Complaint) -> str:
        return moment(complaint.opened_at)

    @display(description="recorded by")
    def opened_by_shown(self, complaint: Complaint) -> str:
        return name_actor(complaint.opened_by)

    @display(description="id")
    def public_id_shown(self, complaint: Complaint) -> SafeString:
        return code(complaint.public_id)

    @display(description="closed")
    def closed(self, complaint: Complaint) -> str:
        return moment(complaint.closed_at)

    @display(description="closed by")
    def closed_by_shown(self, complaint: Complaint) -> str:
        return name_actor(complaint.closed_by) if complaint.closed_by else NOTHING
