"""Submissions of a quarter of a year, of many sources, as the doors leave them, for tallies to be made of."""

import os
import subprocess
import sys

from django.conf import settings

from leadping.embedded_postgres import BENCH
from leads.models import Submission
from sources.models import Source
from tests.bench.database import ask, connect
from tests.bench.fill import IN_HASTE

SOURCES = 5_000
DAYS = 91
# More at once than this would hold back the server's own writing.
BATCH = 500_000

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
        server.execute(copy_source(business_id).encode())
        server.execute(SENDERS.format(business=business_id).encode())
        kinds = ", ".join(f"('{kind}', {least}, {most})" for kind, (least, most) in KINDS.items())
        server.execute(TEMPLATE.format(kinds=kinds).encode())
        for first in range(0, submissions, BATCH):
            last = min(first + BATCH, submissions) - 1
            at = f"now() - ({submissions} - place) * interval '{DAYS} days' / {submissions}"
            server.execute(copy_submissions(f"generate_series({first}::bigint, {last})", at).encode())
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")


def add_minutes(database: str, minutes: int, a_second: int) -> None:
    """What comes in a few busy minutes, up to now."""
    with connect(database) as server:
        server.execute(IN_HASTE)
        number = minutes * 60 * a_second
        at = f"now() - ({number} - place) * interval '1 second' / {a_second}"
        server.execute(copy_submissions(f"generate_series(1::bigint, {number})", at).encode())
        server.execute("ANALYZE leads_submission")


def copy_source(business_id: str) -> str:
    columns = [field.column for field in Source._meta.concrete_fields]
    own = {"id": "uuidv7()", "name": "'Watched ' || turn"}
    values = ", ".join(own.get(column, f"source.{column}") for column in columns)
    like = f"SELECT * FROM sources_source WHERE business_id = '{business_id}' LIMIT 1"
    return (
        f"INSERT INTO sources_source ({', '.join(columns)}) "
        f"SELECT {values} FROM generate_series(1, {SOURCES}) AS turn, ({like}) AS source"
    )


def copy_submissions(places: str, at: str) -> str:
    columns = [field.column for field in Submission._meta.concrete_fields]
    own = {
        **EMPTY,
        "id": "uuidv7(at - clock_timestamp())",
        "received_at": "at",
        "source_id": "sender.id",
        "business_id": "sender.business_id",
    }
    values = ", ".join(own.get(column, f"kind.{column}") for column in columns)
    return f"""
        INSERT INTO leads_submission ({", ".join(columns)})
        SELECT {values}
        FROM (SELECT place, {at} AS at FROM {places} AS place) AS numbered
        JOIN bench_sender AS sender ON turn = CASE WHEN place % 5 = 0
            THEN place * 7919 % ({SOURCES} / 10) ELSE place * 7919 % {SOURCES} END
        JOIN bench_template AS kind ON (place * 31 + place / 1009) % 20 BETWEEN least AND most
    """


def run_in(database: str, code: str) -> float:
    """Runs code of the product on this database in a process of its own, and gives what it says it took."""
    timed = "\n".join(
        [
            "import time; from django.utils import timezone; from leads.watching import tallying as t",
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
