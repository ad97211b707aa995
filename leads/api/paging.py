"""Pages by cursor: a page costs the same however many leads there are, and nothing is ever counted."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet

from leads.models import Lead

USUAL_SIZE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place beside a lead, and the direction in which the page lies from there."""

    lead_id: UUID
    older: bool

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(bytes([self.older]) + self.lead_id.bytes).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what we never wrote."""
        try:
            direction, *lead_id = base64.b64decode(text + "=", altchars=b"-_", validate=True)
            cursor = cls(UUID(bytes=bytes(lead_id)), bool(direction))
        except (binascii.Error, ValueError):
            return None
        return cursor if str(cursor) == text else None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. A cursor is None where there is no further page."""

    leads: list[Lead]
    newer: Cursor | None
    older: Cursor | None


def take_page(scopes: Sequence[QuerySet[Lead]], cursor: Cursor | None, size: int) -> Page:
    """The page at `cursor`, or the first one, of the leads of all scopes together."""
    backwards = cursor is not None and not cursor.older
    found = find_beside(scopes, cursor, size + 1)
    leads, goes_on = found[:size], len(found) > size
    if backwards:
        leads.reverse()
    has_newer, has_older = (goes_on, True) if backwards else (cursor is not None, goes_on)
    return Page(
        leads=leads,
        newer=Cursor(leads[0].pk, older=False) if leads and has_newer else None,
        older=Cursor(leads[-1].pk, older=True) if leads and has_older else None,
    )


def find_beside(scopes: Sequence[QuerySet[Lead]], cursor: Cursor | None, most: int) -> list[Lead]:
    """Nearest first. Each scope is asked for no more than the whole page: PostgreSQL can walk an index of
    (business, id) in the order of id for one business, and would sort all leads of several."""
    if cursor is None:
        order, beside = "-id", Q()
    else:
        order = "-id" if cursor.older else "id"
        beside = Q(id__lt=cursor.lead_id) if cursor.older else Q(id__gt=cursor.lead_id)
    parts = [scope.filter(beside).order_by(order)[:most] for scope in scopes]
    if len(parts) == 1:
        return list(parts[0])
    return list(Lead.objects.none().union(*parts, all=True).order_by(order)[:most])
