"""Pages by cursor: a page costs the same however many rows there are, and nothing is ever counted."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from leadping.rows import Row

Found = TypeVar("Found", bound=Row)
USUAL_SIZE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place beside a row, and the direction in which the page lies from there."""

    row_id: UUID
    older: bool

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(bytes([self.older]) + self.row_id.bytes).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what we never wrote."""
        try:
            direction, *row_id = base64.b64decode(text + "=", altchars=b"-_", validate=True)
            cursor = cls(UUID(bytes=bytes(row_id)), bool(direction))
        except (binascii.Error, ValueError):
            return None
        return cursor if str(cursor) == text else None


@dataclass(frozen=True, slots=True)
class Page(Generic[Found]):
    """Newest first. A cursor is None where there is no further page."""

    rows: list[Found]
    newer: Cursor | None
    older: Cursor | None


def take_page(scopes: Sequence[QuerySet[Found]], cursor: Cursor | None, size: int) -> Page[Found]:
    """The page at `cursor`, or the first one, of the rows of all scopes together."""
    backwards = cursor is not None and not cursor.older
    found = find_beside(scopes, cursor, size + 1)
    rows, goes_on = found[:size], len(found) > size
    if backwards:
        rows.reverse()
    has_newer, has_older = (goes_on, True) if backwards else (cursor is not None, goes_on)
    return Page(
        rows=rows,
        newer=Cursor(rows[0].pk, older=False) if rows and has_newer else None,
        older=Cursor(rows[-1].pk, older=True) if rows and has_older else None,
    )


def find_beside(scopes: Sequence[QuerySet[Found]], cursor: Cursor | None, most: int) -> list[Found]:
    """Nearest first. Each scope is asked for no more than the whole page: PostgreSQL can walk an index of
    (business, id) in the order of id for one business, and would sort all rows of several."""
    if cursor is None:
        order, beside = "-id", Q()
    else:
        order = "-id" if cursor.older else "id"
        beside = Q(id__lt=cursor.row_id) if cursor.older else Q(id__gt=cursor.row_id)
    parts = [scope.filter(beside).order_by(order)[:most] for scope in scopes]
    if len(parts) < 2:
        return [row for part in parts for row in part]
    return list(parts[0].union(*parts[1:], all=True).order_by(order)[:most])
