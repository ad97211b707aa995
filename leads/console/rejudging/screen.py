"""The screen of what was judged again in one go: who, why, how far, and what came of it."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString

from leadping.console.display import badge, moment
from leadping.console.history import name_actor
from leadping.console.progress import Progress, ProgressScreen
from leadping.console.scoped import ReadOnlyAdmin, screen_of
from leads.models import Rejudgement, Submission
from leads.pages.wording import OUTCOMES
from leads.rejudging.many import read_progress

TONES = {
    Rejudgement.Status.WAITING: "",
    Rejudgement.Status.RUNNING: "accent",
    Rejudgement.Status.DONE: "good",
    Rejudgement.Status.FAILED: "bad",
}
UNFINISHED = (Rejudgement.Status.WAITING, Rejudgement.Status.RUNNING)
SHOWN = 50


class RejudgementAdmin(ProgressScreen, ReadOnlyAdmin):
    change_form_template = "admin/leads/rejudgement.html"
    list_display = ("asked", "count", "state", "asker", "why")
    list_filter = ("status",)
    search_fields = ("reason",)
    none_yet = (
        "Nothing was judged again yet. Mend what refused the leads, then choose them in the list of "
        "submissions, or take all of a source from its page."
    )
    search_help_text = "Words of the reason, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("count", "asker", "why", "asked", "finished")
    readonly_fields = fields

    def panels(self, request: HttpRequest, obj: Rejudgement) -> dict[str, Any]:
        progress, unfinished = read_progress(obj), obj.status in UNFINISHED
        attempts = Submission.objects.filter(repeats__in=obj.submission_ids).order_by("id")[:SHOWN]
        screen = screen_of(self, Submission)
        return {
            "badge": self.state(obj),
            "progress": progress,
            "at_work": Progress(progress.done, progress.total, "submissions") if unfinished else None,
            "came_of": [(OUTCOMES[outcome], count) for outcome, count in progress.came_of.items()],
            "left": list(progress.left.items()),
            "attempts": [
                (attempt.public_id, screen.address(attempt), OUTCOMES[Submission.Outcome(attempt.outcome)])
                for attempt in attempts
            ],
        }

    @display(description="asked")
    def asked(self, row: Rejudgement) -> str:
        return moment(row.asked_at)

    @display(description="submissions")
    def count(self, row: Rejudgement) -> int:
        return len(row.submission_ids)

    @display(description="state")
    def state(self, row: Rejudgement) -> SafeString:
        return badge(row.get_status_display(), TONES[Rejudgement.Status(row.status)])

    @display(description="by")
    def asker(self, row: Rejudgement) -> str:
        return name_actor(row.by)

    @display(description="why")
    def why(self, row: Rejudgement) -> str:
        return row.reason

    @display(description="finished")
    def finished(self, row: Rejudgement) -> str:
        return moment(row.finished_at)
