"""The rows that were refused, with why, in a file that can be mended and imported again.

Until rows are taken in they come from the file itself; after that from the submissions, which hold what was
mapped or kept.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leadping.csv_files import FileRow
from leadping.file_imports import LEFT_OUT
from leadping.verdicts import Effect
from leads.importing.checking import headings_by_field
from leads.importing.faults import Fault, describe_faults
from leads.importing.mapping import EXTRA
from leads.importing.taking import stored_rows
from leads.intake.payload.forms import METADATA
from leads.models import Import, Submission


def stored_faults(imported: Import, code: str = "") -> Iterator[Fault]:
    """What was found about the rows that were taken in, in the file's order; with a code, about the rows that
    have it."""
    headings = headings_by_field(imported)
    for submission in stored_rows(imported, code):
        assert submission.row_number
        values = fields_of(submission)
        yield from describe_faults(submission.row_number, submission.verdicts, headings, values)


def fields_of(submission: Submission) -> dict[str, Any]:
    """What the row held by our names; nothing where its body was deleted or could not be read."""
    try:
        fields = json.loads(submission.body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def headings_kept(imported: Import) -> list[str]:
    """A column that was left out is in no submission."""
    if not imported.started_at:
        return list(imported.headings)
    return [heading for heading in imported.headings if imported.columns.get(heading) != LEFT_OUT]


def mendable_rows(
    imported: Import, faults: Iterable[Fault], rows: Iterable[FileRow]
) -> Iterator[Sequence[str]]:
    """`rows` are those of the file, while it is kept."""
    if imported.started_at:
        yield from refused_submissions(imported)
        return
    reasons = reasons_by_row(faults)
    width = len(imported.headings)
    for row in rows:
        if row.number in reasons:
            cells = (row.cells + [""] * width)[:width]
            yield [*cells, reasons[row.number]]


def reasons_by_row(faults: Iterable[Fault]) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        if fault["effect"] == Effect.REFUSE:
            reasons.setdefault(fault["row"], []).append(say(fault))
    return {number: " ".join(sentences) for number, sentences in reasons.items()}


def say(fault: Fault) -> str:
    where = f"{fault['heading']}: " if fault.get("heading") else ""
    return f"{where}{fault['message']}"


def refused_submissions(imported: Import) -> Iterator[Sequence[str]]:
    headings = headings_kept(imported)
    by_field = headings_by_field(imported)
    for submission in stored_rows(imported):
        if submission.outcome != Submission.Outcome.REFUSED:
            continue
        assert submission.row_number
        fields = fields_of(submission)
        found = describe_faults(submission.row_number, submission.verdicts, by_field, fields)
        reasons = " ".join(say(fault) for fault in found if fault["effect"] == Effect.REFUSE)
        yield [*(cell_of(imported, heading, fields) for heading in headings), reasons]


def cell_of(imported: Import, heading: str, fields: dict[str, Any]) -> str:
    field = imported.columns[heading]
    metadata = fields.get(METADATA)
    extra = metadata if isinstance(metadata, dict) else {}
    value = extra.get(heading, "") if field == EXTRA else fields.get(field, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
