"""The steps of a file: upload it, say which column holds what, look at what would change, take it over."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from compliance.suppression.console.adding import PHONE_CHANNELS, ScopeForm
from compliance.suppression.importing.course import start_check, start_import, start_undo, upload_file
from compliance.suppression.importing.going_through import rows_of
from compliance.suppression.importing.mapping import (
    ACCOUNT,
    CHANNEL,
    CONTACT,
    EMAIL,
    NOTE,
    PHONE,
    RELEASED,
    find_faults,
    guess_columns,
)
from compliance.suppression.importing.undoing import ends_at, to_keep, to_release
from compliance.suppression.models import SuppressionImport
from compliance.suppression.verbs import LONGEST_NOTE
from leadping.accounts.roles import Deed
from leadping.console.export import export_csv
from leadping.console.file_imports import MappingForm
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered, leave
from leadping.csv_files import MOST_BYTES, MOST_ROWS
from leadping.file_imports import LEFT_OUT, ImportingError
from leadping.moments import say_moment

SHOWN = 5
# More names than these nobody reads.
NAMED = 100
CHOICES = [
    (PHONE, "Phone numbers"),
    (EMAIL, "Email addresses"),
    (CONTACT, "Phones and emails, mixed"),
    (CHANNEL, "The channel of each row: all, call, sms or email"),
    (ACCOUNT, "The account of each row, by name"),
    (NOTE, "The note of each row"),
    (RELEASED, "When it was released; such rows are left out"),
    (LEFT_OUT, "Leave out"),
]
MAPPABLE = {
    SuppressionImport.Status.UPLOADED,
    SuppressionImport.Status.CHECKED,
    SuppressionImport.Status.FAILED,
}


class UploadForm(ScopeForm):
    file = forms.FileField(
        label="CSV file",
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text="UTF-8, with headings in the first row and phones or emails in the rows below; at most "
        f"{MOST_ROWS:,} rows and {MOST_BYTES // 2**20} MiB.",
        error_messages={"empty": "The file is empty. Its first row holds the headings."},
    )
    channel = forms.ChoiceField(
        label="Phones are suppressed for",
        choices=PHONE_CHANNELS,
        help_text="Emails are closed to emails in any case.",
    )
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Where the list is from. It stands in each entry whose row has no note of its own.",
    )
    field_order = ("file", "channel", "note", "business", "account")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is over {MOST_BYTES // 2**20} MiB. Divide it.")
        return file


def upload(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if not reach(request, Deed.RELEASE_SUPPRESSED):
        raise PermissionDenied
    form = UploadForm(entered(request), request.FILES or None)
    form.offer(request, Deed.RELEASE_SUPPRESSED)
    preview = Preview(
        "Import a suppression list",
        "Upload",
        [
            "First you say which column holds what; then the whole file is checked, and nothing is added.",
            "Only after that, when you say so, its contacts are suppressed.",
        ],
    )

    def act() -> HttpResponse:
        fields = form.cleaned_data
        imported = upload_file(
            fields["business"],
            fields["file"].name or "file.csv",
            fields["file"].read(),
            channel=fields["channel"],
            account=fields["account"],
            note=fields["note"],
            by=person(request).public_id,
            now=timezone.now(),
        )
        return redirect(screen.address(imported, "mapping"))

    return ask_first(screen, request, form, preview, act=act, back=screen.list_address())


class ListMapping(MappingForm):
    choices = CHOICES

    def faults(self) -> list[str]:
        return find_faults(self.columns())


def map_columns(screen: ScopedAdmin, request: HttpRequest, imported: SuppressionImport) -> HttpResponse:
    if imported.status not in MAPPABLE or not imported.content:
        messages.error(request, "This file is not to be mapped now.")
        return redirect(screen.address(imported))
    shown = list(islice(rows_of(imported), SHOWN))
    guessed = guess_columns(imported.headings, [row.cells for row in shown if not row.fault])
    form = ListMapping(entered(request), headings=imported.headings, columns=imported.columns or guessed)
    if form.is_bound and form.is_valid():
        try:
            start_check(imported, form.columns(), by=person(request).public_id, now=timezone.now())
        except ImportingError as refusal:
            form.add_error(None, str(refusal))
        else:
            return leave(request, "The whole file is being checked.", screen.address(imported))
    context = {
        **screen.admin_site.each_context(request),
        "title": "Which column holds what",
        "opts": screen.opts,
        "original": imported,
        "back": screen.address(imported),
        "form": form,
        "columns": form.beside(shown),
        "numbers": [row.number for row in shown],
    }
    return TemplateResponse(request, "admin/suppression/mapping.html", context)


def take_over(screen: ScopedAdmin, request: HttpRequest, imported: SuppressionImport) -> HttpResponse:
    form = ReasonForm(entered(request))
    new = imported.counts.get("new", 0)
    sentences = [
        f"{new:,} contacts are put on the list, and nobody contacts them any more.",
        f"It holds for {imported.account or 'the whole business'}.",
        "What is on the list already stays as it is. The import can be undone for a week, and each entry "
        "released with a reason.",
    ]
    preview = Preview(f"Suppress what {imported} holds", "Suppress them", sentences)

    def act() -> str:
        start_import(imported, by=person(request).public_id, now=timezone.now(), **form.cleaned_data)
        return "The contacts are being put on the list."

    return ask_first(screen, request, form, preview, act=act, back=screen.address(imported), obj=imported)


def undo(
    screen: ScopedAdmin,
    request: HttpRequest,
    imported: SuppressionImport,
    *,
    verb: Callable[..., None] = start_undo,
) -> HttpResponse:
    form = ReasonForm(entered(request))
    released, kept = to_release(imported).count(), to_keep(imported)
    sentences = [
        f"{released:,} contacts that this list added are released. Unless another entry stands, they may be "
        "contacted again; your name and reason stay with each of them.",
        "What the list found suppressed already stays as it is, and so does what was released meanwhile. "
        "Leads that are held stay held.",
    ]
    if count := kept.count():
        sentences.append(f"{count:,} stay suppressed: somebody demanded it since, or the person was erased.")
    if imported.imported_by:
        sentences.append(f"It can be undone until {say_moment(ends_at(imported))}.")
    named = [f"{entry}: stays" for entry in kept.order_by("id")[:NAMED]]
    preview = Preview(f"Undo {imported}", "Release them", sentences, rows=named, grave=True)

    def act() -> str:
        verb(imported, by=person(request).public_id, now=timezone.now(), **form.cleaned_data)
        return "The list is being undone."

    return ask_first(screen, request, form, preview, act=act, back=screen.address(imported), obj=imported)


def download(screen: ScopedAdmin, request: HttpRequest, imported: SuppressionImport) -> HttpResponse:
    return export_csv(
        request,
        name="found-in-suppression-list.csv",
        header=("Row", "Column", "What", "Message"),
        rows=[(one["row"], one["heading"], one["what"], one["message"]) for one in imported.findings],
        business_ids=[imported.business_id],
        about=f"what was found in the rows of {imported.public_id}",
    )
