"""What the worker does for imports. A job whose worker died is taken up again, and goes on where it was."""

from collections.abc import Callable

import structlog
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leads.importing.checking import check_rows
from leads.importing.taking import take_rows
from leads.importing.undoing import withdraw_rows
from leads.models import Import

log = structlog.get_logger("leads.importing")

ATTEMPTS = 5
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, wait=5, linear_wait=10)
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


def attempt_of(context: object) -> int:
    return int(context.job.attempts)  # type: ignore[attr-defined]  # procrastinate's own, without types


def carry_out(import_id: str, status: Import.Status, work: Callable[[Import], None], attempt: int) -> None:
    """Unless somebody changed course meanwhile. After the last attempt a person is told."""
    imported = Import.named(import_id).filter(status=status).select_related("source__settings").first()
    if imported is None:
        return
    try:
        work(imported)
    except Exception:
        if attempt >= ATTEMPTS:
            log.exception("import failed", subject=import_id)
            Import.objects.filter(pk=imported.pk, status=status).update(
                status=Import.Status.FAILED, failure=FAILED
            )
        raise
