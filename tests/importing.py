"""Files of leads in tests: written, uploaded, and what the worker would do with them done at once."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

from django.utils import timezone

from leads.importing.checking import check_rows
from leads.importing.course import start_check, start_import, start_undo, upload_file
from leads.importing.mapping import guess_columns
from leads.importing.taking import take_rows
from leads.importing.undoing import withdraw_rows
from leads.models import Import
from sources.models import Source
from tests.races import meanwhile
from tests.situations import BY, REASON

HEADINGS = ["Lead ID", "First Name", "Phone Number", "Email", "State", "Colour"]


def person(number: int, **differences: str) -> list[str]:
    """A row under the usual headings; differences by heading."""
    usual = {
        "Lead ID": f"row-{number}",
        "First Name": f"Jordan{number}",
        "Phone Number": f"+1512555{number:04}",
        "Email": f"jordan{number}@example.com",
        "State": "TX",
        "Colour": "blue",
    }
    return list({**usual, **differences}.values())


def people(count: int) -> list[list[str]]:
    return [person(number) for number in range(1, count + 1)]


def as_csv(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    file = StringIO()
    csv.writer(file).writerows([headings, *rows])
    return file.getvalue().encode()


def upload(source: Source, sent: bytes, *, name: str = "leads.csv", by: str = BY) -> Import:
    return upload_file(source, name, sent, by=by, now=timezone.now())


def work(imported: Import) -> Import:
    """What the worker has to do for it now."""
    stored = Import.objects.select_related("source__settings").get(pk=imported.pk)
    if stored.status == Import.Status.CHECKING:
        check_rows(stored, now=timezone.now())
    elif stored.status == Import.Status.IMPORTING:
        take_rows(stored)
    elif stored.status == Import.Status.UNDOING:
        withdraw_rows(stored)
    return Import.objects.select_related("source__settings").get(pk=imported.pk)


def check(imported: Import, columns: dict[str, str] | None = None) -> Import:
    chosen = columns or guess_columns(imported.headings, [""] * len(imported.headings))
    start_check(imported, chosen, by=BY, now=timezone.now())
    return work(imported)


def import_file(source: Source, sent: bytes, **options: Any) -> Import:
    """From the upload to the end, with the mapping that is guessed."""
    imported = check(upload(source, sent), **options)
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    return work(imported)


def undo(imported: Import, *, worked: bool = False, now: Any = None) -> Import:
    start_undo(imported, worked=worked, by=BY, reason=REASON, now=now or timezone.now())
    return work(imported)


def worker_at_work() -> AbstractContextManager[None]:
    """Does what the worker would, as soon as it is asked for."""
    return meanwhile(work_on_all)


def work_on_all() -> None:
    for imported in Import.objects.filter(status__in=["checking", "importing", "undoing"]):
        work(imported)
