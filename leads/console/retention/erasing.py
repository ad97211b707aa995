"""Erasing a person: looked for first, shown what is found and what stays, then erased with a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.accounts.roles import Deed
from leadping.console.display import listed
from leadping.console.reach import person, reach
from leadping.console.reasons import reason_field
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.console.retention.about import PersonForm
from leads.models import Lead
from leads.retention.finding import Found, find_person
from leads.retention.people import Person
from leads.retention.requests import ErasureError, erase_person, say_why_not

SHOWN = 20
STAYS = (
    "What proves the consent stays, and names nobody: the hash of what was sent, codes of what was checked, "
    "the certificate's reference and what TrustedForm found, terms, times, source and decisions.",
    "Whoever is suppressed stays suppressed, by a hash. Should they come again, they are a new lead.",
    "It cannot be undone. Dossiers and exports that were taken before are files elsewhere: see to them too.",
)


class ReasonForm(forms.Form):
    reason = reason_field(
        help_text="How and when they asked, such as the number of your ticket. Kept for good, so name nobody."
    )


def erase(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    """The page posts to itself twice: whom to look for, then the same with a reason."""
    form = PersonForm(entered(request), businesses=reach(request, Deed.ERASE))

    def act() -> HttpResponse:
        return ask(screen, request, form.cleaned_data["business"], form.person)

    preview = Preview(
        "Erase a person",
        "Look for them",
        ["First you are shown what names them in this business. Nothing is erased before you say so."],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address())


def ask(screen: ScopedAdmin, request: HttpRequest, business: Business, who: Person) -> HttpResponse:
    found = find_person(business.pk, who)
    if why := say_why_not(found):
        raise_for(found, why)
    form = ReasonForm(request.POST if "reason" in request.POST else None)

    def act() -> HttpResponse:
        by, reason = person(request).public_id, form.cleaned_data["reason"]
        erasure = erase_person(business, who, by=by, reason=reason, now=timezone.now())
        return redirect(screen.address(erasure))

    hidden = [("business", str(business.pk)), ("phone", who.phone), ("email", who.email)]
    return ask_first(
        screen, request, form, describe(found), act=act, back=screen.list_address(), hidden=hidden
    )


def raise_for(found: Found, why: str) -> None:
    earlier = [f"{one.at:%-d %b %Y}" for one in found.earlier]
    raise ErasureError(f"{why} They were erased here on {listed(earlier)}." if earlier else why)


def describe(found: Found) -> Preview:
    return Preview(
        f"Erase {found.person}",
        "Erase for good",
        [*say_found(found), *say_aside(found), *STAYS],
        rows=say_leads(found.leads),
        grave=True,
    )


def say_found(found: Found) -> list[str]:
    requests = len(found.requests) + len(found.nameless)
    told = [
        many(len(found.leads), "lead"),
        many(requests, "request"),
        many(found.checks, "answer of TrustedForm", "answers of TrustedForm"),
        many(len(found.complaints), "complaint"),
        many(len(found.waiting) + len(found.lists), "uploaded file, with everybody in it", "uploaded files"),
        many(found.suppressed, "entry of the suppression list", "entries of the suppression list"),
    ]
    held = sum(lead.status == Lead.Status.AUDIT for lead in found.leads)
    said = [f"Erased will be what names them in {listed(filter(None, told))}."]
    return [*said, f"{many(held, 'lead')} still held will be refused."] if held else said


def say_aside(found: Found) -> list[str]:
    """What the person at the screen has to think of."""
    said = []
    if found.others:
        said.append(
            f"These leads also carry {listed(found.others)}. More may stand under that: look for it as well."
        )
    if found.mentions:
        said.append(
            f"Reasons in the log mention them {found.mentions} times. The log cannot be changed by anybody."
        )
    if found.earlier:
        said.append(f"They were erased before, on {found.earlier[-1].at:%-d %b %Y}, and came again.")
    return said


def say_leads(leads: Sequence[Lead]) -> list[str]:
    lines = [
        f"{lead} · {' · '.join(filter(None, [lead.phone, lead.email]))} · {lead.get_status_display()}, "
        f"{lead.created_at:%-d %b %Y}, {lead.source}"
        for lead in leads[:SHOWN]
    ]
    return [*lines, f"and {len(leads) - SHOWN} more"] if len(leads) > SHOWN else lines


def many(count: int, one: str, more: str = "") -> str:
    if not count:
        return ""
    return f"1 {one}" if count == 1 else f"{count:,} {more or one + 's'}"


# As an erasure counts them.
ONE = {
    **{"leads": "lead", "requests": "request", "complaints": "complaint", "files": "uploaded file"},
    **{"checks": "answer of TrustedForm", "evidence": "piece of other evidence"},
    **{"retained": "certificate to retain", "conversations": "conversation"},
    "suppressions": "entry of the suppression list",
}
MANY = {
    **{"checks": "answers of TrustedForm", "evidence": "pieces of other evidence"},
    **{"retained": "certificates to retain", "suppressions": "entries of the suppression list"},
}


def say_counts(counts: dict[str, Any]) -> str:
    return listed(many(count, ONE.get(kind, kind), MANY.get(kind, "")) for kind, count in counts.items())
