"""Screens and forms of files that somebody brings in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import display
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString

from leadping.console.display import address, badge, code, moment
from leadping.console.history import name_actor
from leadping.console.progress import ProgressScreen
from leadping.csv_files import FileRow
from leadping.file_imports import LEFT_OUT, FileImport


class FileImportScreen(ProgressScreen):
    """Each file is its own history; it goes on by its steps, and is never changed by hand."""

    # By status.
    tones: ClassVar[Mapping[str, str]]
    ordering = ("-id",)
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="file")
    def file(self, imported: FileImport) -> str:
        return imported.name

    @display(description="status")
    def status_shown(self, imported: FileImport) -> SafeString:
        return badge(imported.get_status_display(), self.tones[imported.status])

    @display(description="rows")
    def rows_shown(self, imported: FileImport) -> str:
        return f"{imported.rows:,}"

    @display(description="uploaded")
    def uploaded(self, imported: FileImport) -> str:
        return moment(imported.created_at)

    @display(description="by")
    def by(self, imported: FileImport) -> str:
        return address(name_actor(imported.created_by))

    @display(description="SHA-256 of the file")
    def sha256_shown(self, imported: FileImport) -> SafeString:
        return code(bytes(imported.sha256).hex())

    @display(description="id")
    def public_id_shown(self, imported: FileImport) -> SafeString:
        return code(imported.public_id)


class MappingForm(forms.Form):
    """A choice for each heading, by its place in the file."""

    choices: ClassVar[Sequence[Any]]
    # What a heading is offered of which nothing is known.
    otherwise: ClassVar[str] = LEFT_OUT

    def __init__(self, data: Any, *, headings: Sequence[str], columns: Mapping[str, str]) -> None:
        super().__init__(data)
        self.headings = headings
        for index, heading in enumerate(headings):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                choices=self.choices,
                required=False,
                label=heading,
                initial=columns.get(heading, self.otherwise),
            )

    def faults(self) -> Iterable[str]:
        """What cannot be right about the columns as they are chosen."""
        return ()

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for fault in self.faults():
                self.add_error(None, fault)
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        """As chosen, or as offered before anybody chose."""
        return {
            heading: self.cleaned_data.get(f"column-{index}", LEFT_OUT)
            if self.is_bound
            else self.fields[f"column-{index}"].initial
            for index, heading in enumerate(self.headings)
        }

    def beside(self, rows: Sequence[FileRow]) -> list[dict[str, Any]]:
        """Each field with what the rows have in its column."""
        return [
            {"field": field, "values": ["" if row.fault else row.cells[index] for row in rows]}
            for index, field in enumerate(self)
        ]
