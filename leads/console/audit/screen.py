"""The screen of leads with its audit queue."""

from typing import Any

from django.contrib.admin import action, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadping.accounts.roles import Deed
from leadping.console.display import badge
from leadping.console.notices import Notice, NoticeLine, capped
from leadping.console.reach import person, reach
from leadping.console.scoped import Step
from leads.console.audit.held import Need, Wanted, find_ids
from leads.console.audit.many import decide_many
from leads.console.audit.overrides import describe_overrides
from leads.console.audit.page import audit
from leads.console.audit.queue import show_queue
from leads.console.leads import LeadAdmin
from leads.models import Lead, Override
from leads.overrides import passed_over
from leads.pages.wording import title_of

LINES, MANY = 5, 100


class AuditedLeadAdmin(LeadAdmin):
    # Everybody may look; the page itself says who decides.
    steps = {**LeadAdmin.steps, "audit": Step(audit, (Deed.READ,))}
    actions = ("release_held", "refuse_held")

    def get_urls(self) -> list[URLPattern]:
        queue = path("audit/", self.admin_site.admin_view(self.queue_view), name=self.url_name("queue"))
        return [queue, *super().get_urls()]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        return show_queue(self, request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, Deed.DECIDE_HELD)

    @action(description="Release held leads …", permissions=["decide"])
    def release_held(self, request: HttpRequest, queryset: QuerySet[Lead]) -> HttpResponse:
        return decide_many(self, request, queryset, "release_held", back=self.list_address())

    @action(description="Refuse held leads …", permissions=["decide"])
    def refuse_held(self, request: HttpRequest, queryset: QuerySet[Lead]) -> HttpResponse:
        return decide_many(self, request, queryset, "refuse_held", back=self.list_address())

    def panels(self, request: HttpRequest, obj: Lead) -> dict[str, Any]:
        return {**super().panels(request, obj), "overrides": describe_overrides(obj)}

    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().with_columns(queryset).annotate(passed_over=passed_over())

    @display(description="status")
    def status_shown(self, lead: Lead) -> SafeString:
        shown = super().status_shown(lead)
        if getattr(lead, "passed_over", False):
            return format_html("{} {}", shown, badge("Passed over", "warn"))
        return shown

    def notices(self, request: HttpRequest) -> list[Notice]:
        """What waits for a decision, and what for a second person; the oldest wait longest and come first."""
        found = (self.notice_of_second(request), self.notice_of_held(request))
        return [notice for notice in found if notice]

    def notice_of_held(self, request: HttpRequest) -> Notice | None:
        ids = find_ids(reach(request), Wanted(), most=MANY + 1)
        if not ids:
            return None
        lines = [
            NoticeLine(str(lead), self.address(lead, "audit"), ", ".join(map(title_of, lead.held_for)))
            for lead in Lead.objects.filter(pk__in=ids[:LINES]).order_by("id")
        ]
        url = reverse("console:leads_lead_queue")
        return Notice("Held leads wait for a decision", capped(len(ids), MANY), url, "warn", lines)

    def notice_of_second(self, request: HttpRequest) -> Notice | None:
        """Those that this person may confirm, for nobody confirms what they asked for themselves."""
        me = person(request).public_id
        waiting = Override.objects.filter(
            state=Override.State.WAITING, business__in=reach(request, Deed.DECIDE_HELD)
        ).exclude(asked_by=me)
        if not (total := waiting.count()):
            return None
        lines = [
            NoticeLine(str(one.lead), self.address(one.lead, "audit"), ", ".join(map(title_of, one.codes)))
            for one in waiting.select_related("lead").order_by("id")[:LINES]
        ]
        url = reverse("console:leads_lead_queue") + Wanted(need=Need.SECOND).query()
        return Notice("Overrides wait for a second person", f"{total:,}", url, "bad", lines)
