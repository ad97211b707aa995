"""The course of a file of suppressed contacts: uploaded, mapped and checked, taken over and undone, or given
up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from compliance.suppression.importing.jobs import (
    check_suppression_file,
    take_suppression_file,
    undo_suppression_file,
)
from compliance.suppression.importing.mapping import find_faults
from compliance.suppression.importing.undoing import UNDOABLE_FOR, ends_at
from compliance.suppression.models import SuppressionImport
from compliance.suppression.verbs import CHANNELS, LONGEST_NOTE
from leadping.accounts.models import Account, Business
from leadping.file_imports import ImportingError, announce, change, defer, hold, read_upload

Status = SuppressionImport.Status


@transaction.atomic
def upload_file(
    business: Business,
    name: str,
    sent: bytes,
    *,
    channel: str,
    by: str,
    now: datetime,
    account: Account | None = None,
    note: str = "",
) -> SuppressionImport:
    """Raises ImportingError with what is wrong with the file as a whole."""
    if account and account.business_id != business.pk:
        raise ImportingError("The account belongs to another business.")
    if channel not in CHANNELS["phone"]:
        raise ImportingError("Phones are suppressed for calls, for texts, or for both.")
    imported = SuppressionImport.objects.create(
        business=business,
        account=account,
        channel=channel,
        note=note.strip()[:LONGEST_NOTE],
        created_at=now,
        created_by=by,
        **read_upload(name, sent),
    )
    announce("suppression.file_uploaded", imported, by=by, now=now, file=imported.name, rows=imported.rows)
    return imported


@transaction.atomic
def start_check(imported: SuppressionImport, columns: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Saves which column holds what, and has every row looked at."""
    stored = hold_kept(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    if faults := find_faults(columns):
        raise ImportingError(" ".join(faults))
    if stored.imported_by:
        raise ImportingError("Contacts of this file were added already. Go on with it.")
    change(
        imported,
        **{"status": Status.CHECKING, "columns": dict(columns), "done": 0, "failure": ""},
        **{"counts": {}, "findings": []},
    )
    # The file's own headings stay out of the log, which is for good.
    announce("suppression.file_mapped", imported, by=by, now=now, fields=sorted(set(columns.values())))
    defer(check_suppression_file, imported)


@transaction.atomic
def start_import(imported: SuppressionImport, *, by: str, reason: str, now: datetime) -> None:
    stored = hold_kept(imported, {Status.CHECKED, Status.FAILED})
    if not stored.columns:
        raise ImportingError("Check the whole file first.")
    if stored.status == Status.FAILED and not stored.imported_by:
        raise ImportingError("Check the whole file first.")
    change(
        imported,
        **{"status": Status.IMPORTING, "done": 0, "failure": ""},
        **{"imported_by": by, "imported_reason": reason},
    )
    announce("suppression.import_started", imported, by=by, now=now, reason=reason)
    defer(take_suppression_file, imported)


@transaction.atomic
def forget_file(imported: SuppressionImport, *, by: str, reason: str, now: datetime) -> None:
    """Deletes the text of a file that is not to be imported; what is known of it stays."""
    hold_kept(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    change(imported, status=Status.FAILED, content="", findings=[], failure=f"It was given up: {reason}")
    announce("suppression.file_forgotten", imported, by=by, now=now, reason=reason)


@transaction.atomic
def start_undo(imported: SuppressionImport, *, by: str, reason: str, now: datetime) -> None:
    """Has the contacts that this list alone demands released."""
    stored = hold(imported, {Status.IMPORTED, Status.FAILED})
    if not stored.imported_by:
        raise ImportingError("No contact of it was added, so there is nothing to undo.")
    if now > ends_at(stored):
        raise ImportingError(f"A list can be undone for {UNDOABLE_FOR.days} days, and these are over.")
    if not reason.strip():
        raise ImportingError("Say why.")
    change(
        imported,
        **{"status": Status.UNDOING, "done": 0, "failure": "", "content": ""},
        **{"undone_by": by, "undone_reason": reason},
    )
    announce("suppression.undo_started", imported, by=by, now=now, reason=reason)
    defer(undo_suppression_file, imported)


def hold_kept(imported: SuppressionImport, allowed: Collection[Status]) -> SuppressionImport:
    """No step goes on without the file's text."""
    stored = hold(imported, allowed)
    if not stored.content:
        raise ImportingError("The file is no longer kept. Upload it again.")
    return stored
