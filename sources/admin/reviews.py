"""Decisions, and what was shown to whoever decided."""

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leadping.console.display import NOTHING, badge, code, json_block, listed, moment
from leadping.console.history import name_actor, say_value
from leadping.console.scoped import ReadOnlyAdmin
from sources.admin.plain_words import label
from sources.models import Review, Terms

DECISION_TONES = {
    Review.Decision.APPROVED: "good",
    Review.Decision.NARROWED: "good",
    Review.Decision.CHANGES_REQUESTED: "warn",
    Review.Decision.REFUSED: "bad",
    Review.Decision.REVOKED: "bad",
    Review.Decision.EXPIRED: "bad",
}


def show_decision(review: Review) -> SafeString:
    return badge(review.get_decision_display(), DECISION_TONES[Review.Decision(review.decision)])


class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("terms", "decision_shown", "reason", "author", "at_shown")
    list_select_related = ("terms__source",)
    list_filter = ("decision",)
    ordering = ("-id",)
    sortable_by = ()
    fieldsets = (
        (
            None,
            {"fields": ("terms", "decision_shown", "reason", "conditions", "until", "author", "at_shown")},
        ),
        (
            "What was seen",
            {
                "fields": (
                    "asked_seen",
                    "difference_seen",
                    "example_seen",
                    "certificate_seen",
                    "checklist_seen",
                    "terms_seen",
                ),
                "description": "As the page showed it to whoever decided.",
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Review | None = None) -> list[str]:
        return [str(name) for _, options in self.fieldsets for name in options["fields"]]

    def subject_of(self, obj: Review) -> str:
        return obj.terms.source.public_id

    @display(description="when")
    def at_shown(self, review: Review) -> str:
        return moment(review.at)

    @display(description="decision")
    def decision_shown(self, review: Review) -> str:
        return show_decision(review)

    @display(description="approved until")
    def until(self, review: Review) -> str:
        return moment(review.expires_at)

    @display(description="by")
    def author(self, review: Review) -> str:
        return name_actor(review.by)

    @display(description="what changes and why")
    def asked_seen(self, review: Review) -> str:
        return review.seen.get("asked") or NOTHING

    @display(description="difference")
    def difference_seen(self, review: Review) -> str:
        rows = (
            (label(Terms, item["field"]), say_value(item["before"]), say_value(item["after"]))
            for item in review.seen.get("difference", [])
        )
        return format_html_join("", "<p><strong>{}</strong>: {} → {}</p>", rows) or NOTHING

    @display(description="example lead")
    def example_seen(self, review: Review) -> str:
        example = review.seen.get("example")
        if not example:
            return NOTHING
        verdicts = ((verdict.get("detail") or verdict["code"],) for verdict in example["verdicts"])
        return format_html(
            "<p>{}: {}</p><ul>{}</ul>",
            example["outcome"].capitalize(),
            listed(map(code, example["codes"]), "no fault"),
            format_html_join("", "<li>{}</li>", verdicts),
        )

    @display(description="certificate")
    def certificate_seen(self, review: Review) -> str:
        found = review.seen.get("certificate")
        return f"{found['outcome']}, {found['checkedAt']}, {found['host']}" if found else NOTHING

    @display(description="checklist")
    def checklist_seen(self, review: Review) -> str:
        rows = (
            (badge("Done", "good") if item["passed"] else badge("Missing", "warn"), item["detail"])
            for item in review.seen.get("checklist", [])
        )
        return format_html_join("", "<p>{} {}</p>", rows) or NOTHING

    @display(description="terms")
    def terms_seen(self, review: Review) -> str:
        return json_block(review.seen.get("terms"))
