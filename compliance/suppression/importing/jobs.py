"""What the worker does for files of suppressed contacts. A job whose worker died is taken up again."""

from collections.abc import Callable

from procrastinate.contrib.django import app

from compliance.suppression.importing.taking import check_file, take_over
from compliance.suppression.importing.undoing import release_rows
from compliance.suppression.models import SuppressionImport
from leadping.file_imports import AGAIN, attempt_of, work_at

Status = SuppressionImport.Status
FAILED = "Something of ours failed. What was done until then stands; start it again, and it goes on there."


@app.task(retry=AGAIN, pass_context=True)
def check_suppression_file(context: object, import_id: str) -> None:
    carry_out(import_id, Status.CHECKING, check_file, attempt_of(context))


@app.task(retry=AGAIN, pass_context=True)
def take_suppression_file(context: object, import_id: str) -> None:
    carry_out(import_id, Status.IMPORTING, take_over, attempt_of(context))


@app.task(retry=AGAIN, pass_context=True)
def undo_suppression_file(context: object, import_id: str) -> None:
    carry_out(import_id, Status.UNDOING, release_rows, attempt_of(context))


def carry_out(
    import_id: str, status: Status, work: Callable[[SuppressionImport], None], attempt: int
) -> None:
    found = SuppressionImport.named(import_id).filter(status=status)
    work_at(found, work, attempt=attempt, failed=FAILED)
