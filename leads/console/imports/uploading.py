"""The first step of an import: the source, and the file."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leadping.csv_files import MOST_BYTES, MOST_ROWS
from leads.importing.course import upload_file
from leads.models import Import
from sources.models import Source

TOO_LARGE = f"The file is over {MOST_BYTES // 2**20} MiB. Divide it, and import the parts."


class UploadForm(forms.Form):
    source = forms.ModelChoiceField(
        Source.objects.none(),
        empty_label="Choose a source",
        help_text="The leads count as this source's: its terms, limits and settings judge each row.",
    )
    file = forms.FileField(
        label="CSV file",
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text="UTF-8, with headings in the first row and one lead in each row below; at most "
        f"{MOST_ROWS:,} rows and {MOST_BYTES // 2**20} MiB. Commas, semicolons and tabs are told apart.",
        error_messages={
            "empty": "The file is empty. Its first row holds the headings, the others the leads."
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


def upload(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    form = UploadForm(entered(request), request.FILES or None, initial={"source": asked_for(request)})
    choices: Any = form.fields["source"]
    offered = screen.get_field_queryset(None, Import._meta.get_field("source"), request)
    choices.queryset = offered.filter(deleted_at=None).order_by("name")
    preview = Preview(
        "Import a file",
        "Upload",
        [
            "First you say which column holds what; then the whole file is checked, and no lead is stored.",
            "Only after that, when you say so, the leads are taken in. For seven days you can undo it.",
        ],
    )

    def act() -> HttpResponse:
        file, by = form.cleaned_data["file"], person(request).public_id
        source = form.cleaned_data["source"]
        imported = upload_file(source, file.name or "file.csv", file.read(), by=by, now=timezone.now())
        return redirect(screen.address(imported, "mapping"))

    return ask_first(screen, request, form, preview, act=act, back=screen.list_address())


def asked_for(request: HttpRequest) -> Any:
    """The source from whose page the person comes, if the choices below have it."""
    return Source.named(request.GET.get("source", "")).values_list("pk", flat=True).first()


def begin(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """From the page of a source to the import of a file for it."""
    return redirect(reverse("console:leads_import_add", query={"source": source.public_id}))
