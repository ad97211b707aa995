"""What if other terms were in force: 100,000 submissions of one source, tried as the worker would."""

import json
import os
import subprocess
import sys

from django.conf import settings

from leadping.embedded_postgres import BENCH
from leads.models import Lead, Submission
from tests.bench.cast import Cast
from tests.bench.database import connect, fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.fill import IN_HASTE
from tests.bench.load import lead_body, warm_up
from tests.bench.pace import Pace
from tests.bench.product import running_product
from tests.bench.report import say
from tests.bench.watched_rows import copy

SOURCE = "Certified"
STATES = "TX,OK"
AIM = Aim("p50", most=60_000)
# By their outcome, of twenty: half of them came within the days that are looked at, half before.
KINDS = {"accepted": (0, 13), "audit": (14, 15), "refused": (16, 19)}
TEMPLATE = """
    CREATE UNLOGGED TABLE bench_template AS
    SELECT least, most, kind.* FROM (VALUES {kinds}) AS shares (outcome, least, most)
    CROSS JOIN LATERAL (
        SELECT sent.*, substring(sent.body FROM '"phone": ?"[+]1([0-9]+)"') AS number
        FROM leads_submission AS sent
        JOIN sources_source AS source ON source.id = sent.source_id AND source.name = '{source}'
        WHERE outcome = shares.outcome ORDER BY sent.id DESC LIMIT 1
    ) AS kind
"""
# Every tenth is a person who came before, every seventh lives in another state than the terms allow.
MADE = """
    CREATE UNLOGGED TABLE bench_made AS
    SELECT place, at, uuidv7(at - clock_timestamp()) AS made_id, kind.id AS kind_id,
        uuidv7(at - clock_timestamp()) AS made_lead, new_number,
        replace(replace(kind.body, kind.number, new_number),
            '"TX"', CASE WHEN place % 7 = 0 THEN '"CA"' ELSE '"TX"' END) AS new_body
    FROM (
        SELECT place, now() - ({number} - place) * interval '60 days' / {number} AS at,
            (2122000000 + CASE WHEN place % 10 = 0 THEN place - 7 ELSE place END)::text AS new_number
        FROM generate_series(1, {number}) AS place
    ) AS numbered
    JOIN bench_template AS kind ON (place * 31 + place / 1009) % 20 BETWEEN least AND most
    ORDER BY place
"""
SUBMISSION = {
    "id": "made_id",
    "received_at": "at",
    "body": "new_body",
    "body_sha256": "sha256(convert_to(new_body, 'UTF8'))",
    "replay_token": "sha256(made_id::text::bytea)",
    "lead_id": "CASE WHEN kind.lead_id IS NOT NULL THEN made_lead END",
    "repeats_id": "NULL",
}
LEAD = {
    "id": "made_lead",
    "created_at": "at",
    "phone": "'+1' || new_number",
    "email_key": "'maria.' || new_number || '@example.com'",
    "external_id": "'bench-' || new_number",
}


def measure_trying(cast: Cast, pace: Pace) -> list[Line]:
    with fresh_database("bench_tried") as database:
        with running_product(database) as product:
            warm_up(product, cast.certified, lead_body("valid"))
            warm_up(product, cast.certified, lead_body("mismatch"))
            warm_up(product, cast.certified, lead_body("valid", email="nobody@"))
        say(f"Storing {2 * pace.tried:,} submissions of one source ...")
        fill_tried(database, 2 * pace.tried)
        return [
            measure_rule(database, what, rule, pace.tried)
            for what, rule in (("no duplicate rule", "off"), ("duplicates refused", "refuse"))
        ]


def fill_tried(database: str, number: int) -> None:
    kinds = ", ".join(f"('{kind}', {least}, {most})" for kind, (least, most) in KINDS.items())
    with connect(database) as server:
        server.execute(IN_HASTE)
        server.execute(TEMPLATE.format(kinds=kinds, source=SOURCE).encode())
        server.execute(MADE.format(number=number).encode())
        taken = "bench_made JOIN {table} AS kind ON kind.{column} = kind_id"
        rows = taken.format(table="bench_template", column="id")
        server.execute(copy(Submission, SUBMISSION, rows).encode())
        rows = (
            "bench_made JOIN leads_submission AS sent ON sent.id = kind_id "
            "JOIN leads_lead AS kind ON kind.id = sent.lead_id"
        )
        server.execute(copy(Lead, LEAD, rows).encode())
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")


def measure_rule(database: str, what: str, rule: str, number: int) -> Line:
    """`p50` is how long the whole took, `p95` the processor's part of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.trying_cost", SOURCE, STATES, rule],
        env=os.environ | {"BENCH_DATABASE_URL": BENCH.url(database)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    spent = json.loads(done.stdout.splitlines()[-1])
    say(f"  {what}: {spent}")
    seen = spent["looked_at"]
    # Those that warmed the product up lie within the days too.
    faults = () if spent["judged"] >= 0.9 * number else (f"only {spent['judged']:,} were judged",)
    run = Run(seen / spent["seconds"], p50=spent["seconds"] * 1000, p95=spent["cpu"] * 1000, faults=faults)
    return sum_up(f"what if, {seen:,} submissions, {what} (ms in all; of CPU)", 1, [run], AIM)
