"""A row of a file as a request: the JSON that a sender would post to the flat door."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from leadping.csv_files import FileRow
from leadping.verdicts import failed
from leads.importing.mapping import EXTRA, Place
from leads.intake.arrival import BODY_LIMIT, Arrival, DryRun
from leads.intake.case import Case, Provenance
from leads.intake.envelope import JSON
from leads.intake.opening import keep_unread
from leads.intake.payload.forms import METADATA, metadata_object
from leads.models import Import, Submission

# Nobody sends it: our own worker brings it.
OWN_ADDRESS = "127.0.0.1"


def write_body(cells: Sequence[str], places: Sequence[Place]) -> bytes:
    """The same cells give the same bytes, by which a repetition is recognised. Columns that are kept as extra
    are members of sourceMetadata, where a heading can never be taken for a field."""
    fields: dict[str, Any] = {}
    extra: dict[str, str] = {}
    for place in places:
        cell = cells[place.index].strip()
        if not cell:
            continue
        if place.field == EXTRA:
            extra[place.heading] = cell
        else:
            fields[place.field] = metadata_object(cell) if place.field == METADATA else cell
    if extra:
        given = fields.get(METADATA, {})
        # What is no object stays, for intake to refuse.
        fields[METADATA] = {**given, **extra} if isinstance(given, dict) else given
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=float)
    return text.encode("utf-8", "backslashreplace")


def arrival_of(imported: Import, sent: bytes, *, now: datetime) -> Arrival:
    return Arrival(
        door=Submission.Door.IMPORT,
        headers={},
        query=[],
        content_type=JSON,
        sent=sent,
        sent_sha256=sha256(sent).digest(),
        ip=OWN_ADDRESS,
        user_agent="",
        request_id=imported.public_id,
        received_at=now,
        idempotency_key=None,
        dry_run=DryRun.NO,
    )


def provenance_of(imported: Import, row: FileRow) -> Provenance:
    return Provenance(
        row_number=row.number,
        imported_in=imported.pk,
        by=imported.imported_by,
        reason=imported.imported_reason,
    )


def unreadable_case(imported: Import, row: FileRow, *, now: datetime) -> Case:
    """Of a row whose cells cannot be told apart: refused before it is read, and kept as far as it was."""
    sent = json.dumps(row.cells, ensure_ascii=False).encode("utf-8", "backslashreplace")[:BODY_LIMIT]
    case = Case(arrival_of(imported, sent, now=now), imported.source, provenance=provenance_of(imported, row))
    case.find(failed("row_malformed", row.fault))
    keep_unread(case)
    return case
