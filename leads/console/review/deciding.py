"""A decision on terms: what is asked of the reviewer, who may decide, and which verb each answer calls."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin
from leads.console.review.sight import Basis
from sources.approval import approve_terms, refuse_terms, request_changes
from sources.decisions import ApprovalError, keep_separate
from sources.models import Review, Terms

Decision = Review.Decision
CHOICES = (
    (Decision.APPROVED, "Approve"),
    (Decision.CHANGES_REQUESTED, "Ask for changes"),
    (Decision.REFUSED, "Refuse"),
)
DONE = {
    Decision.APPROVED: "{} are in force.",
    Decision.CHANGES_REQUESTED: "{} went back with what must change.",
    Decision.REFUSED: "{} are refused.",
}
# Anybody could sit at a screen that was left alone; what was written so far stays in the form.
NOT_KNOWN = "You signed in a while ago. Confirm that it is still you, then press the button again."


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=CHOICES, widget=forms.RadioSelect, error_messages={"required": "Choose one of the three."}
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="What you looked at and why. Kept for good, with your name and all that this page shows.",
    )
    conditions = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="What must stay so for the approval to hold. Shown wherever the terms are.",
    )
    expires_on = forms.DateField(
        label="Approved until",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day, in UTC; intake stops at its end. Empty means without end.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_expires_on(self) -> date | None:
        chosen: date | None = self.cleaned_data["expires_on"]
        if chosen and chosen < timezone.now().date():
            raise forms.ValidationError("This day is over.")
        return chosen

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if fields.get("decision") not in {None, "", Decision.APPROVED.value}:
            fields |= {"conditions": "", "expires_on": None}
        return fields


def end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(23, 59, 59), UTC) if day else None


def decide(terms: Terms, fields: Mapping[str, Any], basis: Basis, *, by: str, now: datetime) -> str:
    """Carries out what the form says; the sentence for the page that follows."""
    decision = Decision(fields["decision"])
    said: dict[str, Any] = {"by": by, "reason": fields["reason"], "now": now}
    page: dict[str, Any] = {"seen": basis.seen, "shown": basis.shown}
    if decision is Decision.APPROVED:
        granted = {"conditions": fields["conditions"], "expires_at": end_of(fields["expires_on"])}
        approve_terms(terms, **said, **page, **granted)
    elif decision is Decision.CHANGES_REQUESTED:
        request_changes(terms, **said, **page)
    else:
        refuse_terms(terms, **said, **page)
    return DONE[decision].format(terms)


def why_not(screen: ScopedAdmin, request: HttpRequest, terms: Terms) -> str:
    """Why this person cannot decide on these terms now; empty where nothing is in the way."""
    if terms.source.deleted_at:
        return "The source is deleted, so there is nothing to decide."
    if terms.status != Terms.Status.SUBMITTED:
        return f"These terms do not wait for a decision: {terms.get_status_display().lower()}."
    if not screen.reaches(request, terms, Deed.APPROVE_TERMS):
        return "You may look at this; an owner or somebody from compliance decides."
    try:
        keep_separate(terms, person(request).public_id)
    except ApprovalError as refusal:
        return str(refusal)
    return ""
