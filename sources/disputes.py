"""Whether a complaint or dispute about a source is open; intake judges its leads by that."""

from datetime import datetime

from django.db import transaction

from sources.lifecycle import change_row
from sources.models import Source


def lock_source(source: Source) -> Source:
    """Its row, for as long as the transaction lasts: complaints about one source are settled one by one."""
    return Source.objects.select_for_update(no_key=True).get(pk=source.pk)


@transaction.atomic
def note_disputed(source: Source, *, disputed: bool, by: str, now: datetime) -> None:
    """Set with the first that is open, cleared with the last; in between nothing changes."""
    stored = lock_source(source)
    if disputed == (stored.disputed_at is not None):
        return
    kind = "source.disputed" if disputed else "source.undisputed"
    reason = "A complaint or dispute is open." if disputed else "No complaint or dispute is open any more."
    changes = {"disputed_at": now if disputed else None}
    change_row(source, source, changes, kind, by=by, reason=reason, now=now)
