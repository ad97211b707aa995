"""The statements of intake's hot path, written by hand for speed.

A judged case is stored in one round trip, and so in one transaction: the answer is sent only after its
COMMIT. The text is made from the models, so that a new column cannot be forgotten, and prepared once on each
connection.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from json import JSONEncoder
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import RawCursor

from compliance.models import Certificate
from compliance.suppression.looking import live_hashes
from conversations.models import Conversation
from leadping.database import borrowed_connection

# Rows that may be there already, and what happens to them then. They must return their id in either case.
SHARED: dict[type[models.Model], str] = {
    Conversation: "ON CONFLICT (business_id, channel, address) DO UPDATE SET inbox_since = "
    "coalesce(conversations_conversation.inbox_since, excluded.inbox_since) RETURNING id",
    Certificate: "ON CONFLICT (business_id, url) DO UPDATE SET url = excluded.url RETURNING id",
}

Model = type[models.Model]
Columns = Mapping[str, Any]
# By table; a lead may bring several rows of one.
Rows = Mapping[Model, Columns | list[Columns]]


class Unsuppressed(NamedTuple):
    """Contacts of which nobody looked whether they are suppressed, as hashes."""

    business_id: UUID
    account_id: UUID | None
    hashes: Sequence[bytes]


def store(
    rows: Rows, *, source_id: UUID, source_version: int, unsuppressed: Unsuppressed | None = None
) -> bool:
    """Inserts all rows, or none and False when the source is no longer at the version they were judged by,
    or one of the contacts is suppressed after all.

    Raises django.db.IntegrityError when another request took the replay token.
    """
    single = list(one_by_one(rows))
    tables = tuple(model for model, _ in single)
    values = [single[place][1][column] for place, column in own_columns(tables)]
    parameters = [str(source_id), str(source_version), *map(as_text, writers(tables), values)]
    if unsuppressed is None:
        return fetch_row(insert_text(tables), parameters) is not None
    business_id, account_id, hashes = unsuppressed
    parameters += [str(business_id), str(account_id) if account_id else None, *map(write_bytes, hashes)]
    return fetch_row(insert_text(tables, len(hashes)), parameters) is not None


def one_by_one(rows: Rows) -> Iterator[tuple[Model, Columns]]:
    for model, row in rows.items():
        if isinstance(row, list):
            yield from ((model, one) for one in row)
        else:
            yield model, row


class Accepted(NamedTuple):
    """What a repetition of an accepted submission needs to know of it."""

    lead_id: UUID
    answer: str
    body_sha256: bytes


def find_accepted(source_id: UUID, replay_token: bytes, *, since: datetime) -> Accepted | None:
    """The accepted submission with this token. Looked for before each call that is billed."""
    row = fetch_row(FIND_ACCEPTED, [source_id, replay_token, since])
    return Accepted(*row) if row else None


def find_all_accepted(
    source_id: UUID, replay_tokens: Sequence[bytes], *, since: datetime
) -> dict[bytes, Accepted]:
    """The accepted submissions with these tokens, by token."""
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        cursor.execute(FIND_ALL_ACCEPTED, [source_id, list(replay_tokens), since], prepare=True)
        return {bytes(token): Accepted(*rest) for token, *rest in cursor.fetchall()}


FIND_ALL_ACCEPTED = """
SELECT replay_token, lead_id, answer, body_sha256 FROM leads_submission
WHERE source_id = $1 AND replay_token = ANY($2) AND received_at > $3
"""


def accepted_text(source: str, replay_token: str, since: str) -> str:
    """Finds the accepted submission, also as a part of a statement; given are the places of parameters."""
    return (
        "SELECT lead_id, answer, body_sha256 FROM leads_submission "
        f"WHERE source_id = {source} AND replay_token = {replay_token} AND received_at > {since}"
    )


FIND_ACCEPTED = accepted_text("$1", "$2", "$3")


def fetch_row(text: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        cursor.execute(text, parameters, prepare=True)
        return cursor.fetchone()


# The source's version as it is once no caps of the source are being counted anew; until this transaction ends
# none are. See `sources/recounting.py`.
GUARD = """SELECT id FROM sources_source
    WHERE id = $1::uuid AND sources_pass_gate($1::uuid) = $2::integer"""


def guard(*, first: int, hashes: int) -> str:
    if not hashes:
        return f"guard AS ({GUARD})"
    suppressed = live_hashes(f"${first}::uuid", listed(hashes, first=first + 2), f"${first + 1}::uuid")
    return f"guard AS ({GUARD} AND NOT EXISTS ({suppressed}))"


def listed(count: int, *, first: int) -> str:
    """So many parameters for a look into an index. As one array they would be planned anew each time, for
    nobody knows beforehand how long it is."""
    return f"IN ({', '.join(f'${number}::bytea' for number in range(first, first + count)) or 'NULL'})"


@cache
def insert_text(tables: tuple[Model, ...], hashes: int = 0) -> str:
    """A chain of inserts, each of which writes only while the guard finds the source unchanged, and none of
    so many contacts suppressed, which are the last parameters, after their business and account."""
    numbers = iter(range(3, 10_000))
    parts = [guard(first=3 + len(own_columns(tables)), hashes=hashes)]
    for place, model in enumerate(tables):
        names, values = [], []
        for field in model._meta.concrete_fields:
            names.append(f'"{field.column}"')
            shared = shared_row(field, tables)
            values.append(shared or f"${next(numbers)}::{field.db_type(connection)}")
        name = cte_name(model, tables[:place].count(model))
        parts.append(
            f"{name} AS (INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM guard {SHARED.get(model, '')})"
        )
    return f"WITH {', '.join(parts)} SELECT 1 FROM guard"


def own_fields(tables: tuple[Model, ...]) -> Iterator[tuple[int, models.Field]]:
    """The fields whose values are parameters of the statement, in its order, with their rows' places."""
    for place, model in enumerate(tables):
        yield from ((place, field) for field in model._meta.concrete_fields if not shared_row(field, tables))


@cache
def own_columns(tables: tuple[Model, ...]) -> list[tuple[int, str]]:
    return [(place, field.column) for place, field in own_fields(tables)]


def shared_row(field: models.Field, tables: tuple[Model, ...]) -> str | None:
    """Where a row points at a shared one, its id is known only to the statement itself."""
    target = next((table for table in tables if table in SHARED and table is field.related_model), None)
    return f"(SELECT id FROM {cte_name(target)})" if target else None


def cte_name(model: Model, before: int = 0) -> str:
    """`before`: how many rows of the same table stand before it."""
    return f"new_{model._meta.model_name}{before or ''}"


# Everything travels as text and is cast in the statement: parameters of mixed types would give a prepared
# statement for each mixture of types and nulls.
Writer = Callable[[Any], str]


@cache
def writers(tables: tuple[Model, ...]) -> list[Writer]:
    """How a value of each of the statement's own columns is written."""
    return [writer_of(field) for _, field in own_fields(tables)]


def writer_of(field: models.Field) -> Writer:
    if isinstance(field, ArrayField):
        return write_array
    if isinstance(field, models.JSONField):
        return write_json
    return write_bytes if isinstance(field, models.BinaryField) else str


def as_text(writer: Writer, value: Any) -> str | None:
    return value if value is None or value.__class__ is str else writer(value)


def write_array(values: Sequence[str]) -> str:
    return "{" + ",".join(map(quote_element, values)) + "}"


def quote_element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Numbers with a point were read as Decimal.
write_json = JSONEncoder(default=float, ensure_ascii=False, check_circular=False).encode


def write_bytes(value: bytes) -> str:
    return "\\x" + value.hex()
