"""What each page of watching costs by itself: CPU of the web process, and the database's own time.

Neither grows much when others use the machine, as the times that a reader waits do. Runs in a process of its
own, for the database of the settings is the one that it asks:

    python -P tests/bench/page_cost.py COOKIE PATH ...
"""

import json
import sys
import time
from statistics import median
from typing import Any

import django
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 9


def main(cookie: str, paths: list[str]) -> None:
    client = Client(headers={"Cookie": cookie, "Host": "127.0.0.1"})
    sys.stdout.write("\n" + json.dumps({path: cost(client, path) for path in paths}))


def cost(client: Client, path: str) -> dict[str, Any]:
    """In milliseconds, the CPU as a median after a first time."""
    read(client, path)
    with CaptureQueriesContext(connection) as captured:
        read(client, path)
    # The next request begins a log of its own.
    reading = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    spent = median(timed(client, path) for _ in range(ROUNDS))
    times = sorted(((explain(statement), statement) for statement in reading), reverse=True)
    return {
        "cpu": spent,
        "database": sum(taken for taken, _ in times),
        "queries": len(reading),
        "slowest": [f"{taken:.1f} ms: {statement[:2000]}" for taken, statement in times[:3]],
    }


def timed(client: Client, path: str) -> float:
    begun = time.process_time()
    read(client, path)
    return (time.process_time() - begun) * 1000


def read(client: Client, path: str) -> None:
    answer: HttpResponse = client.get(path)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    b"".join(answer)


def explain(statement: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement.replace("%", "%%"), [])
        [[plan]] = cursor.fetchall()
    return float(plan[0]["Execution Time"] + plan[0]["Planning Time"])


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], sys.argv[2:])
