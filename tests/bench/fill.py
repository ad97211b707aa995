"""A big table in a minute or two: a year's leads, in all the tables, as intake would have left them."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from compliance.models import Certificate, CertificateCheck
from conversations.models import Conversation
from leadping.ids import ALPHABET
from leadping.models import Event
from leads.models import Lead, Submission
from tests.bench.database import connect
from tests.bench.typical import Model, TypicalLead

# Those that take longest first, for several are filled at a time.
TABLES: tuple[Model, ...] = (Submission, Lead, Event, CertificateCheck, Certificate, Conversation)

# Nothing is checked again and nothing waited for: the rows are right, or the pages read later would show it.
IN_HASTE = "SET session_replication_role = replica; SET synchronous_commit = off"

# As leadping.ids writes it.
PUBLIC_ID = f"""
    CREATE FUNCTION pg_temp.public_id(prefix text, id uuid) RETURNS text IMMUTABLE LANGUAGE sql AS $$
        SELECT prefix || string_agg(substr('{ALPHABET}', 1 + substring(bits FROM first FOR 5)::int, 1), '')
        FROM (SELECT B'00' || ('x' || replace(id::text, '-', ''))::bit(128) AS bits) AS number,
            generate_series(1, 126, 5) AS first
    $$
"""

# What differs from lead to lead. Every 50th is held, every 499th comes from Wyoming, and all the sources of
# all the businesses send in turn. Columns are named as in our tables.
LEADS = """
    CREATE UNLOGGED TABLE bench_lead AS
    WITH sender AS (
        SELECT source.id AS source_id, source.business_id, account_id, terms_in_force_id AS terms_id,
            credential.id AS credential_id, pg_temp.public_id('source_', source.id) AS actor,
            row_number() OVER (ORDER BY source.id) AS turn, count(*) OVER () AS senders
        FROM sources_source AS source JOIN sources_credential AS credential ON source_id = source.id
    ),
    made AS (
        SELECT *, uuidv7(at - clock_timestamp()) AS certificate_id,
            uuidv7(at - clock_timestamp()) AS conversation_id, uuidv7(at - clock_timestamp()) AS lead_id
        FROM (
            SELECT (2122000000 + turn * 1234577 % 8000000)::text AS number,
                now() - ({leads} - turn) * interval '365 days' / {leads} AS at,
                CASE WHEN turn % 50 = 0 THEN 'audit' ELSE 'accepted' END AS status,
                CASE WHEN turn % 499 = 0 THEN 'WY' ELSE 'TX' END AS state,
                turn AS place
            FROM generate_series(1, {leads}::bigint) AS turn
        ) AS numbered
    )
    SELECT *, pg_temp.public_id('lead_', lead_id) AS subject
    FROM made JOIN sender ON turn = place % senders + 1
    ORDER BY place
"""
OWN_COLUMNS = {
    *("business_id", "account_id", "source_id", "terms_id", "credential_id", "certificate_id"),
    *("conversation_id", "lead_id", "status", "state", "actor", "subject"),
}
MOMENTS = {"at", "created_at", "received_at", "first_seen_at"}
OWN_EXPRESSIONS: dict[tuple[Model, str], str] = {
    (Certificate, "id"): "certificate_id",
    (Conversation, "id"): "conversation_id",
    (Conversation, "inbox_since"): "CASE status WHEN 'accepted' THEN at END",
    (Lead, "id"): "lead_id",
    (Lead, "held_for"): "CASE status WHEN 'audit' THEN ARRAY['certificate_mismatch'] ELSE '{}' END",
    (Submission, "outcome"): "status",
    (Submission, "replay_token"): "sha256(number::bytea)",
}


def fill(database: str, leads: int, like: TypicalLead) -> None:
    with connect(database) as server:
        server.execute(PUBLIC_ID.encode())
        server.execute(LEADS.format(leads=leads).encode())
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda model: fill_table(database, model, like), TABLES))
        server.execute("DROP TABLE bench_lead")
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")


def fill_table(database: str, model: Model, like: TypicalLead) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(expressions(model, like))
    insert = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM bench_lead ORDER BY place"
    with connect(database) as server:
        server.execute(IN_HASTE)
        server.execute(insert.encode())


def expressions(model: Model, like: TypicalLead) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if own := OWN_EXPRESSIONS.get((model, field.column)):
            yield own
        elif field.column in OWN_COLUMNS:
            yield field.column
        elif field.column in MOMENTS:
            yield "at"
        elif field.primary_key:
            yield "uuidv7(at - clock_timestamp())"
        else:
            yield f"({like.expression(model, field.column)})::{field.db_type(connection)}"
