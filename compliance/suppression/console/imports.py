"""The screen of imported lists: each with what was found in it, and what can be done next."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance.suppression.console import importing
from compliance.suppression.importing.undoing import ends_at
from compliance.suppression.models import Suppression, SuppressionImport
from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badge
from leadping.console.file_imports import FileImportScreen
from leadping.console.history import name_actor
from leadping.console.progress import Progress
from leadping.console.reach import reach
from leadping.console.scoped import Step

Status = SuppressionImport.Status
TONES: dict[str, str] = {
    Status.UPLOADED: "",
    Status.CHECKING: "accent",
    Status.CHECKED: "accent",
    Status.IMPORTING: "accent",
    Status.IMPORTED: "good",
    Status.FAILED: "bad",
    Status.UNDOING: "accent",
    Status.UNDONE: "plain",
}
RUNNING = {Status.CHECKING, Status.IMPORTING, Status.UNDOING}
OVER = {Status.IMPORTED, Status.UNDOING, Status.UNDONE}
BRING = (Deed.RELEASE_SUPPRESSED,)
# What the counts are called before and after the list is taken over.
WORDS = {
    "new": ("New: they would be suppressed", "Suppressed"),
    "known": ("Suppressed already in the same way", "Suppressed already in the same way"),
    "repeated": ("Twice in the file", "Twice in the file"),
    "left_out": ("Left out: released, or erased", "Left out: released, or erased"),
    "unreadable": ("Cannot be read", "Could not be read"),
    "taken_back": ("Released again", "Released again"),
    "kept": ("Kept: demanded otherwise since, or erased", "Kept: demanded otherwise since, or erased"),
}
# More findings than these are in the download.
SHOWN = 100


class SuppressionImportAdmin(FileImportScreen):
    """Giving a file up, which a legal hold may forbid, is added by the room that knows of holds."""

    tones = TONES
    deed = Deed.RELEASE_SUPPRESSED
    steps = {
        "mapping": Step(importing.map_columns, BRING),
        "take_over": Step(importing.take_over, BRING),
        "undo": Step(importing.undo, BRING),
        "findings_csv": Step(importing.download, (Deed.EXPORT,)),
    }
    change_form_template = "admin/suppression/import.html"
    list_display = ("file", "status_shown", "rows_shown", "added", "uploaded", "by")
    list_filter = ("status",)
    search_fields = ("name",)
    search_help_text = "Name of the file, or any prefixed id."
    adds = "Import a list"
    none_yet = "No list was imported yet. Each is mapped and checked before anything is suppressed."
    fields = (
        *("status_shown", "for_whom", "channel_shown", "note", "rows_shown", "uploaded", "by"),
        *("imported_shown", "undone_shown", "sha256_shown", "public_id_shown"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("account")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(reach(request, Deed.RELEASE_SUPPRESSED))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return importing.upload(self, request)

    def panels(self, request: HttpRequest, obj: SuppressionImport) -> dict[str, Any]:
        done = obj.status in OVER
        return {
            "badges": badge(obj.get_status_display(), TONES[Status(obj.status)]),
            "at_work": Progress(obj.done, obj.rows, "rows") if obj.status in RUNNING else None,
            "can_undo": can_undo(obj),
            "foretold": not done,
            "next": next_step(obj),
            "can_forget": obj.status in importing.MAPPABLE and bool(obj.content),
            "counts": [(WORDS[name][done], obj.counts[name]) for name in WORDS if obj.counts.get(name)],
            "findings": obj.findings[:SHOWN],
            "cut": len(obj.findings) > SHOWN,
            "columns": [(one, dict(importing.CHOICES)[holds]) for one, holds in obj.columns.items()],
        }

    @display(description="suppressed")
    def added(self, imported: SuppressionImport) -> str:
        return f"{imported.counts.get('new', 0):,}" if imported.status in OVER else NOTHING

    @display(description="for")
    def for_whom(self, imported: SuppressionImport) -> str:
        return str(imported.account) if imported.account else "The whole business"

    @display(description="phones are suppressed for")
    def channel_shown(self, imported: SuppressionImport) -> str:
        return Suppression.Channel(imported.channel).label

    @display(description="imported")
    def imported_shown(self, imported: SuppressionImport) -> str:
        if imported.imported_at is None:
            return NOTHING
        at = f"{imported.imported_at:%-d %b %Y, %H:%M} UTC"
        return f"{at} by {name_actor(imported.imported_by)}: {imported.imported_reason}"

    @display(description="undone")
    def undone_shown(self, imported: SuppressionImport) -> str:
        if imported.undone_at is None:
            return NOTHING
        at = f"{imported.undone_at:%-d %b %Y, %H:%M} UTC"
        return f"{at} by {name_actor(imported.undone_by)}: {imported.undone_reason}"


def can_undo(imported: SuppressionImport) -> bool:
    added = imported.status in {Status.IMPORTED, Status.FAILED} and imported.imported_by
    return bool(added) and timezone.now() <= ends_at(imported)


def next_step(imported: SuppressionImport) -> str:
    """The step that leads on, if there is one."""
    if imported.status == Status.CHECKED or (imported.status == Status.FAILED and imported.imported_by):
        return "take_over" if imported.content else ""
    return "mapping" if imported.status in importing.MAPPABLE and imported.content else ""
