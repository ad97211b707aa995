"""Terms and the decisions on them, to be looked at; and the steps that need nothing but the terms themselves:
submit, withdraw, revoke. For the others intake judges an example, so their pages are in `leads/console/`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join

from leadping.console.display import NOTHING, badge, listed, moment
from leadping.console.history import name_actor
from leadping.console.notices import Notice, NoticeLine, look_at
from leadping.console.reach import person, reach
from leadping.console.reasons import KEPT, ReasonForm, reason_field
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, screen_of
from leadping.console.steps import Preview, ask_first, entered
from sources.admin.difference import as_changes, compare_terms
from sources.admin.plain_words import say_days_left
from sources.admin.reviews import show_decision
from sources.admin.sections import TERMS_FIELDS, TERMS_SECTIONS
from sources.approval import revoke_approval, submit_terms, withdraw_terms
from sources.basis import basis_of
from sources.decisions import ApprovalError
from sources.expiring import WARNED_AHEAD
from sources.models import Review, Source, Terms
from sources.versions import content_of, start_of_draft, terms_in_the_making

# Whatever lists many terms shows none of these.
LONG_TEXTS = ("consent_wording", "message_copy", "call_script", "exception_reason", "example_payload")
TONES = {
    Terms.Status.DRAFT: "",
    Terms.Status.SUBMITTED: "accent",
    Terms.Status.APPROVED: "good",
    Terms.Status.SUPERSEDED: "",
    Terms.Status.CHANGES_REQUESTED: "warn",
    Terms.Status.REFUSED: "bad",
    Terms.Status.REVOKED: "bad",
    Terms.Status.EXPIRED: "bad",
}


def find_in_the_making(source: Source, status: Terms.Status) -> Terms:
    terms = terms_in_the_making(source)
    if terms is None or terms.status != status:
        raise ApprovalError(f"There are no terms with the status “{status.label}”.")
    return terms


def start_draft(source: Source) -> Terms:
    """What a person begins to write from: the draft there is, else a copy of what came before it."""
    model = start_of_draft(source)
    if model and model.status == Terms.Status.DRAFT:
        return model
    return Terms(business=source.business, source=source, **content_of(model))


class SubmissionForm(forms.Form):
    reason = reason_field(
        label="What changes and why",
        help_text=f"Whoever decides reads this first. {KEPT}",
    )


def submit(
    screen: ScopedAdmin, request: HttpRequest, source: Source, beware: Sequence[str] = ()
) -> HttpResponse:
    """`beware` is what else the person should know before."""
    form = SubmissionForm(entered(request))
    terms = terms_in_the_making(source)

    def act() -> str:
        ready = find_in_the_making(source, Terms.Status.DRAFT)
        reason = form.cleaned_data["reason"]
        shown, by = request.POST.get("seen", ""), person(request).public_id
        submit_terms(ready, by=by, reason=reason, now=timezone.now(), shown=shown)
        return f"Terms {ready.number} wait for a decision."

    # What is submitted is the draft that this page shows, not one that somebody rewrote meanwhile.
    hidden = [("seen", basis_of(terms, source.terms_in_force))] if terms else []
    preview = Preview(
        f"Submit terms {terms.number}" if terms else "Submit terms",
        "Submit for decision",
        ["From here on the draft cannot be changed. Somebody who may approve terms decides on it.", *beware],
        changes=as_changes(compare_terms(source.terms_in_force, terms)) if terms else (),
    )
    return ask_first(
        screen, request, form, preview, act=act, back=screen.address(source), obj=source, hidden=hidden
    )


def withdraw(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        waiting = find_in_the_making(source, Terms.Status.SUBMITTED)
        reason = form.cleaned_data["reason"]
        withdraw_terms(waiting, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"Terms {waiting.number} are a draft again."

    preview = Preview(
        "Take the terms back",
        "Make them a draft again",
        ["Nobody decides on them until they are submitted again. The terms in force stay in force."],
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
    list_display: tuple[str, ...] = (
        "title",
        "source",
        "state",
        "states_shown",
        "products_shown",
        "submitted",
    )
    list_select_related = ("source",)
    list_filter = ("status",)
    search_fields = ("source__name",)
    search_help_text = "Name of the source, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    about = (
        *("source", "state", "until", "conditions"),
        *("author", "created", "requester", "submitted", "submitted_reason", "decisions"),
    )
    readonly_fields = (*about, *TERMS_FIELDS)

    def get_fieldsets(self, request: HttpRequest, obj: Terms | None = None) -> Any:
        said = ((one.title, {"fields": one.fields, "description": one.sentence}) for one in TERMS_SECTIONS)
        return [(None, {"fields": self.about}), *said]

    def subject_of(self, obj: Terms) -> str:
        return obj.source.public_id

    def notices(self, request: HttpRequest) -> list[Notice]:
        """What runs out soon, the first to do so first."""
        now = timezone.now()
        ending = Terms.objects.filter(
            status=Terms.Status.APPROVED, expires_at__lt=now + WARNED_AHEAD, source__deleted_at=None
        )
        found = self.within(ending, reach(request)).select_related("source").defer(*LONG_TEXTS)
        rows, figure = look_at(found.order_by("expires_at"))
        lines = [
            NoticeLine(
                str(terms),
                screen_of(self, Source).address(terms.source),
                "expired" if terms.expired_at(now) else say_days_left(terms.expires_at or now, now=now),
            )
            for terms in rows
        ]
        if not lines:
            return []
        url = f"{screen_of(self, Source).list_address()}?state=expiring"
        return [Notice("Approvals that end soon", figure, url, "warn", lines)]

    @display(description="terms")
    def title(self, terms: Terms) -> str:
        return f"Terms {terms.number}"

    @display(description="status")
    def state(self, terms: Terms) -> str:
        return badge(terms.get_status_display(), TONES[Terms.Status(terms.status)])

    @display(description="approved until")
    def until(self, terms: Terms) -> str:
        return moment(terms.expires_at)

    @display(description="states")
    def states_shown(self, terms: Terms) -> str:
        return listed(terms.states, "any")

    @display(description="products")
    def products_shown(self, terms: Terms) -> str:
        return listed(terms.products, "any")

    @display(description="submitted")
    def submitted(self, terms: Terms) -> str:
        return moment(terms.submitted_at)

    @display(description="submitted by")
    def requester(self, terms: Terms) -> str:
        return name_actor(terms.submitted_by) if terms.submitted_by else NOTHING

    @display(description="created")
    def created(self, terms: Terms) -> str:
        return moment(terms.created_at)

    @display(description="created by")
    def author(self, terms: Terms) -> str:
        return name_actor(terms.created_by)

    @display(description="decisions")
    def decisions(self, terms: Terms) -> str:
        screen = screen_of(self, Review)
        rows = (
            (
                screen.address(review),
                show_decision(review),
                name_actor(review.by),
                moment(review.at),
                review.reason,
            )
            for review in terms.reviews.order_by("id")
        )
        return format_html_join("", '<p><a href="{}">{}</a> by {} on {}: {}</p>', rows) or NOTHING
