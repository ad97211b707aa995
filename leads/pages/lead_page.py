"""The page of one lead, and the decision about one that is held."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from leadping.accounts.roles import Deed
from leads.deciding import Choice, choices_for, waiting_override
from leads.deciding import decide as carry_out
from leads.lifecycle import LifecycleError
from leads.models import Lead
from leads.pages.access import MemberRequest, for_members
from leads.pages.story import read_story
from leads.pages.story_rows import with_surroundings

# What can be decided without leaving the workspace; the audit queue has all there is.
HERE = (Choice.RELEASE, Choice.ASK, Choice.REFUSE)
BUTTONS = {
    Choice.RELEASE: ("Release", "primary"),
    Choice.ASK: ("Ask a second person to release", "primary"),
    Choice.REFUSE: ("Refuse for good", "bad"),
}


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Stays with the lead for good.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why; whoever asks later finds it here."},
    )
    decision = forms.ChoiceField(choices=[(choice, choice.value) for choice in HERE])


@for_members
@require_safe
def lead_page(request: MemberRequest, public_id: str) -> HttpResponse:
    return show(request, find_lead(request, public_id), DecisionForm())


@for_members
@require_POST
def decide(request: MemberRequest, public_id: str) -> HttpResponse:
    lead = find_lead(request, public_id)
    if not may_decide(request, lead):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return show(request, lead, form)
    choice, reason = Choice(form.cleaned_data["decision"]), form.cleaned_data["reason"]
    try:
        done = carry_out(lead, choice, by=request.user.public_id, reason=reason, now=timezone.now())
    except LifecycleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("workspace:lead", lead.public_id)


def find_lead(request: MemberRequest, public_id: str) -> Lead:
    """Raises Http404, for another business's lead as for none."""
    scope = Lead.named(public_id).filter(business__in=request.user.businesses())
    lead = with_surroundings(scope).first()
    if lead is None:
        raise Http404
    return lead


def may_decide(request: MemberRequest, lead: Lead) -> bool:
    return request.user.may(Deed.DECIDE_HELD, lead.business)


def show(request: MemberRequest, lead: Lead, form: DecisionForm) -> HttpResponse:
    held = lead.status == Lead.Status.AUDIT
    deeds = request.user.deeds_in(lead.business)
    may_decide = held and Deed.DECIDE_HELD in deeds
    waiting = waiting_override(lead) if may_decide else None
    choices = choices_for(lead, waiting, by=request.user.public_id) if may_decide else []
    context = {
        "story": read_story(
            lead, now=timezone.now(), readable=[lead.business_id] if Deed.READ_MATTERS in deeds else ()
        ),
        "form": form,
        "held": held,
        "may_decide": may_decide,
        "waits_for_second": waiting is not None,
        "asks_second": Choice.ASK in choices,
        "buttons": [(choice.value, *BUTTONS[choice]) for choice in choices if choice in BUTTONS],
        "may_export": Deed.EXPORT in deeds,
        "may_complain": Deed.RECORD_COMPLAINTS in deeds,
    }
    return render(request, "workspace/lead.html", context, status=400 if form.errors else 200)
