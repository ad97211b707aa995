"""One held lead with everything that tells for or against it, and the decision beside it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Membership
from leadping.accounts.reauthentication import address_to_confirm, recently_authenticated
from leadping.accounts.roles import ALLOWED, Deed
from leadping.console.history import name_actor
from leadping.console.reach import person, reach
from leadping.console.reasons import reason_field
from leadping.console.scoped import ScopedAdmin, screen_of
from leadping.console.steps import entered, leave
from leadping.moments import ago
from leads.console.audit.held import Wanted, find_next, find_previous
from leads.deciding import Choice, choices_for, decide, waiting_override
from leads.grounds import asks_for_two, evidence_among
from leads.lifecycle import LifecycleError
from leads.models import Lead, Override, Submission
from leads.pages.story import read_story
from leads.pages.story_rows import with_surroundings
from leads.pages.wording import title_of
from sources.admin.plain_words import describe_terms, list_states_of
from sources.models import Source

# As the button says it, and the key that chooses it.
WORDS = {
    Choice.RELEASE: ("Release", "r"),
    Choice.ASK: ("Ask a second person to release", "r"),
    Choice.CONFIRM: ("Confirm and release", "c"),
    Choice.DECLINE: ("Decline, and leave it held", "d"),
    Choice.WITHDRAW: ("Take the request back", "w"),
    Choice.REFUSE: ("Refuse for good", "x"),
    Choice.AGAIN: ("Ask TrustedForm again now", "t"),
}
WITHOUT_CERTIFICATE = "Judge it again now"
# Anybody could sit at a screen that was left alone; what was written so far stays in the form.
NOT_KNOWN = "You signed in a while ago. Confirm that it is still you, then press the button again."


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(error_messages={"required": "Choose one of them."})
    reason = reason_field(help_text="What you looked at and why. Stays with the lead for good.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    override = forms.CharField(widget=forms.HiddenInput, required=False)


def audit(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    lead = with_surroundings(Lead.objects.filter(pk=lead.pk)).get()
    me = person(request).public_id
    may_decide = screen.reaches(request, lead, Deed.DECIDE_HELD)
    waiting = waiting_override(lead)
    choices = choices_for(lead, waiting, by=me) if may_decide else []
    form = DecisionForm(entered(request) if may_decide else None)
    known = Choice.CONFIRM not in choices or recently_authenticated(request)
    form.fields["decision"].choices = [(choice, WORDS[choice][0]) for choice in Choice]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        choice = Choice(form.cleaned_data["decision"])
        if choice is Choice.CONFIRM and not recently_authenticated(request):
            form.add_error(None, NOT_KNOWN)
        elif done := carry_out(request, lead, choice, form):
            return leave_for_next(screen, request, lead, done)
        else:
            # Somebody else was faster, so the page shows how it stands now.
            lead = with_surroundings(Lead.objects.filter(pk=lead.pk)).get()
            waiting = waiting_override(lead)
            choices = choices_for(lead, waiting, by=me)
    context = page(screen, request, lead, waiting) | {
        "form": form,
        "choices": [(choice.value, say(choice, lead), WORDS[choice][1]) for choice in choices],
        "chosen": form.data.get("decision", "") if form.is_bound else "",
        "bills": Choice.AGAIN in choices and lead.certificate_id is not None,
        "may_decide": may_decide,
        "confirm": "" if known else address_to_confirm(request),
    }
    return TemplateResponse(request, "admin/audit/lead.html", context)


def say(choice: Choice, lead: Lead) -> str:
    return WITHOUT_CERTIFICATE if choice is Choice.AGAIN and not lead.certificate_id else WORDS[choice][0]


def carry_out(request: HttpRequest, lead: Lead, choice: Choice, form: DecisionForm) -> str:
    """The sentence for the page that follows, or nothing and an error of the form."""
    fields = form.cleaned_data
    try:
        return decide(
            lead,
            choice,
            by=person(request).public_id,
            reason=fields["reason"],
            now=timezone.now(),
            seen=fields["seen"].split(",") if fields["seen"] else None,
            override=fields["override"],
        )
    except LifecycleError as refusal:
        form.add_error(None, str(refusal))
        return ""


def leave_for_next(screen: ScopedAdmin, request: HttpRequest, lead: Lead, done: str) -> HttpResponse:
    """On to the next of what was looked through."""
    wanted = Wanted.read(request.GET)
    following = find_next(reach(request), wanted, lead.pk)
    if following is None:
        return leave(request, done, reverse("console:leads_lead_queue") + wanted.query())
    return leave(request, f"{lead}: {done}", screen.address(Lead(pk=following), "audit") + wanted.query())


def page(screen: ScopedAdmin, request: HttpRequest, lead: Lead, waiting: Override | None) -> dict[str, Any]:
    now, wanted = timezone.now(), Wanted.read(request.GET)
    businesses = reach(request)
    around = (find_previous(businesses, wanted, lead.pk), find_next(businesses, wanted, lead.pk))
    before, after = (screen.address(Lead(pk=one), "audit") + wanted.query() if one else "" for one in around)
    evidence = evidence_among(lead.held_for)
    submission = lead.submissions.order_by("-id").first()
    return {
        **screen.admin_site.each_context(request),
        "title": f"Held: {lead}",
        "opts": screen.opts,
        "original": lead,
        "lead": lead,
        "story": read_story(lead, now=now),
        "held": lead.status == Lead.Status.AUDIT,
        "held_for": [(title_of(code), code, code in evidence) for code in lead.held_for],
        "waited": ago(lead.created_at, now=now),
        "seen": ",".join(lead.held_for),
        "waiting": waiting,
        "asker": name_actor(waiting.asked_by) if waiting else "",
        "mine": waiting is not None and waiting.asked_by == person(request).public_id,
        "asks_second": bool(evidence) and asks_for_two(lead.business_id),
        "others": name_others(lead, but_for=waiting.asked_by if waiting else person(request).public_id),
        "terms_said": describe_terms(lead.terms),
        "source_states": list_states_of(lead.source, now=now),
        "source_address": screen_of(screen, Source).address(lead.source),
        "submission_address": screen_of(screen, Submission).address(submission) if submission else "",
        "queue_address": reverse("console:leads_lead_queue") + wanted.query(),
        "previous": before,
        "next": after,
    }


def name_others(lead: Lead, *, but_for: str) -> list[str]:
    """Who could be the second person."""
    roles = ALLOWED[Deed.DECIDE_HELD]
    members = Membership.objects.filter(business=lead.business_id, role__in=roles, user__is_active=True)
    users = [member.user for member in members.select_related("user").order_by("user__email")]
    return [str(user) for user in users if user.public_id != but_for]
