"""The two statements of intake's hot path: hand-written SQL for speed, nowhere else in the product.

A judged case is stored in one round trip, and so in one transaction: the answer is sent only after its
COMMIT. The text is made from the models, so that a new column cannot be forgotten, and prepared once on each
connection.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from json import dumps
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import RawCursor

from compliance.models import Certificate
from conversations.models import Conversation

# Rows that may be there already, and what happens to them then. They must return their id in either case.
SHARED: dict[type[models.Model], str] = {
    Conversation: "ON CONFLICT (business_id, channel, address) DO UPDATE SET inbox_since = "
    "coalesce(conversations_conversation.inbox_since, excluded.inbox_since) RETURNING id",
    Certificate: "ON CONFLICT (business_id, url) DO UPDATE SET url = excluded.url RETURNING id",
}

Columns = Mapping[str, Any]
Rows = Mapping[type[models.Model], Columns]


def store(rows: Rows, *, source_id: UUID, source_version: int) -> bool:
    """Inserts all rows, or none and False when the source is no longer at the version they were judged by.

    Raises django.db.IntegrityError when another request took the replay token.
    """
    tables = tuple(rows)
    parameters: list[str | None] = [str(source_id), str(source_version)]
    for model, columns in rows.items():
        parameters.extend(as_text(field, columns[field.column]) for field in own_fields(model, tables))
    return fetch_row(insert_text(tables), parameters) is not None


class Accepted(NamedTuple):
    """What a repetition of an accepted submission needs to know of it."""

    lead_id: UUID
    answer: str
    body_sha256: bytes


def find_accepted(source_id: UUID, replay_token: bytes, *, since: datetime) -> Accepted | None:
    """The accepted submission with this token. Looked for before each call that is billed."""
    row = fetch_row(FIND_ACCEPTED, [source_id, replay_token, since])
    return Accepted(*row) if row else None


FIND_ACCEPTED = """
SELECT lead_id, answer, body_sha256 FROM leads_submission
WHERE source_id = $1 AND replay_token = $2 AND received_at > $3
"""


def fetch_row(text: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    connection.ensure_connection()
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(text, parameters, prepare=True)
        return cursor.fetchone()


@cache
def insert_text(tables: tuple[type[models.Model], ...]) -> str:
    """A chain of inserts, each of which writes only while the guard finds the source unchanged."""
    numbers = iter(range(3, 10_000))
    parts = ["guard AS (SELECT id FROM sources_source WHERE id = $1::uuid AND version = $2::integer)"]
    for model in tables:
        names, values = [], []
        for field in model._meta.concrete_fields:
            names.append(f'"{field.column}"')
            shared = shared_row(field, tables)
            values.append(shared or f"${next(numbers)}::{field.db_type(connection)}")
        parts.append(
            f"{cte_name(model)} AS (INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM guard {SHARED.get(model, '')})"
        )
    return f"WITH {', '.join(parts)} SELECT 1 FROM guard"


@cache
def own_fields(model: type[models.Model], tables: tuple[type[models.Model], ...]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not shared_row(field, tables)]


def shared_row(field: models.Field, tables: tuple[type[models.Model], ...]) -> str | None:
    """Where a row points at a shared one, its id is known only to the statement itself."""
    target = next((table for table in tables if table in SHARED and table is field.related_model), None)
    return f"(SELECT id FROM {cte_name(target)})" if target else None


def cte_name(model: type[models.Model]) -> str:
    return f"new_{model._meta.model_name}"


def as_text(field: models.Field, value: Any) -> str | None:
    """Everything travels as text and is cast in the statement: parameters of mixed types would give a
    prepared statement for each mixture of types and nulls."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(field, ArrayField):
        return "{" + ",".join(quote_element(element) for element in value) + "}"
    if isinstance(field, models.JSONField):
        # Numbers with a point were read as Decimal.
        return dumps(value, default=float, ensure_ascii=False)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return str(value)


def quote_element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
