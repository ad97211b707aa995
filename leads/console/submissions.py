"""The screen of submissions: every request as it came, what was found, what was answered."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import action, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from leadping.accounts.roles import Deed
from leadping.console.display import badge, code, listed, moment
from leadping.console.filters import WithinFilter
from leadping.console.history import name_actor
from leadping.console.notices import Notice, NoticeLine, capped
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step
from leadping.ids import first_id_at
from leads.console.filters import CodeFilter, ImportFilter, SourceFilter
from leads.console.rejudging import steps
from leads.console.traffic import REFUSAL_CODES, rank
from leads.models import Lead, Submission
from leads.pages.attempts import describe_attempts
from leads.pages.search import named_submissions, search_condition
from leads.pages.stored import NO_ADDRESS, describe_request, door_of
from leads.pages.wording import OUTCOMES, title_of
from leads.rejudging.attempt import can_be_tried

RECENTLY = timedelta(hours=24)
# Refusals looked at for the front page; a source gone wild refuses more than anybody wants counted.
MANY = 500


class SubmissionAdmin(ReadOnlyAdmin):
    change_form_template = "admin/leads/submission.html"
    steps = {"judge_again": Step(steps.one, (Deed.DECIDE_HELD,))}
    actions = ("judge_again",)
    list_display = ("received", "outcome_shown", "codes_shown", "door_shown", "source", "status_shown")
    list_display_links = ("received",)
    list_select_related = ("source",)
    list_filter = ("outcome", CodeFilter, "door", WithinFilter, SourceFilter, ImportFilter)
    search_fields = ("request_id",)
    search_help_text = "Phone, email or external id of the lead, or any prefixed id such as sub_… or req_…"
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "received",
        "outcome_shown",
        "status_shown",
        "door_shown",
        "source",
        "lead",
        "terms",
        "credential",
        "public_id_shown",
        "request_id",
        "ip_shown",
        "user_agent",
        "content_type",
    )
    readonly_fields = fields

    def named(self, request: HttpRequest, text: str) -> QuerySet[Any]:
        """By its own id, or by that of the request."""
        by_request = named_submissions(text)
        return super().named(request, text) | self.get_queryset(request).filter(
            pk__in=by_request.values("pk")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Those of the leads that the same search finds."""
        if not search_term:
            return queryset, False
        leads = Lead.objects.filter(search_condition(search_term), business_id__in=reach(request))
        return queryset.filter(lead__in=leads), False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, Deed.DECIDE_HELD)

    @action(description="Judge again …", permissions=["decide"])
    def judge_again(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse:
        return steps.chosen(self, request, queryset)

    def panels(self, request: HttpRequest, obj: Submission) -> dict[str, Any]:
        return {
            "badges": self.outcome_shown(obj),
            "stored": describe_request(obj, now=timezone.now()),
            "attempts": describe_attempts(obj, name=name_actor, address=self.address, now=timezone.now()),
            "can_repeat": can_be_tried(obj),
            "workspace": reverse("workspace:submission", args=[obj.public_id]),
        }

    def notices(self, request: HttpRequest) -> list[Notice]:
        since = first_id_at(timezone.now() - RECENTLY)
        # What was tried, and what somebody had judged again, is no news.
        refused = Submission.objects.filter(
            business_id__in=reach(request),
            outcome=Submission.Outcome.REFUSED,
            id__gte=since,
            dry_run=False,
            repeats=None,
        )
        found = list(refused.order_by("-id").values_list(REFUSAL_CODES, flat=True)[: MANY + 1])
        if not found:
            return []
        url = f"{self.list_address()}?outcome__exact=refused&within=day"
        lines = [
            NoticeLine(title_of(code), f"{url}&code={code}", str(count)) for code, count in rank(found)[:5]
        ]
        return [
            Notice("Refused in the last 24 hours", capped(len(found), MANY), url, "bad", lines, told=True)
        ]

    @display(description="received")
    def received(self, submission: Submission) -> str:
        return moment(submission.received_at)

    @display(description="outcome")
    def outcome_shown(self, submission: Submission) -> SafeString:
        worded = OUTCOMES[Submission.Outcome(submission.outcome)]
        return badge(f"{worded.text}, dry run" if submission.dry_run else worded.text, worded.tone)

    @display(description="found")
    def codes_shown(self, submission: Submission) -> str:
        return listed(map(title_of, dict.fromkeys(submission.codes)))

    @display(description="door")
    def door_shown(self, submission: Submission) -> str:
        return door_of(submission)

    @display(description="HTTP status")
    def status_shown(self, submission: Submission) -> int:
        return submission.http_status

    @display(description="IP address")
    def ip_shown(self, submission: Submission) -> str:
        return submission.ip or NO_ADDRESS

    @display(description="id")
    def public_id_shown(self, submission: Submission) -> SafeString:
        return code(submission.public_id)
