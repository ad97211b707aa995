"""Deciding on many held leads with one reason, after a preview that lists each with what holds it.

Passing over failed evidence is asked for in bulk and never confirmed so: whoever confirms looks at each.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import listed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first
from leads.deciding import Choice, decide, releasing
from leads.do_not_contact import closed_for, say_closed
from leads.lifecycle import LifecycleError
from leads.models import Lead
from leads.overrides import waits_for_second
from leads.pages.wording import title_of

ACTIONS = {"release_held": Choice.RELEASE, "refuse_held": Choice.REFUSE}
# A longer preview nobody reads.
MOST = 500

Plan = list[tuple[Lead, Choice]]


def decide_many(
    screen: ScopedAdmin, request: HttpRequest, leads: QuerySet[Lead], action: str, *, back: str
) -> HttpResponse:
    """A list posts here twice: first what was chosen, then the same with a reason."""
    plan = plan_for(find_chosen(request, leads), ACTIONS[action])
    if not plan:
        messages.error(request, "None of the chosen leads can be decided on so.")
        return redirect(back)
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    seen = digest_of(plan)
    if form.is_bound and request.POST.get("seen", seen) != seen:
        form.add_error(None, "Some of them changed since you were shown this. Look again, then send it.")

    def act() -> str:
        done = [
            lead for lead, choice in plan if carry_out(lead, choice, request, form.cleaned_data["reason"])
        ]
        return f"{len(done)} of {len(plan)} leads decided."

    hidden = [("action", action), ("seen", seen)]
    hidden += [(ACTION_CHECKBOX_NAME, str(lead.pk)) for lead, _ in plan]
    return ask_first(screen, request, form, preview_of(plan), act=act, back=back, hidden=hidden)


def find_chosen(request: HttpRequest, leads: QuerySet[Lead]) -> list[Lead]:
    """Of the chosen leads those that are held, in businesses where the person may decide."""
    held = leads.filter(status=Lead.Status.AUDIT, business_id__in=reach(request, Deed.DECIDE_HELD))
    try:
        chosen = held.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST])
        return list(chosen.select_related("conversation").order_by("id"))
    except (ValidationError, ValueError):
        return []


def plan_for(leads: Sequence[Lead], choice: Choice) -> Plan:
    """What becomes of each. About what waits for a second person already nothing more is asked."""
    if choice is Choice.REFUSE:
        return [(lead, Choice.REFUSE) for lead in leads]
    waiting = set(
        Lead.objects.filter(waits_for_second(), pk__in=[lead.pk for lead in leads]).values_list(
            "pk", flat=True
        )
    )
    return [(lead, releasing(lead)) for lead in leads if lead.pk not in waiting]


def digest_of(plan: Plan) -> str:
    """Of what a page showed, so that nothing else is decided."""
    told = "".join(f"{lead.pk}{choice}{sorted(lead.held_for)}" for lead, choice in plan)
    return sha256(told.encode()).hexdigest()


def preview_of(plan: Plan) -> Preview:
    released = sum(choice is Choice.RELEASE for _, choice in plan)
    asked = sum(choice is Choice.ASK for _, choice in plan)
    refused = sum(choice is Choice.REFUSE for _, choice in plan)
    sentences = []
    if released:
        sentences.append(f"{count(released)} accepted: from now on to be contacted, and in the inbox.")
        sentences += warn([lead for lead, choice in plan if choice is Choice.RELEASE])
    if asked:
        whose = "1 lead has" if asked == 1 else f"{asked} leads have"
        sentences.append(
            f"{whose} failed evidence, so each stays held until a second person looks at it and confirms."
        )
    if refused:
        sentences.append(f"{count(refused)} refused for good. Nobody contacts the person; the record stays.")
    verb = "Refuse" if refused else "Release"
    title = f"{verb} held leads" if len(plan) != 1 else f"{verb} {plan[0][0]}"
    button = (
        verb if not asked else "Ask a second person" if not released else "Release, or ask a second person"
    )
    rows = [describe(lead) for lead, _ in plan]
    return Preview(title, button, sentences, rows=rows, grave=bool(refused))


def count(leads: int) -> str:
    return "1 held lead becomes" if leads == 1 else f"{leads} held leads become"


def warn(leads: Sequence[Lead]) -> list[str]:
    """Of those who are not to be contacted, which a release does not change."""
    closed = closed_for(leads)
    shut = [f"{lead}: {say_closed(closed[lead.pk]).lower()}" for lead in leads if closed[lead.pk]]
    if not shut:
        return []
    return [
        "On the suppression list, whatever is decided here: " + "; ".join(shut[:10]) + ".",
        "Release the entry there first, if they gave a new consent.",
    ]


def describe(lead: Lead) -> str:
    contact = " · ".join(filter(None, [lead.phone, lead.email]))
    return f"{lead} · {contact}. Held for: {listed(map(title_of, lead.held_for))}"


def carry_out(lead: Lead, choice: Choice, request: HttpRequest, reason: str) -> bool:
    """False where somebody else decided since the preview was shown."""
    by, now = person(request).public_id, timezone.now()
    try:
        decide(lead, choice, by=by, reason=reason, now=now, seen=lead.held_for)
    except LifecycleError:
        return False
    return True
