"""The screen of imports: each is its own history, with what can be done next."""

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badge
from leadping.console.file_imports import FileImportScreen
from leadping.console.history import name_actor
from leadping.console.notices import Notice
from leadping.console.progress import Progress
from leadping.console.scoped import Step
from leadping.file_imports import LEFT_OUT
from leadping.moments import say_moment
from leads.console.filters import SourceFilter
from leads.console.imports import findings, mapping, stages, uploading
from leads.importing.course import ends_at
from leads.importing.mapping import EXTRA
from leads.importing.undoing import count_standing
from leads.models import Import, Submission
from leads.pages.wording import OUTCOMES, title_of

Status = Import.Status
TONES: dict[str, str] = {
    Status.UPLOADED: "",
    Status.CHECKING: "accent",
    Status.CHECKED: "accent",
    Status.IMPORTING: "accent",
    Status.IMPORTED: "good",
    Status.UNDOING: "warn",
    Status.UNDONE: "warn",
    Status.FAILED: "bad",
}
RUNNING = {Status.CHECKING, Status.IMPORTING, Status.UNDOING}
# What stands in no page and is as long as the file.
LONG = ("content", "findings")
BRING = (Deed.IMPORT_LEADS,)


class ImportAdmin(FileImportScreen):
    tones = TONES
    deed = Deed.IMPORT_LEADS
    steps = {
        "mapping": Step(mapping.show, BRING),
        "take_in": Step(stages.take_in, BRING),
        "stop": Step(stages.stop, BRING),
        "undo": Step(stages.undo, BRING),
        "forget": Step(stages.forget, BRING),
        "findings": Step(findings.show, (Deed.READ,)),
        "findings_csv": Step(findings.download, (Deed.EXPORT,)),
        "rows_csv": Step(findings.download_rows, BRING),
    }
    change_form_template = "admin/imports/import.html"
    list_display = ("file", "status_shown", "source", "rows_shown", "outcomes_shown", "uploaded", "by")
    list_select_related = ("source",)
    list_filter = ("status", SourceFilter)
    search_fields = ("name", "source__name")
    search_help_text = "Name of the file or of the source, or any prefixed id."
    adds = "Import a file"
    none_yet = "No file was imported yet. Each is mapped and checked before any lead is stored."
    fields = (
        *("source", "status_shown", "rows_shown", "uploaded", "by", "imported_shown", "undone_shown"),
        *("sha256_shown", "public_id_shown"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("source__settings").defer(*LONG)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return uploading.upload(self, request)

    def panels(self, request: HttpRequest, obj: Import) -> dict[str, Any]:
        query = {"import": obj.public_id}
        return {
            "badges": badge(obj.get_status_display(), TONES[Status(obj.status)]),
            "at_work": Progress(obj.done, obj.rows, "rows") if obj.status in RUNNING else None,
            "checked_only": obj.started_at is None,
            "next": next_step(obj),
            "can_undo": can_undo(obj),
            "can_forget": can_forget(obj),
            "warnings": self.warnings(obj),
            "outcomes": list(say_outcomes(obj)),
            "codes": [(one, title_of(one), count) for one, count in findings.ranked(obj.codes)],
            "columns": [(heading, say_field(obj.columns[heading])) for heading in self.mapped(obj)],
            "submissions_address": reverse("console:leads_submission_changelist", query=query),
            "leads_address": reverse("console:leads_lead_changelist", query=query),
            "undo_until": ends_at(obj) if obj.started_at else None,
        }

    def mapped(self, obj: Import) -> list[str]:
        return [heading for heading in obj.headings if heading in obj.columns]

    def warnings(self, obj: Import) -> list[str]:
        """What is worth knowing before rows are taken in."""
        if obj.started_at or obj.status not in {Status.UPLOADED, Status.CHECKED}:
            return []
        return [*mapping.warn_of_twins(obj), *mapping.warn_of_source(obj)]

    def notices(self, request: HttpRequest) -> list[Notice]:
        return []

    @display(description="outcome")
    def outcomes_shown(self, imported: Import) -> str:
        if imported.status not in {Status.IMPORTED, Status.UNDONE}:
            return NOTHING
        return ", ".join(f"{count:,} {text.lower()}" for text, _, count in say_outcomes(imported)) or NOTHING

    @display(description="imported")
    def imported_shown(self, imported: Import) -> str:
        return say_deed(
            imported.finished_at or imported.started_at, imported.imported_by, imported.imported_reason
        )

    @display(description="undone")
    def undone_shown(self, imported: Import) -> str:
        return say_deed(imported.undone_at, imported.undone_by, imported.undone_reason)


def say_deed(at: Any, by: str, reason: str) -> str:
    if at is None or not by:
        return NOTHING
    return f"{say_moment(at)} by {name_actor(by)}: {reason}"


def say_outcomes(imported: Import) -> Any:
    """Worded, with their tone and number of rows, in the order of the glossary."""
    for outcome in Submission.Outcome:
        if count := imported.outcomes.get(outcome.value, 0):
            worded = OUTCOMES[outcome]
            yield worded.text, worded.tone, count


def say_field(field: str) -> str:
    return {EXTRA: "kept as extra", LEFT_OUT: "left out"}.get(field, field)


def next_step(imported: Import) -> tuple[str, str]:
    """The step that leads on, with its button, if there is one."""
    if imported.status in {Status.CHECKING, Status.IMPORTING}:
        return "stop", "Stop"
    if imported.status == Status.CHECKED:
        return "take_in", "Import …"
    if imported.status == Status.FAILED and imported.started_at and not imported.undone_by:
        return "take_in", "Go on importing …"
    if imported.status == Status.UPLOADED:
        return "mapping", "Map the columns"
    return "", ""


def can_undo(imported: Import) -> bool:
    if not imported.started_at or imported.status in RUNNING:
        return False
    if imported.status == Status.UNDONE and not count_standing(imported):
        return False
    return timezone.now() <= ends_at(imported)


def can_forget(imported: Import) -> bool:
    return imported.started_at is None and imported.status in {Status.UPLOADED, Status.CHECKED}
