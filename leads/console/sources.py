"""The screen of a source with its traffic, which the sources themselves know nothing of."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from leadping.console.display import NOTHING, badge, moment
from leadping.console.listing import UncountedList
from leads.console.traffic import Traffic, read_traffic
from leads.pages.wording import title_of
from sources.admin.source import SourceAdmin
from sources.models import Source


class TrafficList(UncountedList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        traffic = read_traffic([source.pk for source in self.result_list], now=timezone.now())
        for source in self.result_list:
            source.traffic = traffic[source.pk]


class TrafficSourceAdmin(SourceAdmin):
    list_display = (*SourceAdmin.list_display, "last_lead", "accept_rate", "top_refusal")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TrafficList]:
        return TrafficList

    def panels(self, obj: Source) -> dict[str, Any]:
        query = {"source": obj.public_id}
        traffic = read_traffic([obj.pk], now=timezone.now())[obj.pk]
        return {
            **super().panels(obj),
            "traffic": [
                ("Last lead", moment(traffic.last_lead_at)),
                ("Accepted in the last 7 days", say_rate(traffic)),
                ("Most refused for", say_refusal(traffic)),
            ],
            "submissions_address": reverse("console:leads_submission_changelist", query=query),
            "leads_address": reverse("console:leads_lead_changelist", query=query),
        }

    @display(description="last lead")
    def last_lead(self, source: Any) -> str:
        return moment(source.traffic.last_lead_at)

    @display(description="accepted, 7 days")
    def accept_rate(self, source: Any) -> str:
        return say_rate(source.traffic)

    @display(description="most refused for")
    def top_refusal(self, source: Any) -> str:
        return say_refusal(source.traffic)


def say_rate(traffic: Traffic) -> str:
    if not traffic.requests:
        return NOTHING
    share = 1 - traffic.refused / traffic.requests
    tone = "good" if share >= 0.9 else "warn" if share >= 0.5 else "bad"
    return format_html(
        '<span title="of the last {} requests">{}</span>', traffic.requests, badge(f"{share:.0%}", tone)
    )


def say_refusal(traffic: Traffic) -> str:
    return title_of(traffic.top_refusal) if traffic.top_refusal else NOTHING
