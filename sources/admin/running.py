"""How a source is run: its settings, pause and resume, and its end."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.reasons import KEPT, ReasonForm, reason_field
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from sources.admin.forms import SettingsForm
from sources.admin.plain_words import label
from sources.lifecycle import (
    change_settings,
    confirm_outreach,
    delete_source,
    pause_source,
    restore_source,
    resume_source,
)
from sources.models import Source, SourceSettings
from sources.recounting import taken_so_far


def change(
    screen: ScopedAdmin,
    request: HttpRequest,
    source: Source,
    *,
    initial: dict[str, Any] | None = None,
    others: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """`initial` is entered already, and not saved; `others` are further buttons of the form."""
    form = SettingsForm(entered(request), instance=source.settings, initial=initial)
    form.say_taken(taken_so_far(source.settings, now=timezone.now()))
    # Whoever is refused has to open the page anew, or would undo what another changed.
    version = request.POST.get("version", "") if form.is_bound else str(source.version)

    def act() -> str:
        changes = dict(form.cleaned_data)
        reason, by = changes.pop("reason"), person(request).public_id
        said = {"by": by, "reason": reason, "version": version}
        change_settings(source.settings, changes, now=timezone.now(), **said)
        return "The settings are in use."

    said = ["They are in use from the next request on."]
    preview = Preview("Change settings", "Save settings", said, others=others)
    hidden = [("version", version)]
    return ask_first(
        screen, request, form, preview, act=act, back=screen.address(source), obj=source, hidden=hidden
    )


def say_setting(name: str) -> str:
    """What the form calls it."""
    text = SettingsForm.base_fields[name].label
    return text[0].upper() + text[1:] if text else label(SourceSettings, name)


def pause(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    preview = Preview(
        f"Pause {source}",
        "Pause",
        [
            "From the next request on the sender is answered 403 with source_paused, and reads your reason.",
            "Owner and support contact get it by email too; name no person of a lead in it.",
            "Terms, settings and keys stay as they are until the source is reopened.",
        ],
        grave=True,
    )
    return decide(screen, request, source, preview, pause_source, f"{source} is paused.")


def resume(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    preview = Preview(
        f"Reopen {source}",
        "Reopen",
        [
            "Leads are taken again from the next request on.",
            "What came before counts towards its thresholds no more, so that the same leads do not pause it "
            "again.",
            "Owner and support contact are told by email.",
        ],
    )
    return decide(screen, request, source, preview, resume_source, f"{source} is no longer paused.")


def delete(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    preview = Preview(
        f"Delete {source}",
        "Delete source",
        [
            "Its keys are revoked at once. Should it be restored, it needs new ones.",
            "It is gone from every choice. Its leads, submissions and history stay, under its name with "
            "“(Deleted)” after it.",
        ],
        grave=True,
    )
    return decide(screen, request, source, preview, delete_source, "The source is deleted.")


def restore(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    preview = Preview(
        f"Restore {source.name}",
        "Restore source",
        [
            "Its terms and settings are in use again as they were when it was deleted.",
            "Its old keys stay revoked: issue a new one before it sends again.",
        ],
    )
    done = f"{source.name} is restored. Issue a key before it sends again."
    return decide(screen, request, source, preview, restore_source, done)


class OutreachForm(forms.Form):
    reason = reason_field(
        label="What is ready",
        help_text=f"Such as the name of the workflow, and who looked at it. {KEPT}",
    )


def ready(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """A person says what no record can show: that somebody is ready to answer the leads."""
    form = OutreachForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        confirm_outreach(source, by=person(request).public_id, reason=reason, now=timezone.now())
        return "It is on record that the first outreach is ready."

    preview = Preview(
        "The first outreach is ready",
        "Yes, it is ready",
        [
            "You looked at the workflow that contacts these leads first, and it can begin with the next one.",
            "This is kept with your name and the time, and ticks the last point of the launch checklist.",
        ],
    )
    return ask_first(
        screen, request, form, preview, act=act, back=screen.address(source, "launch"), obj=source
    )


def decide(
    screen: ScopedAdmin,
    request: HttpRequest,
    source: Source,
    preview: Preview,
    verb: Callable[..., None],
    done: str,
) -> HttpResponse:
    """The page of a verb that wants nothing but a reason."""
    form = ReasonForm(entered(request))

    def act() -> str:
        verb(source, by=person(request).public_id, reason=form.cleaned_data["reason"], now=timezone.now())
        return done

    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)
