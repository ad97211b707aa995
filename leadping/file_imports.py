"""A file that somebody brings in, whatever its rows become: read, held for each step, and worked at by a job
that is taken up again where its worker died."""

from collections.abc import Callable, Collection
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

import structlog
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate import RetryStrategy

from leadping.accounts.models import Business
from leadping.collecting import collecting_seldom
from leadping.csv_files import FileFault, decode, survey
from leadping.events import record_event
from leadping.rows import Row
from leadping.verbs import VerbError

log = structlog.get_logger("leadping.imports")

LONGEST_NAME = 200
# What a column holds that is not wanted.
LEFT_OUT = ""
ATTEMPTS = 5
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, wait=5, linear_wait=10)


class ImportingError(VerbError):
    """The step is not possible; the message says why."""


class FileImport(Row):
    """One CSV file. `status` has choices of each kind's own; `failed` is among them."""

    # Columns as long as the file that no step looks at.
    UNREAD: ClassVar[tuple[str, ...]] = ()

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    name = models.CharField("file", max_length=LONGEST_NAME)
    status = models.CharField(max_length=12)
    get_status_display: Callable[[], str]
    # The file's own text; emptied when it is no longer needed.
    content = models.TextField(blank=True)
    sha256 = models.BinaryField(max_length=32)
    # As the file has them, in its order.
    headings = models.JSONField(default=list)
    # From the file's headings to what the columns hold.
    columns = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # One sentence for a person, when it could not go on.
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=80)
    imported_by = models.CharField(max_length=80, blank=True)
    imported_reason = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


Imported = TypeVar("Imported", bound=FileImport)


def read_upload(name: str, sent: bytes) -> dict[str, Any]:
    """The columns of a file as it was sent. Raises ImportingError with what is wrong with it as a whole."""
    try:
        text = decode(sent)
        shape = survey(text)
    except FileFault as fault:
        raise ImportingError(str(fault)) from fault
    return {
        "name": name[:LONGEST_NAME],
        "content": text,
        "sha256": sha256(sent).digest(),
        "headings": shape.headings,
        "rows": shape.rows,
    }


def hold(imported: Imported, allowed: Collection[str]) -> Imported:
    """The row as it is stored, locked, if the step is possible now."""
    rows = type(imported)._default_manager.select_for_update(no_key=True).defer(*imported.UNREAD)
    stored = rows.get(pk=imported.pk)
    if stored.status not in allowed:
        said = stored.get_status_display().lower()
        raise ImportingError(f"The import is “{said}”, so this is not possible. Look again.")
    return stored


def change(imported: FileImport, **columns: Any) -> None:
    type(imported)._default_manager.filter(pk=imported.pk).update(**columns)
    for name, value in columns.items():
        setattr(imported, name, value)


def announce(
    kind: str, imported: FileImport, *, by: str, now: datetime, reason: str = "", **data: Any
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


def defer(task: Any, imported: FileImport) -> None:
    """In the transaction at hand; two jobs of one import never run at the same time."""
    task.configure(lock=imported.public_id).defer(import_id=imported.public_id)


def attempt_of(context: object) -> int:
    return int(context.job.attempts)  # type: ignore[attr-defined]  # procrastinate's own, without types


def work_at(
    found: "QuerySet[Imported]", work: Callable[[Imported], None], *, attempt: int, failed: str
) -> None:
    """`found` is the import while it is at this step; nothing is done where somebody changed course
    meanwhile. After the last attempt a person is told what `failed` says."""
    imported = found.first()
    if imported is None:
        return
    try:
        with collecting_seldom():
            work(imported)
    except Exception:
        if attempt >= ATTEMPTS:
            log.exception("import failed", subject=imported.public_id)
            found.update(status="failed", failure=failed)
        raise
