"""Taking back what a list added: its entries are released, and what is demanded otherwise stays.

An entry stays where somebody else demanded the same since, by whatever way, and where its person was erased,
whom nothing but the entry protects. What the list found standing was never its own.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from compliance.suppression.models import Suppression, SuppressionImport
from leadping.file_imports import announce
from leadping.ids import first_id_at

Status = SuppressionImport.Status
# As long as an import of leads can be undone.
UNDOABLE_FOR = timedelta(days=7)
TOGETHER = 5_000
ITS_OWN = Q(released_at=None, also_at=None) & ~Q(value="")


def ends_at(imported: SuppressionImport) -> datetime:
    """Until when it can be undone."""
    return (imported.imported_at or imported.created_at) + UNDOABLE_FOR


def to_release(imported: SuppressionImport) -> QuerySet[Suppression]:
    return Suppression.objects.filter(ITS_OWN, imported_in=imported)


def to_keep(imported: SuppressionImport) -> QuerySet[Suppression]:
    return Suppression.objects.filter(imported_in=imported, released_at=None).exclude(ITS_OWN)


def release_rows(imported: SuppressionImport) -> None:
    """In portions, each a transaction. Who goes on after another finds what was released already."""
    running = SuppressionImport.objects.filter(pk=imported.pk, status=Status.UNDOING)
    said = {"released_by": imported.undone_by, "release_reason": beginning(imported) + imported.undone_reason}
    last, done = first_id_at(imported.created_at), 0
    entries = Suppression.objects.filter(imported_in=imported).order_by("id")
    while ids := list(entries.filter(id__gt=last).values_list("id", flat=True)[:TOGETHER]):
        # What somebody demanded at this instant is seen by the row's own columns, once they are done.
        to_release(imported).filter(pk__any=ids).update(released_at=timezone.now(), **said)
        last, done = ids[-1], done + len(ids)
        if not running.update(done=done):
            return
    finish(imported, now=timezone.now())


def beginning(imported: SuppressionImport) -> str:
    """Of the reason that entries bear which its undoing released."""
    return f"The list {imported.name} was undone: "


@transaction.atomic
def finish(imported: SuppressionImport, *, now: datetime) -> None:
    entries = Suppression.objects.filter(imported_in=imported)
    kept = entries.filter(released_at=None).count()
    taken_back = entries.filter(release_reason__startswith=beginning(imported)).count()
    counts = {**imported.counts, "taken_back": taken_back, "kept": kept}
    running = SuppressionImport.objects.filter(pk=imported.pk, status=Status.UNDOING)
    if running.update(status=Status.UNDONE, undone_at=now, counts=counts):
        announce(
            "suppression.import_undone",
            imported,
            by=imported.undone_by,
            now=now,
            reason=imported.undone_reason,
            released=taken_back,
            kept=kept,
        )
