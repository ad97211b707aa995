"""Writing down what happened. A row made here is never changed, except for its count while it folds.

Control events become links of a chain (`leadping/chain.py`); traffic is sealed in batches (`leadping/audit`).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from leadping.chain import enter_log
from leadping.models import Event

SYSTEM = "system"
COMMAND_LINE = "cli"


def record_event(
    kind: str,
    *,
    subject: str,
    by: str,
    business_id: UUID | None,
    now: datetime,
    reason: str = "",
    **data: Any,
) -> Event:
    """`by` is a prefixed id or one of the actors above; `data` is usually `before` and `after`."""
    return enter_log(
        Event(kind=kind, subject=subject, actor=by, business_id=business_id, at=now, reason=reason, data=data)
    )


def count_event(
    kind: str, *, subject: str, by: str, business_id: UUID | None, now: datetime, **data: Any
) -> None:
    """One row a minute for whatever may be repeated without bound, with the number of times in `count`."""
    minute = now.strftime("%Y-%m-%dT%H:%M")
    fold_key = "|".join([minute, kind, subject, by, *map(str, data.values())])[:200]
    if count_again(fold_key):
        return
    try:
        with transaction.atomic():
            Event.objects.create(
                kind=kind,
                subject=subject,
                actor=by,
                business_id=business_id,
                at=now,
                data=data,
                fold_key=fold_key,
            )
    except IntegrityError:
        # Somebody else wrote the first of this minute at the same instant.
        count_again(fold_key)


@transaction.atomic
def count_again(fold_key: str) -> bool:
    with connection.cursor() as cursor:
        # Whoever counts next waits for this row, and need not wait for the disk too: a count lost in a crash
        # costs nothing, while attackers must not make us slow.
        cursor.execute("SET LOCAL synchronous_commit TO off")
    return bool(Event.objects.filter(fold_key=fold_key).update(count=F("count") + 1))
