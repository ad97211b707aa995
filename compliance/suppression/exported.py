"""The list as a file: each entry with its history, in columns that an import reads back."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from compliance.suppression.models import Suppression

CONTACT, CHANNEL, ACCOUNT, NOTE, RELEASED = "Contact", "Channel", "Account", "Note", "Released"
HEADER = (
    *(CONTACT, "Kind", CHANNEL, ACCOUNT, "Origin", "Since", "By", NOTE, RELEASED, "Released by"),
    *("Reason", "Id"),
)


def as_rows(found: QuerySet[Suppression]) -> Iterator[tuple[Any, ...]]:
    for one in found.iterator(chunk_size=2_000):
        yield (
            *(str(one), one.kind, one.channel, str(one.account or ""), one.origin, one.created_at),
            *(one.created_by, one.note, one.released_at, one.released_by, one.release_reason, one.public_id),
        )
