"""Recording what is held against a source or a lead, closing it, opening it again."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.complaints import OUTCOMES, close_complaint, record_complaint, reopen_complaint
from leads.models import Complaint, Lead
from sources.models import Source

RULE = {
    "off": "Its leads are taken as before meanwhile; its settings can warn of it or hold them.",
    "warn": "While it is open, the source's leads are taken with the warning source_disputed.",
    "hold": "While it is open, the source's new leads are held for a person.",
}
MEANINGS = {
    Complaint.Outcome.UPHELD: "Upheld: it was right",
    Complaint.Outcome.UNFOUNDED: "Unfounded: there was nothing in it, so it counts towards no threshold",
    Complaint.Outcome.SETTLED: "Settled: right or not, all sides are content",
}


class ComplaintForm(forms.Form):
    kind = forms.ChoiceField(
        choices=Complaint.Kind.choices,
        widget=forms.RadioSelect,
        initial=Complaint.Kind.COMPLAINT,
        help_text="A complaint is a person's, a dispute a carrier's, buyer's or regulator's. An opt-out is a "
        "person's wish not to be contacted; it is recorded as honoured at once.",
    )
    raised_by = forms.CharField(
        max_length=200,
        required=False,
        help_text="Who holds it against us: the person, a carrier, a regulator. May stay empty.",
    )
    details = forms.CharField(
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text="What is held against it, as far as possible in their words.",
    )


class LeadComplaintForm(ComplaintForm):
    """About somebody who can be left alone from now on."""

    suppress = forms.BooleanField(
        required=False,
        label="Do not contact this person any more",
        help_text="Puts phone and email on the suppression list of the whole business. An opt-out does that "
        "in any case.",
    )


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[(outcome.value, MEANINGS[outcome]) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
        help_text="What came of it.",
    )
    reason = reason_field()


def complain_of_source(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    return record(screen, request, source, source, None)


def complain_of_lead(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    return record(screen, request, lead, lead.source, lead)


def record(
    screen: ScopedAdmin, request: HttpRequest, obj: Source | Lead, source: Source, lead: Lead | None
) -> HttpResponse:
    form = (LeadComplaintForm if lead else ComplaintForm)(entered(request))

    def act() -> str:
        by, now = person(request).public_id, timezone.now()
        complaint = record_complaint(source, lead=lead, **form.cleaned_data, by=by, now=now)
        kind = Complaint.Kind(complaint.kind).label
        if Source.objects.filter(pk=source.pk, paused_at=now).exists():
            return f"{kind} recorded. With it the source reached its threshold and is paused."
        return f"{kind} recorded."

    about = f"{lead}, a lead of {source}" if lead else str(source)
    preview = Preview(
        f"Record a complaint about {about}",
        "Record",
        [f"It is recorded about {about}, and counts for the source.", RULE[source.settings.dispute_effect]],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(obj), obj=obj)


def close(screen: ScopedAdmin, request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = OutcomeForm(entered(request))

    def act() -> str:
        close_complaint(complaint, **form.cleaned_data, **signed(request))
        return "It is closed."

    preview = Preview(
        f"Close: {complaint}",
        "Close",
        [
            "With the last one that is closed, the source is disputed no more.",
            "Leads that were held meanwhile stay held, each until a person releases or refuses it.",
        ],
    )
    back = screen.address(complaint)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=complaint)


def reopen(screen: ScopedAdmin, request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reopen_complaint(complaint, **form.cleaned_data, **signed(request))
        return "It is open again."

    preview = Preview(
        f"Open again: {complaint}",
        "Open again",
        ["It counts from the day on which it was first opened. Its earlier outcome stays in the history."],
    )
    back = screen.address(complaint)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=complaint)


def signed(request: HttpRequest) -> dict[str, Any]:
    return {"by": person(request).public_id, "now": timezone.now()}
