"""The later steps: take the rows in, stop, undo, give up. Each with a preview and a reason."""

from collections import Counter
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leadping.moments import say_moment
from leads.console.imports.mapping import warn_of_source, warn_of_twins
from leads.importing.course import ends_at, start_import, stop_import
from leads.importing.undoing import count_standing, worked_with
from leads.models import Import, Lead, Submission
from leads.pages.wording import LEAD_STATUSES
from leads.retention.giving_up import give_up_file, undo_file

# More names than these nobody reads.
NAMED = 100


def take_in(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    form = ReasonForm(entered(request))
    preview = Preview(f"Import {imported}", "Import", list(foretell(imported)))
    return act_on(screen, request, imported, form, preview, start_import, "The rows are being taken in.")


def foretell(imported: Import) -> list[str]:
    told = {outcome.value: imported.outcomes.get(outcome.value, 0) for outcome in Submission.Outcome}
    sentences = [
        f"{rows(told['accepted'])} accepted, unless TrustedForm finds fault: to be contacted at once.",
        f"{rows(told['audit'])} held, {told['duplicate']:,} kept as duplicates, {told['refused']:,} refused.",
    ]
    if told["replayed"]:
        sentences.append(f"{rows(told['replayed'])} known already, and bring nothing new.")
    if imported.started_at:
        sentences = ["Rows that were taken in already are left out; the others follow."]
    return [
        *sentences,
        "TrustedForm is asked now about each row whose terms require it; each question may be billed.",
        "Each row leaves a submission with your name and reason, whatever becomes of it.",
        *warn_of_twins(imported),
        *warn_of_source(imported),
    ]


def rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def stop(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    form = ReasonForm(entered(request))
    said = ["The rows at hand are finished. What was taken in stays until you undo it; you can also go on."]
    preview = Preview(f"Stop {imported}", "Stop", said, grave=True)
    return act_on(screen, request, imported, form, preview, stop_import, "It is stopped.")


def forget(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    form = ReasonForm(entered(request))
    said = ["The file's text is deleted, and it can no longer be imported. What is known of it stays."]
    preview = Preview(f"Give up {imported}", "Delete the file", said, grave=True)
    return act_on(screen, request, imported, form, preview, give_up_file, "The file is deleted.")


class UndoForm(ReasonForm):
    worked = forms.BooleanField(
        required=False,
        label="Withdraw also the leads that somebody worked with",
        help_text="Those that were released or refused by a person, or that a complaint is about.",
    )
    field_order = ("worked", "reason")


def say_status(status: str) -> str:
    return LEAD_STATUSES[Lead.Status(status)].text


def undo(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    form = UndoForm(entered(request))
    chosen = worked_with(imported)
    named = list(Lead.objects.filter(pk__in=list(chosen)[:NAMED]).order_by("id"))
    kept = Counter(Lead.objects.filter(pk__in=chosen).values_list("status", flat=True))
    sentences = [
        *(
            f"{count - kept[status]:,} leads, now {say_status(status).lower()}, become withdrawn."
            for status, count in count_standing(imported).items()
            if count > kept[status]
        ),
        "The leads stay on record, leave the inbox, and nobody contacts the people.",
        "They count no more as duplicates nor for the caps, and the mended file can be imported.",
    ]
    if chosen:
        sentences.append(f"Worked with since: {len(chosen):,}. They stay as they are, unless you say so.")
    lines = [f"{lead} · {say_status(lead.status)} · {lead.public_id}" for lead in named]
    if imported.started_at:
        sentences.append(f"It can be undone until {say_moment(ends_at(imported))}.")
    preview = Preview(f"Undo {imported}", "Undo the import", sentences, rows=lines, grave=True)

    def withdraw(one: Import, **said: object) -> None:
        undo_file(one, worked=form.cleaned_data["worked"], **said)  # type: ignore[arg-type]

    return act_on(screen, request, imported, form, preview, withdraw, "The import is being undone.")


def act_on(
    screen: ScopedAdmin,
    request: HttpRequest,
    imported: Import,
    form: forms.Form,
    preview: Preview,
    verb: Callable[..., None],
    done: str,
) -> HttpResponse:
    def act() -> str:
        said = {"by": person(request).public_id, "reason": form.cleaned_data["reason"]}
        verb(imported, now=timezone.now(), **said)
        return done

    return ask_first(screen, request, form, preview, act=act, back=screen.address(imported), obj=imported)
