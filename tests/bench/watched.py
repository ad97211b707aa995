"""Submissions of a quarter of a year, of many sources, as the doors leave them, for tallies to be made of."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings

from leadping.embedded_postgres import BENCH
from leads.models import Submission
from tests.bench.database import ask, connect
from tests.bench.fill import IN_HASTE
from tests.bench.watched_rows import copy, copy_complaints, copy_leads, copy_sources

SOURCES = 5_000
DAYS = 91
# More at once than this would hold back the server's own writing.
BATCH = 500_000

# Of every so many sources one is refused everything.
FAILING_EACH = 100

# Of twenty, so many are like the last accepted one, the last held and the last refused.
KINDS = {"accepted": (0, 13), "audit": (14, 15), "refused": (16, 19)}
TEMPLATE = """
    CREATE UNLOGGED TABLE bench_template AS
    SELECT least, most, kind.* FROM (VALUES {kinds}) AS shares (outcome, least, most)
    CROSS JOIN LATERAL (
        SELECT * FROM leads_submission WHERE outcome = shares.outcome ORDER BY id DESC LIMIT 1
    ) AS kind
"""
SENDERS = """
    CREATE UNLOGGED TABLE bench_sender AS
    SELECT id, business_id, row_number() OVER (ORDER BY id) - 1 AS turn FROM sources_source
    WHERE business_id = '{business}' AND deleted_at IS NULL AND name LIKE 'Watched %'
"""
# What a page of watching does not show is left empty: it would only fill the disk.
EMPTY = {"body": "''", "answer": "''", "replay_token": "NULL", "repeats_id": "NULL"}


def fill_watched(database: str, business_id: str, submissions: int) -> None:
    """Evenly over the days, and over the sources with every fifth request from one tenth of them."""
    with connect(database) as server:
        server.execute(IN_HASTE)
        for statement in copy_sources(business_id, SOURCES):
            server.execute(statement.encode())
        server.execute(SENDERS.format(business=business_id).encode())
        kinds = ", ".join(f"('{kind}', {least}, {most})" for kind, (least, most) in KINDS.items())
        server.execute(TEMPLATE.format(kinds=kinds).encode())
        with without_indexes(server, Submission._meta.db_table):
            for first in range(0, submissions, BATCH):
                last = min(first + BATCH, submissions) - 1
                at = f"now() - ({submissions} - place) * interval '{DAYS} days' / {submissions}"
                server.execute(copy_submissions(f"generate_series({first}::bigint, {last})", at).encode())
        for statement in (*copy_leads(), copy_complaints()):
            server.execute(statement.encode())
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")


@contextmanager
def without_indexes(server: psycopg.Connection, table: str) -> Iterator[None]:
    """All but the primary key are made when the rows are there, which takes a fraction of the time."""
    others = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'"
    )
    indexes = server.execute(others, [table]).fetchall()
    for name, _ in indexes:
        server.execute(f'DROP INDEX "{name}"'.encode())
    yield
    server.execute("SET maintenance_work_mem = '512MB'")
    for _, made in indexes:
        server.execute(made.encode())


def add_minutes(database: str, minutes: int, a_second: int) -> None:
    """What comes in a few busy minutes, up to now."""
    with connect(database) as server:
        server.execute(IN_HASTE)
        number = minutes * 60 * a_second
        at = f"now() - ({number} - place) * interval '1 second' / {a_second}"
        server.execute(copy_submissions(f"generate_series(1::bigint, {number})", at).encode())
        server.execute("ANALYZE leads_submission")


def copy_submissions(places: str, at: str) -> str:
    own = {
        **EMPTY,
        "id": "uuidv7(at - clock_timestamp())",
        "received_at": "at",
        "source_id": "sender.id",
        "business_id": "sender.business_id",
    }
    rows = f"""
        (SELECT place, {at} AS at FROM {places} AS place) AS numbered
        JOIN bench_sender AS sender ON turn = CASE WHEN place % 5 = 0
            THEN place * 7919 % ({SOURCES} / 10) ELSE place * 7919 % {SOURCES} END
        JOIN bench_template AS kind ON CASE WHEN turn % {FAILING_EACH} = 7 THEN kind.outcome = 'refused'
            ELSE (place * 31 + place / 1009) % 20 BETWEEN least AND most END
    """
    return copy(Submission, own, rows)


def run_in(database: str, code: str) -> float:
    """Runs code of the product on this database in a process of its own, and gives what it says it took."""
    timed = "\n".join(
        [
            "import time; from django.utils import timezone",
            "from leads.watching import perishing as p, tallying as t",
            "begun = time.monotonic()",
            code,
            "print('took', time.monotonic() - begun)",
        ]
    )
    environment = os.environ | {"DATABASE_URL": BENCH.url(database)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", timed]
    done = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return float(done.stdout.rpartition("took")[2])


def count_again(database: str, column: str) -> tuple[int, int]:
    """By the tallies of days, and by the submissions themselves."""
    tallied = ask(database, f"SELECT sum({column}) FROM leads_businesstally WHERE period = 'day'")
    outcome = {"accepted": "accepted", "held": "audit", "refused": "refused"}[column]
    stored = ask(
        database, f"SELECT count(*) FROM leads_submission WHERE outcome = '{outcome}' AND NOT dry_run"
    )
    return int(tallied), int(stored)
