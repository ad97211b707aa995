"""The screen of suppression lists with the two steps that legal holds have a say in."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance.models import SuppressionImport
from compliance.suppression.console.importing import undo
from compliance.suppression.console.imports import BRING, SuppressionImportAdmin
from leadping.console.reach import person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin, Step
from leadping.console.steps import Preview, ask_first, entered
from leads.retention.giving_up import give_up_list, undo_list


def forget(screen: ScopedAdmin, request: HttpRequest, imported: SuppressionImport) -> HttpResponse:
    form = ReasonForm(entered(request))
    said = ["The file's text is deleted, and it can no longer be imported. What is known of it stays."]
    preview = Preview(f"Give up {imported}", "Delete the file", said, grave=True)

    def act() -> str:
        give_up_list(imported, by=person(request).public_id, now=timezone.now(), **form.cleaned_data)
        return "The file is deleted."

    return ask_first(screen, request, form, preview, act=act, back=screen.address(imported), obj=imported)


class ImportedListAdmin(SuppressionImportAdmin):
    steps = {
        **SuppressionImportAdmin.steps,
        "forget": Step(forget, BRING),
        "undo": Step(partial(undo, verb=undo_list), BRING),
    }
