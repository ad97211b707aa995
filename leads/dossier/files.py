"""Rows as the JSON files of a dossier: every column, under our own names, as it is stored. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from leadping.rows import Row

# What proves nothing and only keeps the product going.
UNTOLD = frozenset({"replay_token", "pending", "fold_key", "recheck_at", "rechecks", "email_key"})


def write_json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, default=plain) + "\n").encode()


def plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat().replace("+00:00", "Z")
        case Decimal():
            return format(value.normalize(), "f")
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID():
            return str(value)
    raise TypeError(f"A dossier does not know how to write {type(value)}.")


def row_facts(row: Row, *, without: Iterable[str] = ()) -> Mapping[str, Any]:
    """The row's columns; the rows that it points at by their ids as they are named outside."""
    left_out = UNTOLD | set(without) | {"id"}
    facts = {
        field.name: column_value(row, field)
        for field in row._meta.concrete_fields
        if field.name not in left_out
    }
    return {"id": row.public_id, **facts}


def column_value(row: Model, field: Any) -> Any:
    value = getattr(row, field.attname)
    target = field.related_model
    if value is not None and target is not None and issubclass(target, Row):
        return target(pk=value).public_id
    return value
