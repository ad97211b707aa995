"""The course of an import: uploaded, mapped and checked, taken in, undone. Each verb takes one step, leaves
an event, and has the worker do what takes long."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leadping.file_imports import ImportingError, announce, change, defer, hold, read_upload
from leads.importing.jobs import check_import, take_import, undo_import
from leads.importing.mapping import find_faults
from leads.importing.undoing import UNDOABLE_FOR
from leads.models import Import
from sources.models import Source

Status = Import.Status


@transaction.atomic
def upload_file(source: Source, name: str, sent: bytes, *, by: str, now: datetime) -> Import:
    """Raises ImportingError with what is wrong with the file as a whole."""
    if source.deleted_at:
        raise ImportingError("This source is deleted. Restore it, or choose another one.")
    imported = Import.objects.create(
        business_id=source.business_id,
        source=source,
        created_at=now,
        created_by=by,
        **read_upload(name, sent),
    )
    announce("import.uploaded", imported, by=by, now=now, rows=imported.rows)
    return imported


def twins_of(imported: Import) -> QuerySet[Import]:
    """Imports of the very same file for the same source that took rows in and were not undone."""
    same = Import.objects.filter(source_id=imported.source_id, sha256=imported.sha256)
    return same.exclude(pk=imported.pk).exclude(started_at=None).exclude(status=Status.UNDONE).order_by("-id")


@transaction.atomic
def start_check(imported: Import, columns: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Saves the mapping and has every row judged by it."""
    stored = hold(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    if stored.started_at:
        raise ImportingError("Rows of this file were taken in already. Go on with it, or undo it.")
    if not stored.content:
        raise ImportingError("The file is no longer kept. Upload it again.")
    if faults := find_faults(stored.headings, columns):
        raise ImportingError(" ".join(faults))
    change(
        imported,
        **{"status": Status.CHECKING, "columns": dict(columns), "done": 0, "failure": ""},
        **{"outcomes": {}, "codes": {}, "faults": [], "findings": ""},
    )
    # The file's own headings stay out of the log, which is for good.
    announce("import.mapped", imported, by=by, now=now, fields=sorted(set(columns.values())))
    defer(check_import, imported)


@transaction.atomic
def start_import(imported: Import, *, by: str, reason: str, now: datetime) -> None:
    """Has the rows taken in; where that was begun before, the ones that are missing."""
    stored = hold(imported, {Status.CHECKED, Status.FAILED})
    if not stored.content or not stored.columns:
        raise ImportingError("The file is no longer kept, or was not mapped. Upload it again.")
    if stored.status == Status.FAILED and not stored.started_at:
        raise ImportingError("Check the whole file first.")
    change(
        imported,
        **{"status": Status.IMPORTING, "done": 0, "failure": "", "started_at": stored.started_at or now},
        # What the check foretold is no longer of interest, and would be taken for what became of the rows.
        **{"imported_by": by, "imported_reason": reason, "outcomes": {}, "codes": {}},
    )
    announce("import.started", imported, by=by, now=now, reason=reason)
    defer(take_import, imported)


@transaction.atomic
def stop_import(imported: Import, *, by: str, reason: str, now: datetime) -> None:
    """After the rows that are at hand. What was taken in stays, until it is undone or goes on."""
    hold(imported, {Status.IMPORTING, Status.CHECKING})
    change(imported, status=Status.FAILED, failure=f"It was stopped: {reason}")
    announce("import.stopped", imported, by=by, now=now, reason=reason)


@transaction.atomic
def start_undo(imported: Import, *, worked: bool, by: str, reason: str, now: datetime) -> None:
    """Has the leads withdrawn; `worked` says whether also those that a person worked with since."""
    stored = hold(imported, {Status.IMPORTED, Status.FAILED, Status.UNDONE})
    if not stored.started_at:
        raise ImportingError("No row of it was taken in, so there is nothing to undo.")
    if now > ends_at(stored):
        raise ImportingError(f"An import can be undone for {UNDOABLE_FOR.days} days, and these are over.")
    change(
        imported,
        **{"status": Status.UNDOING, "done": 0, "failure": "", "content": "", "findings": ""},
        **{"undone_by": by, "undone_reason": reason, "undoes_worked": worked},
    )
    announce("import.undo_started", imported, by=by, now=now, reason=reason, worked=worked)
    defer(undo_import, imported)


def ends_at(imported: Import) -> datetime:
    """Until when it can be undone."""
    began = imported.finished_at or imported.started_at
    assert began
    return began + UNDOABLE_FOR


@transaction.atomic
def forget_file(imported: Import, *, by: str, reason: str, now: datetime) -> None:
    """Deletes the text of a file that is not to be imported; what is known of it stays."""
    stored = hold(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    if not stored.content:
        raise ImportingError("The file is no longer kept.")
    change(
        imported,
        status=Status.FAILED,
        content="",
        findings="",
        faults=[],
        failure=f"It was given up: {reason}",
    )
    announce("import.forgotten", imported, by=by, now=now, reason=reason)
