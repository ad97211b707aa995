"""Deciding on many terms with one reason, after a page that lists each with its difference."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.reauthentication import (
    address_to_confirm,
    confirm_identity,
    recently_authenticated,
)
from leadping.console.reach import person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import leave
from leadping.verbs import VerbError
from leads.console.review.deciding import NOT_KNOWN, decide, why_not
from leads.console.review.sight import Sight, look_at, unseal
from sources.models import Review, Terms

ACTIONS = {
    "approve": (Review.Decision.APPROVED, "Approve"),
    "changes": (Review.Decision.CHANGES_REQUESTED, "Ask for changes"),
}
# More differences at a time nobody reads.
MOST = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the chosen. `refusal` says why it is left out; `sealed` is what the page showed of it."""

    terms: Terms
    refusal: str
    sight: Sight | None = None
    sealed: str = ""


def decide_many(screen: ScopedAdmin, request: HttpRequest, decidable: QuerySet[Terms]) -> HttpResponse:
    """The queue posts here twice: first what was chosen, then the same with a reason."""
    chosen, known = find_chosen(request, decidable), recently_authenticated(request)
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if not known and not form.is_bound:
        return confirm_identity(request)
    back = reverse("console:sources_terms_queue")
    if form.is_bound and not known:
        form.add_error(None, NOT_KNOWN)
    elif form.is_bound and form.is_valid():
        return leave(request, carry_out(screen, request, chosen, form.cleaned_data["reason"]), back)
    decision, button = ACTIONS[request.POST["action"]]
    candidates = [consider(screen, request, terms) for terms in chosen]
    context = {
        **screen.admin_site.each_context(request),
        "title": f"{button}: {len(chosen)} sources" if len(chosen) != 1 else f"{button}: {chosen[0].source}",
        "opts": screen.opts,
        "candidates": candidates,
        "decided": [one for one in candidates if not one.refusal],
        "approves": decision is Review.Decision.APPROVED,
        "button": button,
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
        "most": MOST,
        "form": form,
        "confirm": "" if known else address_to_confirm(request),
        "back": back,
    }
    return TemplateResponse(request, "admin/sources/review_many.html", context)


def find_chosen(request: HttpRequest, decidable: QuerySet[Terms]) -> list[Terms]:
    ids = request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST]
    try:
        return list(decidable.filter(pk__in=ids).select_related("source__terms_in_force", "business"))
    except (ValidationError, ValueError):
        return []


def consider(screen: ScopedAdmin, request: HttpRequest, terms: Terms) -> Candidate:
    if refusal := why_not(screen, request, terms):
        return Candidate(terms, refusal)
    sight = look_at(terms, now=timezone.now())
    return Candidate(terms, "", sight, sight.sealed())


def carry_out(screen: ScopedAdmin, request: HttpRequest, chosen: list[Terms], reason: str) -> str:
    """How many were decided on; what changed since the preview is left as it waits."""
    decision, _ = ACTIONS[request.POST["action"]]
    fields: dict[str, Any] = {"decision": decision, "reason": reason, "conditions": "", "expires_on": None}
    done = 0
    for terms in chosen:
        try:
            basis = unseal(request.POST.get(f"seen-{terms.pk}", ""))
            decide(terms, fields, basis, by=person(request).public_id, now=timezone.now())
        except VerbError:
            continue
        done += 1
    return f"{done} of {len(chosen)} decided." + (
        " The others changed meanwhile." if done < len(chosen) else ""
    )
