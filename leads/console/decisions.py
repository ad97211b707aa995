"""Releasing and refusing held leads, one by one or many at a time, with a preview before anything is done."""

from collections.abc import Callable, Sequence

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import listed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.do_not_contact import closed_for, say_closed
from leads.lifecycle import LifecycleError, refuse_lead, release_lead
from leads.models import Lead
from leads.pages.wording import title_of

Verb = Callable[..., None]


def release(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    return decide_one(screen, request, lead, release_lead, release_preview([lead]), f"{lead} is released.")


def refuse(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    return decide_one(screen, request, lead, refuse_lead, refuse_preview([lead]), f"{lead} is refused.")


def release_many(screen: ScopedAdmin, request: HttpRequest, chosen: QuerySet[Lead]) -> HttpResponse:
    leads = decidable(request, chosen)
    return decide_many(screen, request, leads, release_lead, release_preview(leads), "release_held")


def refuse_many(screen: ScopedAdmin, request: HttpRequest, chosen: QuerySet[Lead]) -> HttpResponse:
    leads = decidable(request, chosen)
    return decide_many(screen, request, leads, refuse_lead, refuse_preview(leads), "refuse_held")


def decidable(request: HttpRequest, chosen: QuerySet[Lead]) -> list[Lead]:
    """Of the chosen leads those that are held, in businesses where the person may decide."""
    held = chosen.filter(status=Lead.Status.AUDIT, business_id__in=reach(request, Deed.DECIDE_HELD))
    return list(held.select_related("conversation").order_by("id"))


def release_preview(leads: Sequence[Lead]) -> Preview:
    return Preview(
        "Release held leads" if len(leads) != 1 else f"Release {leads[0]}",
        "Release",
        [f"{count(leads)} accepted: from now on to be contacted, and in the inbox.", *warn(leads)],
        rows=[describe(lead) for lead in leads],
    )


def refuse_preview(leads: Sequence[Lead]) -> Preview:
    return Preview(
        "Refuse held leads" if len(leads) != 1 else f"Refuse {leads[0]}",
        "Refuse",
        [f"{count(leads)} refused for good. Nobody contacts the person; the record stays."],
        rows=[describe(lead) for lead in leads],
        grave=True,
    )


def count(leads: Sequence[Lead]) -> str:
    return "1 held lead becomes" if len(leads) == 1 else f"{len(leads)} held leads become"


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


def decide_one(
    screen: ScopedAdmin, request: HttpRequest, lead: Lead, verb: Verb, preview: Preview, done: str
) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        verb(lead, by=person(request).public_id, reason=form.cleaned_data["reason"], now=timezone.now())
        return done

    return ask_first(screen, request, form, preview, act=act, back=screen.address(lead), obj=lead)


def decide_many(
    screen: ScopedAdmin, request: HttpRequest, leads: list[Lead], verb: Verb, preview: Preview, action: str
) -> HttpResponse:
    """The list posts here twice: first what was chosen, then the same with a reason."""
    form = ReasonForm(request.POST if "reason" in request.POST else None)

    def act() -> str:
        decided = [lead for lead in leads if carry_out(verb, lead, request, form.cleaned_data["reason"])]
        return f"{len(decided)} of {len(leads)} leads decided."

    hidden = [("action", action), *((ACTION_CHECKBOX_NAME, str(lead.pk)) for lead in leads)]
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address(), hidden=hidden)


def carry_out(verb: Verb, lead: Lead, request: HttpRequest, reason: str) -> bool:
    """False where somebody else decided since the preview was shown."""
    try:
        verb(lead, by=person(request).public_id, reason=reason, now=timezone.now())
    except LifecycleError:
        return False
    return True
