"""What the worker does with a file: looking at all of it first, and taking its contacts over when told to.

Portions are committed as they come. Whoever goes on after a worker died begins anew: what is there already is
left as it is, by the same constraint that settles any race.
"""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from compliance.suppression.importing.going_through import Wish, begin
from compliance.suppression.models import Suppression, SuppressionImport
from leadping.events import record_event
from leadping.ids import new_id

Status = SuppressionImport.Status

INSERT = """
INSERT INTO compliance_suppression (id, kind, value, contact_hash, channel, note,
    business_id, account_id, origin, about, imported_in_id, created_at, created_by,
    released_at, released_by, release_reason)
SELECT wish.*, %s, %s, 'import', '', %s, %s, %s, NULL, '', ''
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[]) AS wish
ON CONFLICT DO NOTHING
"""


def check_file(imported: SuppressionImport) -> None:
    """Nothing is added yet. Stops when somebody changed course meanwhile."""
    running = SuppressionImport.objects.filter(pk=imported.pk, status=Status.CHECKING)
    passage, done = begin(imported), 0
    for rows, _ in passage.portions():
        done += rows
        if not running.update(done=done):
            return
    findings = sorted(passage.findings, key=itemgetter("row"))
    running.update(status=Status.CHECKED, counts=dict(passage.counts), findings=findings)


def take_over(imported: SuppressionImport) -> None:
    running = SuppressionImport.objects.filter(pk=imported.pk, status=Status.IMPORTING)
    passage, done, now = begin(imported), 0, timezone.now()
    for rows, wishes in passage.portions():
        add_all(imported, wishes, now=now)
        done += rows
        if not running.update(done=done):
            return
    finish(imported, dict(passage.counts), now=timezone.now())


def add_all(imported: SuppressionImport, wishes: list[Wish], *, now: datetime) -> None:
    if not wishes:
        return
    columns: list[list[Any]] = [
        [new_id() for _ in wishes],
        [wish.contact.kind for wish in wishes],
        [wish.contact.value for wish in wishes],
        [wish.contact.hash for wish in wishes],
        [wish.channel for wish in wishes],
        [wish.note or imported.note for wish in wishes],
    ]
    same = [imported.business_id, imported.account_id, imported.pk, now, imported.imported_by]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*same, *columns])


@transaction.atomic
def finish(imported: SuppressionImport, counts: dict[str, int], *, now: datetime) -> None:
    """The file's text is let go of; each entry names the import from here on."""
    added = Suppression.objects.filter(imported_in=imported).count()
    finished = SuppressionImport.objects.filter(pk=imported.pk, status=Status.IMPORTING).update(
        status=Status.IMPORTED, content="", counts={**counts, "new": added}, imported_at=now
    )
    if finished:
        record_event(
            "suppression.imported",
            subject=imported.public_id,
            by=imported.imported_by,
            business_id=imported.business_id,
            now=now,
            reason=imported.imported_reason,
            added=added,
        )
