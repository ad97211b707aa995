"""The two pages that every deed shares: say what will happen and ask why; show what is shown only once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from leadping.console.history import Change
from leadping.console.scoped import ScopedAdmin
from leadping.verbs import VerbError


def entered(request: HttpRequest) -> QueryDict | None:
    """What a form is to be bound to; an empty one that was sent is bound as well."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says before the deed. `changes` are shown side by side, `rows` one below the other."""

    title: str
    button: str
    consequences: Sequence[str] = ()
    changes: Sequence[Change] = ()
    rows: Sequence[str] = ()
    # Whether the deed takes something away.
    grave: bool = False
    # Further buttons, as name and text; whoever shows the page looks for them in what is sent.
    others: Sequence[tuple[str, str]] = ()


def ask_first(
    screen: ScopedAdmin,
    request: HttpRequest,
    form: forms.BaseForm,
    preview: Preview,
    *,
    act: Callable[[], str | HttpResponse],
    back: str,
    obj: Any = None,
    hidden: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Shows the preview, and once the form is sent and valid calls `act`.

    `act` gives a sentence for the page that follows, or a page of its own. What it refuses becomes an error
    of the form. `hidden` are further fields that the form's address needs.
    """
    if form.is_bound and form.is_valid():
        try:
            done = act()
        except VerbError as refusal:
            form.add_error(None, str(refusal))
        else:
            return done if isinstance(done, HttpResponse) else leave(request, done, back)
    context = {
        **screen.admin_site.each_context(request),
        "title": preview.title,
        "subtitle": str(obj) if obj else None,
        "opts": screen.opts,
        "original": obj,
        "preview": preview,
        "form": form,
        "back": back,
        "hidden": hidden,
    }
    return TemplateResponse(request, "admin/step.html", context)


def leave(request: HttpRequest, sentence: str, to: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(to)


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """`values` are pairs of label and text; `command` is one to paste into a terminal."""

    title: str
    values: Sequence[tuple[str, str]]
    advice: str
    commands: Sequence[tuple[str, str]] = ()


def show_once(
    screen: ScopedAdmin, request: HttpRequest, shown: ShownOnce, *, onward: str
) -> TemplateResponse:
    """The answer to the POST itself, so that what it shows is stored nowhere."""
    context = {
        **screen.admin_site.each_context(request),
        "title": shown.title,
        "opts": screen.opts,
        "shown": shown,
        "onward": onward,
    }
    return TemplateResponse(request, "admin/shown_once.html", context)
