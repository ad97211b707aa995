"""Asking what if: about the draft of terms, or about settings as they were entered and not saved."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from leadping.console.history import Change
from leadping.console.reach import person, reach
from leadping.console.scoped import ScopedAdmin, screen_of
from leadping.console.steps import Preview, ask_first, entered
from leads.console.display import say_last
from leads.console.whatif.report import say_headline
from leads.models import WhatIf
from leads.whatif.asking import DAYS, ask_settings, ask_terms, changed_settings, is_stale, latest_of_terms
from sources.admin import running
from sources.admin.forms import SettingsForm
from sources.admin.plain_words import say
from sources.decisions import ApprovalError
from sources.lifecycle import clean_settings
from sources.models import Source, Terms
from sources.versions import terms_in_the_making

SALT = "leads.console.whatif"
GOOD_FOR_SECONDS = 12 * 60 * 60
SAME_RULES = "Each lead is judged by what is in force today and by what is tried, and the two are compared."
NOTHING_STORED = (
    "Nothing is changed, and TrustedForm is not asked. Counts and a few ids are kept, with your name."
)


class DaysForm(forms.Form):
    days = forms.TypedChoiceField(
        label="Try it on",
        coerce=int,
        choices=[(days, say_last(days)) for days in DAYS],
        initial=30,
        help_text="The source's submissions of these days; dry runs and repetitions are left out.",
    )


def try_terms(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """The terms in the making, whether a draft or waiting for a decision."""
    form = DaysForm(entered(request))
    terms = terms_in_the_making(source)

    def act() -> HttpResponse:
        if terms is None:
            raise ApprovalError("There is no draft to try. Save one first.")
        trial = ask_terms(terms, form.cleaned_data["days"], by=person(request).public_id, now=timezone.now())
        return show(screen, trial)

    title = f"What if terms {terms.number} were in force?" if terms else "What if"
    preview = Preview(title, "Try it", [SAME_RULES, NOTHING_STORED])
    back = screen.address(source, "draft") if terms else screen.address(source)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=source)


def change_settings(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """The form of the settings, which can also be tried without being saved."""
    if "entered" in request.POST:
        return try_settings(screen, request, source, read_entered(request.POST.get("entered", "")))
    if "_what_if" not in request.POST:
        initial = settings_of(request, source, request.GET.get("what_if", ""))
        return running.change(screen, request, source, initial=initial, others=(("_what_if", "What if …"),))
    form = SettingsForm(request.POST, instance=source.settings)
    form.fields["reason"].required = False
    if not form.is_valid():
        return running.change(screen, request, source, others=(("_what_if", "What if …"),))
    values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    source.settings.refresh_from_db()
    return try_settings(screen, request, source, changed_settings(source.settings, values))


def read_entered(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        return {}
    return found


def settings_of(request: HttpRequest, source: Source, what_if: str) -> dict[str, Any]:
    """What was tried in that what-if of this source, for the form to begin with."""
    own = WhatIf.named(what_if).filter(source=source, business_id__in=reach(request))
    trial = own.first()
    return clean_settings(source.settings, trial.settings) if trial and trial.settings else {}


def try_settings(
    screen: ScopedAdmin, request: HttpRequest, source: Source, changes: Mapping[str, Any]
) -> HttpResponse:
    form = DaysForm(request.POST if "days" in request.POST else None)

    def act() -> HttpResponse:
        days, by = form.cleaned_data["days"], person(request).public_id
        return show(screen, ask_settings(source, changes, days, by=by, now=timezone.now()))

    listed = [
        Change(running.say_setting(name), say(name, getattr(source.settings, name)), say(name, value))
        for name, value in changes.items()
    ]
    consequences = [SAME_RULES, NOTHING_STORED]
    if not changes:
        consequences = ["Nothing differs from the settings in use. Go back and change something first."]
    preview = Preview("What if it were run so?", "Try it", consequences, changes=listed)
    hidden = [("entered", signing.dumps(dict(changes), salt=SALT, compress=True))]
    back = screen.address(source, "settings")
    return ask_first(screen, request, form, preview, act=act, back=back, obj=source, hidden=hidden)


def show(screen: ScopedAdmin, trial: WhatIf) -> HttpResponse:
    return redirect(screen_of(screen, WhatIf).address(trial))


def latest_tried(screen: ScopedAdmin, terms: Terms) -> dict[str, Any] | None:
    """For the pages on which terms are written and decided on; None where they were never tried."""
    trial = latest_of_terms(terms)
    if trial is None:
        return None
    return {
        "address": screen_of(screen, WhatIf).address(trial),
        "headline": say_headline(trial),
        "stale": is_stale(trial),
        "days": trial.days,
        "asked_at": trial.asked_at,
    }
