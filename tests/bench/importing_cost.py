"""What files that are brought in cost: seconds by the clock and of the processor, step by step.

Runs in a process of its own, for the database of the settings is the one that it asks:
python -m tests.bench.importing_cost ROWS
"""

import csv
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import chain
from typing import Any

from django.utils import timezone

from compliance.suppression.importing import course as suppressing
from compliance.suppression.importing import jobs as suppressing_jobs
from compliance.suppression.importing.taking import check_file, take_over
from compliance.suppression.models import SuppressionImport
from leadping.accounts.models import Business
from leadping.file_imports import FileImport
from leads.importing import course, jobs
from leads.importing.taking import take_rows
from leads.importing.undoing import withdraw_rows
from leads.models import Import
from sources.models import Source
from tests.bench.cast import BUSINESS

SOURCE = "Waived"
BY, REASON = "bench", "A measurement."
# From a heading to the field that its column holds and to what stands in it.
COLUMNS = {
    "First name": ("firstName", "Maria"),
    "Last name": ("lastName", "Alvarez"),
    "Email": ("email", "maria.{number}@example.com"),
    "Phone": ("phone", "{number}"),
    "Street": ("address1", "2204 Oltorf St"),
    "City": ("city", "Austin"),
    "State": ("state", "TX"),
    "Zip": ("zip", "78704"),
    "Birth date": ("birthDate", "1954-03-11"),
    "Product": ("product", "Medicare Advantage"),
    "Our id": ("externalId", "import-{number}"),
}
CONTACTS = {"Phone": ("phone", "{number}"), "Email": ("email", "nobody.{number}@example.com")}
Columns = dict[str, tuple[str, str]]
Step = tuple[str, Callable[[], object]]


def main(rows: str) -> None:
    number = int(rows)
    business = Business.objects.get(name=BUSINESS)
    # Each step only when the one before it is done.
    steps = chain(lead_steps(business, number), contact_steps(business, number))
    spent = [measure(name, step) for name, step in steps]
    sys.stdout.write("\n" + json.dumps(spent))


def measure(name: str, step: Callable[[], object]) -> dict[str, Any]:
    begun, worked = time.monotonic(), time.process_time()
    step()
    return {
        "step": name,
        "seconds": time.monotonic() - begun,
        "cpu": time.process_time() - worked,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def lead_steps(business: Business, number: int) -> Iterator[Step]:
    """Between them the verbs by which a person goes on. Every 50th row has no phone that can be read."""
    source = Source.objects.get(name=SOURCE, business=business)
    sent, status = write_file(COLUMNS, number, faulty_each=50), Import.Status
    imported = course.upload_file(source, "leads.csv", sent, by=BY, now=timezone.now())
    course.start_check(imported, fields_of(COLUMNS), by=BY, now=timezone.now())
    name = imported.public_id
    yield "leads, check", lambda: jobs.carry_out(name, status.CHECKING, jobs.check, 1)
    course.start_import(imported, by=BY, reason=REASON, now=timezone.now())
    yield "leads, take in", lambda: jobs.carry_out(name, status.IMPORTING, take_rows, 1)
    assert_status(imported, status.IMPORTED)
    course.start_undo(imported, worked=True, by=BY, reason=REASON, now=timezone.now())
    yield "leads, undo", lambda: jobs.carry_out(name, status.UNDOING, withdraw_rows, 1)
    assert_status(imported, status.UNDONE)


def contact_steps(business: Business, number: int) -> Iterator[Step]:
    sent, status = write_file(CONTACTS, number), SuppressionImport.Status
    carry_out = suppressing_jobs.carry_out
    imported = suppressing.upload_file(
        business, "contacts.csv", sent, channel="all", by=BY, now=timezone.now()
    )
    suppressing.start_check(imported, fields_of(CONTACTS), by=BY, now=timezone.now())
    name = imported.public_id
    yield "contacts to suppress, check", lambda: carry_out(name, status.CHECKING, check_file, 1)
    suppressing.start_import(imported, by=BY, reason=REASON, now=timezone.now())
    yield "contacts to suppress, take over", lambda: carry_out(name, status.IMPORTING, take_over, 1)
    assert_status(imported, status.IMPORTED)


def assert_status(imported: FileImport, status: str) -> None:
    imported.refresh_from_db(fields=["status", "failure"])
    assert imported.status == status, imported.failure


def fields_of(columns: Columns) -> dict[str, str]:
    return {heading: field for heading, (field, _) in columns.items()}


def write_file(columns: Columns, number: int, *, faulty_each: int = 0) -> bytes:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for turn in range(number):
        phone = "12" if faulty_each and turn % faulty_each == 0 else str(2_123_000_000 + turn)
        writer.writerow(written(columns, phone))
    return file.getvalue().encode()


def written(columns: Columns, number: str) -> Sequence[str]:
    return [cell.replace("{number}", number) for _, cell in columns.values()]


if __name__ == "__main__":
    main(*sys.argv[1:])
