"""What the worker does for imports. A job whose worker died is taken up again, and goes on where it was."""

from collections.abc import Callable

from django.utils import timezone
from procrastinate.contrib.django import app

from leadping.file_imports import AGAIN, attempt_of, work_at
from leads.importing.checking import check_rows
from leads.importing.taking import take_rows
from leads.importing.undoing import withdraw_rows
from leads.models import Import

FAILED = "Something of ours failed. What was done until then is kept; start it again, and it goes on there."


@app.task(retry=AGAIN, pass_context=True)
def check_import(context: object, import_id: str) -> None:
    carry_out(import_id, Import.Status.CHECKING, check, attempt_of(context))


@app.task(retry=AGAIN, pass_context=True)
def take_import(context: object, import_id: str) -> None:
    carry_out(import_id, Import.Status.IMPORTING, take_rows, attempt_of(context))


@app.task(retry=AGAIN, pass_context=True)
def undo_import(context: object, import_id: str) -> None:
    carry_out(import_id, Import.Status.UNDOING, withdraw_rows, attempt_of(context))


def check(imported: Import) -> None:
    check_rows(imported, now=timezone.now())


def carry_out(import_id: str, status: Import.Status, work: Callable[[Import], None], attempt: int) -> None:
    found = Import.named(import_id).filter(status=status).select_related("source__settings")
    work_at(found, work, attempt=attempt, failed=FAILED)
