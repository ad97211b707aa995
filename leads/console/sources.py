"""The screen of a source with its traffic, its drafts and its launch, which need what the sources themselves
know nothing of."""

from typing import Any

from django.contrib.admin import display
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import lately, moment
from leadping.console.listing import UncountedList
from leadping.console.scoped import ScopedAdmin, Step, screen_of
from leads.console.display import say_rate, say_refusal
from leads.console.launch.checklist import list_items
from leads.console.launch.facts import gather_facts
from leads.console.source_steps import LONG_AFTER, STEPS
from leads.console.traffic import read_traffic
from leads.console.trouble import describe_trouble
from leads.console.watch.screen import WatchingScreen
from leads.models import Complaint
from sources.admin.source import SourceAdmin
from sources.models import Source, Terms


class TrafficList(UncountedList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        traffic = read_traffic([source.pk for source in self.result_list], now=timezone.now())
        for source in self.result_list:
            source.traffic = traffic[source.pk]


class TrafficSourceAdmin(WatchingScreen, SourceAdmin):
    beside = (("console:sources_source_watching", "Sources, side by side"),)
    list_display = (*SourceAdmin.list_display, "last_lead", "accept_rate", "top_refusal")
    steps = STEPS

    def may_take(self, request: HttpRequest, obj: Model, step: Step) -> bool:
        if step in LONG_AFTER:
            return ScopedAdmin.may_take(self, request, obj, step)
        return super().may_take(request, obj, step)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TrafficList]:
        return TrafficList

    def panels(self, request: HttpRequest, obj: Source) -> dict[str, Any]:
        query = {"source": obj.public_id}
        now = timezone.now()
        traffic = read_traffic([obj.pk], now=now)[obj.pk]
        reads_matters = self.reaches(request, obj, Deed.READ_MATTERS)
        panels = super().panels(request, obj)
        waiting = panels["terms_waiting"]
        return {
            **panels,
            **describe_trouble(obj, screen_of(self, Complaint), now=now),
            "traffic": [
                ("Last lead", moment(traffic.last_lead_at)),
                ("Accepted lately", say_rate(traffic)),
                ("Most refused for", say_refusal(traffic)),
            ],
            "holds": obj.legal_holds.filter(released_at=None) if reads_matters else [],
            "launch": list_items(gather_facts(obj, now=now)),
            "review_address": screen_of(self, Terms).address(waiting, "review") if waiting else "",
            "submissions_address": reverse("console:leads_submission_changelist", query=query),
            "leads_address": reverse("console:leads_lead_changelist", query=query),
        }

    @display(description="last lead")
    def last_lead(self, source: Any) -> str:
        return lately(source.traffic.last_lead_at, now=timezone.now())

    @display(description="accepted lately")
    def accept_rate(self, source: Any) -> str:
        return say_rate(source.traffic)

    @display(description="most refused for")
    def top_refusal(self, source: Any) -> str:
        return say_refusal(source.traffic)
