"""Terms and the decisions on them: drafted, submitted, approved and revoked on pages of their own."""

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join

from leadping.console.display import NOTHING, badge, listed, moment
from leadping.console.history import name_actor
from leadping.console.notices import Notice, NoticeLine, capped
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, person, screen_of
from leadping.console.steps import Preview, ReasonForm, ask_first, entered
from sources.admin.forms import TermsForm
from sources.admin.plain_words import TERMS_FIELDS, compare_terms
from sources.approval import (
    ApprovalError,
    approve_terms,
    draft_terms,
    revoke_approval,
    submit_terms,
    terms_in_the_making,
)
from sources.models import Review, Source, Terms

MANY = 100
TONES = {
    Terms.Status.DRAFT: "",
    Terms.Status.SUBMITTED: "accent",
    Terms.Status.APPROVED: "good",
    Terms.Status.SUPERSEDED: "",
    Terms.Status.REVOKED: "bad",
}


def find_in_the_making(source: Source, status: Terms.Status) -> Terms:
    terms = terms_in_the_making(source)
    if terms is None or terms.status != status:
        raise ApprovalError(f"There are no terms with the status “{status.label}”.")
    return terms


def draft(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """Writes the draft; a new one begins with what is in force."""
    form = TermsForm(entered(request), instance=start_draft(source))

    def act() -> str:
        terms = draft_terms(source, form.cleaned_data, by=person(request).public_id, now=timezone.now())
        return f"Terms {terms.number} are a draft. Submit them when they are complete."

    preview = Preview(
        "Draft terms",
        "Save draft",
        ["A draft changes nothing yet: intake goes by the terms in force until new ones are approved."],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


def start_draft(source: Source) -> Terms:
    terms = source.terms.filter(status=Terms.Status.DRAFT).first()
    if terms:
        return terms
    model = source.terms_in_force or Terms()
    fields = {name: getattr(model, name) for name in TERMS_FIELDS}
    return Terms(business=source.business, source=source, **fields)


def submit(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = forms.Form(entered(request))
    terms = terms_in_the_making(source)

    def act() -> str:
        ready = find_in_the_making(source, Terms.Status.DRAFT)
        submit_terms(ready, by=person(request).public_id, now=timezone.now())
        return f"Terms {ready.number} wait for a decision."

    preview = Preview(
        f"Submit terms {terms.number}" if terms else "Submit terms",
        "Submit for decision",
        ["From here on the draft cannot be changed. Somebody who may approve terms decides on it."],
        changes=compare_terms(source.terms_in_force, terms) if terms else (),
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


def approve(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = ReasonForm(entered(request))
    terms, old = terms_in_the_making(source), source.terms_in_force

    def act() -> str:
        waiting = find_in_the_making(source, Terms.Status.SUBMITTED)
        reason = form.cleaned_data["reason"]
        approve_terms(waiting, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"Terms {waiting.number} are in force."

    preview = Preview(
        f"Approve terms {terms.number}" if terms else "Approve terms",
        "Approve",
        [
            f"They take the place of terms {old.number}." if old else "The source becomes approved.",
            "Intake judges by them from the next request on, and each submission names them.",
        ],
        changes=compare_terms(old, terms) if terms else (),
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


def revoke(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        revoke_approval(source, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"{source} is no longer approved."

    preview = Preview(
        f"Revoke the approval of {source}",
        "Revoke approval",
        [
            "From the next request on, every lead of this source is refused with source_not_approved.",
            "Leads that were taken stay as they are. To approve again, new terms are drafted and submitted.",
        ],
        grave=True,
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


class TermsAdmin(ReadOnlyAdmin):
    list_display = ("title", "source", "state", "states_shown", "products_shown", "submitted")
    list_select_related = ("source",)
    list_filter = ("status",)
    search_fields = ("source__name",)
    search_help_text = "Name of the source, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("source", "state", *TERMS_FIELDS, "author", "created", "submitted", "decisions")
    readonly_fields = fields

    def subject_of(self, obj: Terms) -> str:
        return obj.source.public_id

    def notices(self, request: HttpRequest) -> list[Notice]:
        waiting = self.get_queryset(request).filter(status=Terms.Status.SUBMITTED).select_related("source")
        rows = list(waiting.order_by("id")[: MANY + 1])
        if not rows:
            return []
        lines = [NoticeLine(str(terms), screen_of(self, Source).address(terms.source)) for terms in rows[:5]]
        url = f"{self.list_address()}?status__exact={Terms.Status.SUBMITTED}"
        return [Notice("Terms wait for a decision", capped(len(rows), MANY), url, "accent", lines)]

    @display(description="terms")
    def title(self, terms: Terms) -> str:
        return f"Terms {terms.number}"

    @display(description="status")
    def state(self, terms: Terms) -> str:
        return badge(terms.get_status_display(), TONES[Terms.Status(terms.status)])

    @display(description="states")
    def states_shown(self, terms: Terms) -> str:
        return listed(terms.states, "any")

    @display(description="products")
    def products_shown(self, terms: Terms) -> str:
        return listed(terms.products, "any")

    @display(description="submitted")
    def submitted(self, terms: Terms) -> str:
        return moment(terms.submitted_at)

    @display(description="created")
    def created(self, terms: Terms) -> str:
        return moment(terms.created_at)

    @display(description="created by")
    def author(self, terms: Terms) -> str:
        return name_actor(terms.created_by)

    @display(description="decisions")
    def decisions(self, terms: Terms) -> str:
        reviews = terms.reviews.order_by("id")
        rows = (
            (review.get_decision_display(), name_actor(review.by), moment(review.at), review.reason)
            for review in reviews
        )
        return format_html_join("", "<p><strong>{}</strong> by {} on {}: {}</p>", rows) or NOTHING


class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("at_shown", "decision_shown", "terms", "reason")
    list_display_links = ("decision_shown",)
    list_select_related = ("terms__source",)
    list_filter = ("decision",)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("terms", "decision_shown", "reason", "author", "at_shown")
    readonly_fields = fields

    def subject_of(self, obj: Review) -> str:
        return obj.terms.source.public_id

    @display(description="when")
    def at_shown(self, review: Review) -> str:
        return moment(review.at)

    @display(description="decision")
    def decision_shown(self, review: Review) -> str:
        tone = "good" if review.decision == Review.Decision.APPROVED else "bad"
        return badge(review.get_decision_display(), tone)

    @display(description="by")
    def author(self, review: Review) -> str:
        return name_actor(review.by)
