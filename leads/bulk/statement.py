"""The rows of many judged cases in a few round trips, written by hand for speed.

As in `leads/intake/statement.py` the text is made from the models, and values travel as text. Rows that may
be there already are inserted first, to know their ids; all others are copied in.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import RawCursor

from compliance.models import Certificate
from conversations.models import Conversation
from leadping.database import borrowed_connection
from leads.intake.statement import SHARED, Columns, Model, Rows, as_text, one_by_one, writer_of

# What makes two rows of a shared table one. The tables stand in the order in which intake's one statement
# locks them, and rows are locked in sorted order, so that no two senders can wait for each other.
KEYS: dict[Model, tuple[str, ...]] = {
    Certificate: ("business_id", "url"),
    Conversation: ("business_id", "channel", "address"),
}

Key = tuple[str, ...]
Row = dict[str, Any]
# The rows of one case, each with its table.
Single = Sequence[tuple[Model, Columns]]


def store_many(many: Sequence[Rows], *, source_id: UUID, source_version: int) -> bool:
    """Inserts all rows of all cases, in the caller's transaction. False when the source is no longer at the
    version they were judged by; then the caller has to roll back.

    Raises django.db.IntegrityError when another request took a replay token.
    """
    cases = [list(one_by_one(rows)) for rows in many]
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        shared = {model: insert_shared(cursor, model, cases) for model in KEYS}
        for model, rows in by_model(cases, shared).items():
            copy_in(cursor, model, rows)
        cursor.execute(GUARD, [source_id, source_version], prepare=True)
        return cursor.fetchone() is not None


# Asked last: what is committed next was judged by the source as it is, and whoever counts caps anew sees it.
GUARD = "SELECT 1 FROM sources_source WHERE id = $1 AND sources_pass_gate($1) = $2"


def insert_shared(cursor: RawCursor, model: Model, cases: Sequence[Single]) -> dict[Key, str]:
    """The ids of the rows of a shared table, by what makes them one."""
    merged = merge(model, (row for case in cases for table, row in case if table is model))
    if not merged:
        return {}
    rows = [merged[key] for key in sorted(merged)]
    columns = [[as_text(writer, row[name]) for row in rows] for name, writer in writers(model)]
    cursor.execute(upsert_text(model), columns, prepare=True)
    return {tuple(key): row_id for row_id, *key in cursor.fetchall()}


def merge(model: Model, rows: Iterable[Columns]) -> dict[Key, Row]:
    """Rows that are one become one: the first, with what it lacks from those after it."""
    merged: dict[Key, Row] = {}
    for row in rows:
        first = merged.setdefault(key_of(model, row), dict(row))
        for name, value in row.items():
            if first[name] is None:
                first[name] = value
    return merged


def key_of(model: Model, row: Columns) -> Key:
    return tuple(str(row[name]) for name in KEYS[model])


def by_model(cases: Sequence[Single], shared: Mapping[Model, Mapping[Key, str]]) -> dict[Model, list[Row]]:
    """The rows of the other tables, each pointing at the shared rows of its case. Those with a replay token
    stand in its order: twins must wait for each other at the first that they have in common."""
    sorted_out: dict[Model, list[Row]] = {}
    for case in cases:
        ids = {model: shared[model][key_of(model, row)] for model, row in case if model in KEYS}
        for model, row in case:
            if model not in KEYS:
                pointing = {name: ids[target] for name, target in pointers(model) if target in ids}
                sorted_out.setdefault(model, []).append({**row, **pointing})
    for kept in sorted_out.values():
        kept.sort(key=lambda row: row.get("replay_token") or b"")
    return sorted_out


@cache
def pointers(model: Model) -> list[tuple[str, Model]]:
    """The columns that point at a shared table."""
    return [
        (field.column, target)
        for field in model._meta.concrete_fields
        for target in KEYS
        if field.related_model is target
    ]


def copy_in(cursor: RawCursor, model: Model, rows: Sequence[Row]) -> None:
    columns = writers(model)
    with cursor.copy(copy_text(model)) as copy:
        for row in rows:
            # As `as_text` does it, without a call for each value.
            copy.write_row(
                [
                    value if (value := row[name]) is None or value.__class__ is str else writer(value)
                    for name, writer in columns
                ]
            )


@cache
def writers(model: Model) -> list[tuple[str, Any]]:
    return [(field.column, writer_of(field)) for field in model._meta.concrete_fields]


@cache
def copy_text(model: Model) -> bytes:
    return f"COPY {model._meta.db_table} ({column_names(model)}) FROM STDIN".encode()


@cache
def upsert_text(model: Model) -> bytes:
    """Inserts, or finds, rows given as one array a column; gives ids and keys."""
    fields: list[models.Field] = list(model._meta.concrete_fields)
    arrays = ", ".join(f"${number}::text[]" for number, _ in enumerate(fields, 1))
    values = ", ".join(f"c{number}::{field.db_type(connection)}" for number, field in enumerate(fields, 1))
    given = ", ".join(f"c{number}" for number, _ in enumerate(fields, 1))
    keys = ", ".join(f"{name}::text" for name in KEYS[model])
    returned = SHARED[model].replace("RETURNING id", f"RETURNING id::text, {keys}")
    return (
        f"INSERT INTO {model._meta.db_table} ({column_names(model)}) "
        f"SELECT {values} FROM unnest({arrays}) AS given ({given}) {returned}"
    ).encode()


def column_names(model: Model) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
