"""The course of a file of suppressed contacts: uploaded, mapped and checked, taken over, or given up."""

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from compliance.suppression.importing.jobs import check_suppression_file, take_suppression_file
from compliance.suppression.importing.mapping import find_faults
from compliance.suppression.models import SuppressionImport
from compliance.suppression.verbs import CHANNELS, LONGEST_NOTE
from leadping.accounts.models import Account, Business
from leadping.csv_files import FileFault, decode, survey
from leadping.events import record_event

Status = SuppressionImport.Status
LONGEST_NAME = 200


class SuppressionImportingError(Exception):
    """The step is not possible; the message says why."""


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
    """Raises SuppressionImportingError with what is wrong with the file as a whole."""
    if account and account.business_id != business.pk:
        raise SuppressionImportingError("The account belongs to another business.")
    if channel not in CHANNELS["phone"]:
        raise SuppressionImportingError("Phones are suppressed for calls, for texts, or for both.")
    try:
        text = decode(sent)
        shape = survey(text)
    except FileFault as fault:
        raise SuppressionImportingError(str(fault)) from fault
    imported = SuppressionImport.objects.create(
        business=business,
        account=account,
        name=name[:LONGEST_NAME],
        content=text,
        sha256=sha256(sent).digest(),
        headings=shape.headings,
        channel=channel,
        note=note.strip()[:LONGEST_NOTE],
        rows=shape.rows,
        created_at=now,
        created_by=by,
    )
    announce("suppression.file_uploaded", imported, by=by, now=now, file=imported.name, rows=shape.rows)
    return imported


@transaction.atomic
def start_check(imported: SuppressionImport, columns: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Saves which column holds what, and has every row looked at."""
    stored = hold(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    if faults := find_faults(columns):
        raise SuppressionImportingError(" ".join(faults))
    if stored.imported_by:
        raise SuppressionImportingError("Contacts of this file were added already. Go on with it.")
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
    stored = hold(imported, {Status.CHECKED, Status.FAILED})
    if not stored.columns:
        raise SuppressionImportingError("Check the whole file first.")
    if stored.status == Status.FAILED and not stored.imported_by:
        raise SuppressionImportingError("Check the whole file first.")
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
    hold(imported, {Status.UPLOADED, Status.CHECKED, Status.FAILED})
    change(imported, status=Status.FAILED, content="", findings=[], failure=f"It was given up: {reason}")
    announce("suppression.file_forgotten", imported, by=by, now=now, reason=reason)


def hold(imported: SuppressionImport, allowed: Collection[Status]) -> SuppressionImport:
    """The row as it is stored, locked, if the step is possible now."""
    stored = SuppressionImport.objects.select_for_update(no_key=True).get(pk=imported.pk)
    if stored.status not in allowed:
        raise SuppressionImportingError(
            f"The import is “{stored.get_status_display().lower()}”, so this is not possible. Look again."
        )
    if not stored.content:
        raise SuppressionImportingError("The file is no longer kept. Upload it again.")
    return stored


def change(imported: SuppressionImport, **columns: Any) -> None:
    SuppressionImport.objects.filter(pk=imported.pk).update(**columns)
    for name, value in columns.items():
        setattr(imported, name, value)


def announce(
    kind: str, imported: SuppressionImport, *, by: str, now: datetime, reason: str = "", **data: Any
) -> None:
    record_event(
        kind,
        subject=imported.public_id,
        by=by,
        business_id=imported.business_id,
        now=now,
        reason=reason,
        **data,
    )


def defer(task: Any, imported: SuppressionImport) -> None:
    """In the transaction at hand; two jobs of one import never run at the same time."""
    task.configure(lock=imported.public_id).defer(import_id=imported.public_id)
