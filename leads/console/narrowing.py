"""Narrowing: a draft that takes away and adds nothing is put in force at once, by one person, who sees what
goes and what intake makes of the example then."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.console.review.sight import DRAFT_SALT, Sight, look_at, seal_draft, unseal
from sources.admin.difference import as_changes
from sources.admin.terms import start_draft
from sources.approval import narrow_terms
from sources.models import Source
from sources.versions import content_of


def narrow(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = ReasonForm(entered(request))
    sight = look_at(start_draft(source), now=timezone.now())

    def act() -> str:
        return apply(sight, form.cleaned_data["reason"], request.POST, by=person(request).public_id)

    return ask_first(
        screen,
        request,
        form,
        preview(source, sight),
        act=act,
        back=screen.address(source),
        obj=source,
        hidden=[("seen", seal_draft(sight))],
    )


def apply(sight: Sight, reason: str, sent: Mapping[str, Any], *, by: str) -> str:
    basis, fields = unseal(sent.get("seen", ""), salt=DRAFT_SALT), content_of(sight.terms)
    said: dict[str, Any] = {"by": by, "reason": reason, "seen": basis.seen, "shown": basis.shown}
    terms = narrow_terms(sight.terms.source, fields, now=timezone.now(), **said)
    return f"Terms {terms.number} are in force."


def preview(source: Source, sight: Sight) -> Preview:
    wider = " ".join(sight.wider)
    return Preview(
        f"Narrow the terms of {source}",
        "Apply now",
        [
            f"This allows more than before and needs a review. {wider}"
            if wider
            else "Nothing becomes wider, so no review is needed. Intake judges by it from now on.",
            *([f"What intake makes of the example: {sight.example.badge.text}."] if sight.example else []),
            "The decision is kept with your name and reason, like every review.",
        ],
        changes=as_changes(sight.differences),
    )
