"""What the worker does with a file: looking at all of it first, and taking its contacts over when told to.

Portions are committed as they come. Whoever goes on after a worker died begins anew: what is there already is
left as it is, by the same constraint that settles any race.
"""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from compliance.suppression.importing.going_through import Wish, begin, find_standing
from compliance.suppression.models import Suppression, SuppressionImport
from leadping.events import record_event
from leadping.ids import new_id

Status = SuppressionImport.Status

INSERT = """
INSERT INTO compliance_suppression (id, kind, value, contact_hash, channel, note, account_id,
    business_id, origin, about, imported_in_id, created_at, created_by,
    released_at, released_by, release_reason)
SELECT wish.*, %s, 'import', '', %s, %s, %s, NULL, '', ''
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::uuid[]
) AS wish
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


@transaction.atomic
def add_all(imported: SuppressionImport, wishes: list[Wish], *, now: datetime) -> None:
    """What another list brought is marked first: it stays when that list is undone, and what was undone
    before is not there any more when it is looked for. And once more, for a list that was quicker."""
    mark(imported, wishes, now=now)
    standing = find_standing(imported, wishes)
    # In one order, or two lists with the same contacts could wait for each other for ever.
    new = sorted((wish for wish in wishes if wish.entry not in standing), key=lambda wish: wish.contact.hash)
    if not new:
        return
    columns: list[list[Any]] = [
        [new_id() for _ in new],
        [wish.contact.kind for wish in new],
        [wish.contact.value for wish in new],
        [wish.contact.hash for wish in new],
        [wish.channel for wish in new],
        [wish.note or imported.note for wish in new],
        [wish.account_id for wish in new],
    ]
    same: list[Any] = [imported.business_id, imported.pk, now, imported.imported_by]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*same, *columns])
    mark(imported, new, now=now)


MARK = """
UPDATE compliance_suppression SET also_origin = 'import', also_at = %s WHERE id IN (
    SELECT entry.id FROM compliance_suppression AS entry
    JOIN unnest(%s::bytea[], %s::text[], %s::uuid[]) AS wish (contact_hash, channel, account_id)
        ON entry.contact_hash = wish.contact_hash AND entry.channel = wish.channel
        AND entry.account_id IS NOT DISTINCT FROM wish.account_id
    WHERE entry.business_id = %s AND entry.imported_in_id <> %s
    ORDER BY entry.id FOR NO KEY UPDATE OF entry
) AND released_at IS NULL AND also_at IS NULL
"""


def mark(imported: SuppressionImport, wishes: list[Wish], *, now: datetime) -> None:
    wanted = [(one, wish.channel, wish.account_id) for wish in wishes for one in wish.contact.hashes]
    columns: list[list[Any]] = [list(column) for column in zip(*wanted, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(MARK, [now, *columns, imported.business_id, imported.pk])


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
