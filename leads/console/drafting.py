"""The page on which terms are written: the fields by section, and beside them what intake makes of the
example lead, what differs from the terms in force, and whether that needs a review."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import entered, leave
from leadping.verbs import VerbError
from leads.console.example import Example, judge_example
from leads.console.whatif.asking import latest_tried
from leads.models import Submission
from sources.admin import terms as terms_steps
from sources.admin.difference import Difference, compare_terms
from sources.admin.forms import TermsForm
from sources.admin.terms import start_draft
from sources.approval import draft_terms
from sources.models import Source, Terms
from sources.narrowing import widenings
from sources.versions import content_of, terms_in_the_making


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a draft would do. `wider` says in sentences what it allows beyond the terms in force."""

    example: Example | None
    differences: list[Difference]
    wider: list[str]
    narrows: bool


def look_ahead(source: Source, terms: Terms, *, now: datetime) -> Outlook:
    in_force = source.terms_in_force
    differences = compare_terms(in_force, terms) if in_force else []
    wider = widenings(in_force, content_of(terms)) if in_force else []
    return Outlook(judge_example(source, terms, now=now), differences, wider, bool(differences) and not wider)


def draft(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """Writes the draft and comes back to it, for its example is judged as it is saved."""
    terms = start_draft(source)
    form = TermsForm(entered(request), instance=terms)
    if form.is_bound and form.is_valid():
        try:
            fields = dict(form.cleaned_data)
            note, by = fields.pop("reason"), person(request).public_id
            saved = draft_terms(source, fields, by=by, now=timezone.now(), reason=note)
        except VerbError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_on(screen, request, source, saved)
    return TemplateResponse(request, "admin/sources/draft.html", page(screen, request, source, form))


def submit(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """Says once more what intake makes of the example, should it not take it."""
    making = terms_in_the_making(source)
    example = judge_example(source, making, now=timezone.now()) if making else None
    return terms_steps.submit(screen, request, source, say_faults(example) if example else ())


def say_faults(example: Example) -> list[str]:
    if example.outcome is Submission.Outcome.ACCEPTED:
        return []
    faults = " ".join(line.sentence for line in example.faults)
    return [f"What intake makes of the example: {example.badge.text}. {faults}".strip()]


def go_on(screen: ScopedAdmin, request: HttpRequest, source: Source, saved: Terms) -> HttpResponse:
    if "_try" in request.POST:
        return redirect(screen.address(source, "what_if"))
    if "_submit" in request.POST:
        return redirect(screen.address(source, "submit"))
    return leave(request, f"Terms {saved.number} are saved as a draft.", screen.address(source, "draft"))


def page(screen: ScopedAdmin, request: HttpRequest, source: Source, form: TermsForm) -> dict[str, Any]:
    # What was entered, saved or not, is what the right side judges.
    terms = form.instance
    return {
        **screen.admin_site.each_context(request),
        "title": f"Draft terms {terms.number}" if terms.number else "Draft new terms",
        "opts": screen.opts,
        "original": source,
        "form": form,
        "terms": terms,
        "is_draft": terms.pk is not None and terms.status == Terms.Status.DRAFT and terms.number,
        "in_force": source.terms_in_force,
        "outlook": look_ahead(source, terms, now=timezone.now()),
        "back": screen.address(source),
        "tried": latest_tried(screen, terms),
        "narrow": screen.address(source, "narrow")
        if screen.reaches(request, source, Deed.APPROVE_TERMS)
        else "",
    }
