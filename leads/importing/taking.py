"""Taking the rows of a file in, through the very rules of the doors.

Portions are committed as they come, and each row carries its number, once in an import. Whoever goes on
after a worker died asks which rows are there, and takes in the others.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import OperationalError
from django.db.models import Count, Exists, Func, OuterRef, QuerySet
from django.utils import timezone

from leadping.csv_files import FileRow
from leadping.events import record_event
from leads.bulk.receive import take_in_many
from leads.importing.arrivals import arrival_of, provenance_of, unreadable_case, write_body
from leads.importing.checking import rows_of
from leads.importing.mapping import Place, plan
from leads.intake.receive import ATTEMPTS
from leads.intake.record import SourceMoved, record
from leads.models import Import, Submission
from sources.models import Source

TOGETHER = 500


def take_rows(imported: Import) -> None:
    """All rows that are not there yet. Stops when somebody stopped the import."""
    places = plan(imported.headings, imported.columns)
    running = Import.objects.filter(pk=imported.pk, status=Import.Status.IMPORTING)
    rows = rows_of(imported)
    done = 0
    while portion := list(islice(rows, TOGETHER)):
        if not running.update(done=done):
            break
        take_portion(imported, portion, places)
        done += len(portion)
    else:
        finish(imported, now=timezone.now())
        return
    # Stopped by somebody: what was taken in until then is told.
    Import.objects.filter(pk=imported.pk).update(**count_stored(imported))


def take_portion(imported: Import, portion: list[FileRow], places: list[Place]) -> None:
    taken = taken_already(imported, portion)
    missing = [row for row in portion if row.number not in taken]
    readable = [row for row in missing if not row.fault]
    source = look_up(imported)
    if readable:
        arrivals = [
            arrival_of(imported, write_body(row.cells, places), now=timezone.now()) for row in readable
        ]
        take_in_many(arrivals, source, None, [provenance_of(imported, row) for row in readable])
    for row in missing:
        if row.fault:
            record_unreadable(imported, row)


def rows_taken(imported: Import) -> QuerySet[Submission]:
    """As they came from the file; what a person had judged again stands beside them."""
    return imported.submissions.filter(repeats=None)


def taken_later() -> QuerySet[Submission]:
    """Of a row that is looked at, the later attempts that were not refused."""
    attempts = Submission.objects.filter(
        imported_in=OuterRef("imported_in"), row_number=OuterRef("row_number")
    )
    return attempts.exclude(repeats=None).exclude(outcome=Submission.Outcome.REFUSED)


def taken_already(imported: Import, portion: list[FileRow]) -> set[int | None]:
    numbers = rows_taken(imported).filter(row_number__range=(portion[0].number, portion[-1].number))
    return set(numbers.values_list("row_number", flat=True))


def look_up(imported: Import) -> Source:
    """As it stands now, for it may be paused or changed while a long file is taken in."""
    return Source.objects.with_rules().get(pk=imported.source_id)


def record_unreadable(imported: Import, row: FileRow) -> None:
    for _ in range(ATTEMPTS):
        imported.source = look_up(imported)
        try:
            record(unreadable_case(imported, row, now=timezone.now()))
            return
        except SourceMoved:
            continue
    raise OperationalError("The source changed at each attempt to store a row.")


def finish(imported: Import, *, now: datetime) -> None:
    """Counts what is stored, and lets go of the file."""
    counted = count_stored(imported)
    stored = sum(counted["outcomes"].values())
    if missing := imported.rows - stored:
        failure = f"{missing:,} rows could not be stored, by a failure of ours. Go on to try them again."
        running = Import.objects.filter(pk=imported.pk, status=Import.Status.IMPORTING)
        running.update(status=Import.Status.FAILED, failure=failure, **counted)
        return
    finished = Import.objects.filter(pk=imported.pk, status=Import.Status.IMPORTING).update(
        **{"status": Import.Status.IMPORTED, "done": stored, "finished_at": now},
        **{"content": "", "findings": "", "faults": [], **counted},
    )
    if finished:
        record_event(
            "import.finished",
            subject=imported.public_id,
            by=imported.imported_by,
            business_id=imported.business_id,
            now=now,
            outcomes=counted["outcomes"],
        )


def count_stored(imported: Import) -> dict[str, dict[str, int]]:
    return {"outcomes": count_outcomes(imported), "codes": count_codes(imported)}


def count_outcomes(imported: Import) -> dict[str, int]:
    outcomes = rows_taken(imported).order_by().values_list("outcome")
    return dict(outcomes.annotate(Count("id")))


def count_codes(imported: Import) -> dict[str, int]:
    """The rows at which each check failed, whatever its effect."""
    codes = rows_taken(imported).order_by().values_list(Func("codes", function="unnest"))
    return dict(codes.annotate(Count("id", distinct=True)))


def stored_rows(imported: Import, code: str = "") -> Iterator[Submission]:
    """The rows that were not simply accepted, in the file's order; with a code, those that failed by it. Of
    those that were taken when a person had them judged again nothing is left to be mended."""
    columns = ("row_number", "outcome", "verdicts", "body")
    return (
        rows_taken(imported)
        .exclude(codes=[])
        .filter(~Exists(taken_later()), codes__contains=[code] if code else [])
        .order_by("row_number")
        .only(*columns)
        .iterator(chunk_size=TOGETHER)
    )
