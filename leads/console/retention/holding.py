"""Placing and releasing legal holds."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.console.retention.about import PersonForm
from leads.models import Lead, LegalHold
from leads.retention.holds import place_hold, release_hold
from sources.models import Source

MEANS = (
    "Until the hold is released nothing of it is deleted: no period counts, and nobody in it is erased.",
    "It changes nothing else. Leads are taken, contacted and decided on as before.",
)


class HoldForm(PersonForm):
    scope = forms.ChoiceField(
        label="Hold",
        choices=[("person", "A person"), ("business", "Everything of the business")],
        widget=forms.RadioSelect,
        initial="person",
        help_text="A single lead and a source are put on hold from their own pages.",
    )
    reason = reason_field(help_text="The matter that asks for it. Kept for good with your name and the time.")
    field_order = ("business", "scope", "phone", "email", "reason")

    def needs_person(self, fields: dict[str, Any]) -> bool:
        return fields.get("scope") == "person"


def place(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    form = HoldForm(entered(request), businesses=reach(request, Deed.HOLD))

    def act() -> str:
        fields = form.cleaned_data
        on = form.person if fields["scope"] == "person" else None
        place_hold(fields["business"], on=on, reason=fields["reason"], **signed(request))
        return "The hold is placed."

    preview = Preview("Place a legal hold", "Place the hold", MEANS)
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address())


def hold_lead(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    return hold_one(screen, request, lead, f"Hold {lead}")


def hold_source(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    return hold_one(screen, request, source, f"Hold everything of {source}")


def hold_one(screen: ScopedAdmin, request: HttpRequest, obj: Lead | Source, title: str) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        place_hold(obj.business, on=obj, reason=form.cleaned_data["reason"], **signed(request))
        return "The hold is placed."

    preview = Preview(title, "Place the hold", MEANS)
    return ask_first(screen, request, form, preview, act=act, back=screen.address(obj), obj=obj)


def release(screen: ScopedAdmin, request: HttpRequest, hold: LegalHold) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        release_hold(hold, reason=form.cleaned_data["reason"], **signed(request))
        return "The hold is released."

    consequences = [
        "What is due by its period goes in the next night, and people in it can be erased again.",
        "Of a person only a hash stays with the hold.",
    ]
    preview = Preview(f"Release: {hold}", "Release", consequences, grave=True)
    return ask_first(screen, request, form, preview, act=act, back=screen.address(hold), obj=hold)


def signed(request: HttpRequest) -> dict[str, Any]:
    return {"by": person(request).public_id, "now": timezone.now()}
