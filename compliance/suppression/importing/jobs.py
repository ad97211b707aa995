"""What the worker does for files of suppressed contacts. A job whose worker died is taken up again."""

from collections.abc import Callable

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from compliance.suppression.importing.taking import check_file, take_over
from compliance.suppression.models import SuppressionImport

log = structlog.get_logger("compliance.suppression")
Status = SuppressionImport.Status
ATTEMPTS = 5
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, wait=5, linear_wait=10)
FAILED = "Something of ours failed. What was added until then stands; start it again, and it goes on there."


@app.task(retry=AGAIN, pass_context=True)
def check_suppression_file(context: object, import_id: str) -> None:
    carry_out(import_id, Status.CHECKING, check_file, attempt_of(context))


@app.task(retry=AGAIN, pass_context=True)
def take_suppression_file(context: object, import_id: str) -> None:
    carry_out(import_id, Status.IMPORTING, take_over, attempt_of(context))


def attempt_of(context: object) -> int:
    return int(context.job.attempts)  # type: ignore[attr-defined]  # procrastinate's own, without types


def carry_out(
    import_id: str, status: Status, work: Callable[[SuppressionImport], None], attempt: int
) -> None:
    """Unless somebody changed course meanwhile. After the last attempt a person is told."""
    imported = SuppressionImport.named(import_id).filter(status=status).first()
    if imported is None:
        return
    try:
        work(imported)
    except Exception:
        if attempt >= ATTEMPTS:
            log.exception("suppression import failed", subject=import_id)
            own = SuppressionImport.objects.filter(pk=imported.pk, status=status)
            own.update(status=Status.FAILED, failure=FAILED)
        raise
