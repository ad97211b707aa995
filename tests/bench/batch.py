"""Leads that come in batches beside COPY of the very same rows, and the flat door while a batch comes in."""

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import requests

from tests.bench.cast import Cast, Headers
from tests.bench.database import connect, fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.load import AREA_CODES, FIRST_LOCAL_NUMBER, lead_body, post_leads, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product

SENDERS = (1, 2)
LEADS = 10_000
POSTING = 8

COPIED = "COPY of the same rows"
BATCHES = f"accepted in batches of {LEADS:,}, certificate waived (of COPY)"
AIM = Aim("ratio", least=0.25)

# The rows of one batch, table by table, as COPY writes them.
OF_BATCH = "FROM leads_submission AS sent WHERE sent.request_id = %s ORDER BY sent.id"
ROWS = {
    "conversations_conversation": """
        SELECT talk.* FROM leads_submission AS sent JOIN leads_lead AS lead ON lead.id = sent.lead_id
        JOIN conversations_conversation AS talk ON talk.id = lead.conversation_id
        WHERE sent.request_id = %s ORDER BY sent.id
    """,
    "leads_lead": """
        SELECT lead.* FROM leads_submission AS sent JOIN leads_lead AS lead ON lead.id = sent.lead_id
        WHERE sent.request_id = %s ORDER BY sent.id
    """,
    "leadping_event": """
        SELECT event.* FROM leads_submission AS sent
        JOIN leadping_event AS event ON event.subject = sent.answer::json ->> 'id'
        WHERE sent.request_id = %s ORDER BY sent.id
    """,
    "leads_submission": "SELECT sent.* " + OF_BATCH,
}


def measure_batches(cast: Cast, pace: Pace) -> list[Line]:
    batches: dict[int, list[Run]] = {senders: [] for senders in SENDERS}
    copies: dict[int, list[Run]] = {senders: [] for senders in SENDERS}
    with (
        fresh_database("bench_batch") as database,
        fresh_database("bench_copied") as copied,
        running_product(database) as product,
    ):
        warm_up(product, cast.waived, lead_body())
        for number in range(pace.rounds + 1):
            for senders in SENDERS:
                run, request_ids = post_batches(product, cast.waived, senders)
                copy = copy_rows(database, copied, request_ids)
                # The first round fills caches and files on both sides, and does not count.
                if number:
                    batches[senders].append(run)
                    copies[senders].append(copy)
        beside = measure_beside(product, cast, pace)
    lines = []
    for senders in SENDERS:
        lines += [
            sum_up(COPIED, senders, copies[senders]),
            sum_up(BATCHES, senders, batches[senders], AIM, base=copies[senders]),
        ]
    return [*lines, *beside]


def post_batches(product: Product, headers: Headers, senders: int) -> tuple[Run, list[str]]:
    """Leads a second, and the request's id of each batch."""
    started = perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        answers = list(pool.map(lambda _: post_batch(product, headers), range(senders)))
    elapsed = perf_counter() - started
    faults = [f"of {LEADS:,} leads {taken:,} were accepted" for _, taken in answers if taken != LEADS]
    return Run(LEADS * senders / elapsed, faults=tuple(faults)), [request_id for request_id, _ in answers]


def post_batch(product: Product, headers: Headers) -> tuple[str, int]:
    """The request's id and how many were accepted."""
    response = requests.post(
        f"{product.address}/leads/batch",
        batch_body(next(AREA_CODES)),
        headers={**headers, "Content-Type": "application/x-ndjson"},
        timeout=120,
    )
    summary = json.loads(response.text.splitlines()[-1])["summary"]
    return response.headers["X-Request-Id"], summary["accepted"]


def batch_body(area: str) -> bytes:
    lead = lead_body()
    numbers = (f"{area}{FIRST_LOCAL_NUMBER + turn * 1_234_577 % 7_000_000}" for turn in next_turns())
    return "".join(f"{lead.replace('{number}', number)}\n" for number in numbers).encode()


TURNS = iter(range(0, 10**9, LEADS))


def next_turns() -> range:
    """No batch has a turn of another's."""
    first = next(TURNS)
    return range(first, first + LEADS)


def copy_rows(database: str, copied: str, request_ids: Sequence[str]) -> Run:
    """Leads a second, all tables of a batch in one transaction, one connection for each batch."""
    texts = [
        [read_rows(database, query, request_id) for query in ROWS.values()] for request_id in request_ids
    ]
    barrier = threading.Barrier(len(request_ids) + 1)
    with ThreadPoolExecutor(len(request_ids)) as pool:
        copying = [pool.submit(copy_in, copied, tables, barrier) for tables in texts]
        barrier.wait()
        started = perf_counter()
        stored = sum(one.result() for one in copying)
        elapsed = perf_counter() - started
    expected = LEADS * len(request_ids) * len(ROWS)
    faults = () if stored == expected else (f"{stored:,} rows of {expected:,} were copied",)
    return Run(LEADS * len(request_ids) / elapsed, faults=faults)


def read_rows(database: str, query: str, request_id: str) -> bytes:
    with connect(database) as server, server.cursor() as cursor:
        text = query.replace("%s", f"'{request_id}'")
        with cursor.copy(f"COPY ({text}) TO STDOUT".encode()) as copy:
            return b"".join(copy)


def copy_in(copied: str, tables: Sequence[bytes], barrier: threading.Barrier) -> int:
    stored = 0
    with connect(copied) as server, server.cursor() as cursor:
        barrier.wait()
        with server.transaction():
            for table, rows in zip(ROWS, tables, strict=True):
                with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    copy.write(rows)
                stored += cursor.rowcount
    return stored


def measure_beside(product: Product, cast: Cast, pace: Pace) -> list[Line]:
    """The flat door with few senders, alone and while batches come in one after another."""

    def post() -> Run:
        return post_leads(product, cast.texan, lead_body(), senders=POSTING, seconds=pace.seconds)

    alone = [post()]
    stop = threading.Event()
    posting = threading.Thread(target=post_until, args=(product, cast.waived, stop))
    posting.start()
    try:
        beside = [without_faults(post())]
    finally:
        stop.set()
        posting.join()
    return [
        sum_up("flat door, no batch", POSTING, alone),
        sum_up("flat door, beside a batch (of no batch)", POSTING, beside, base=alone),
    ]


def post_until(product: Product, headers: Headers, stop: threading.Event) -> None:
    while not stop.is_set():
        post_batch(product, headers)


def without_faults(run: Run) -> Run:
    """The leads of the batch are counted too; whether an answer failed shows in the rate."""
    return Run(run.rate, run.p50, run.p95, run.p99)
