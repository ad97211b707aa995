"""The benchmark's own PostgreSQL, as durable as the product's, with a fresh database for each stage."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from leadping.embedded_postgres import BENCH

# Holds what every stage begins with, and is copied; the product in our own process uses it.
PREPARED = "leadping"
OURS = {"postgres", "template0", "template1"}
APPLICATION = "tests.bench"
SAMPLE_SECONDS = 0.1

CONNECTIONS = f"""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
        AND application_name <> '{APPLICATION}'
"""


@contextmanager
def running_server() -> Iterator[None]:
    """The server with an empty database PREPARED; what an earlier run left is removed."""
    BENCH.start()
    try:
        with connect("postgres") as server:
            for (name,) in server.execute("SELECT datname FROM pg_database").fetchall():
                if name not in OURS:
                    drop_database(server, name)
        BENCH.ensure_database(PREPARED)
        yield
    finally:
        BENCH.stop()


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """A copy of PREPARED for as long as the block runs; gives its name."""
    # PostgreSQL copies only what nobody is connected to.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the stubs do not know it yet
    with connect("postgres") as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(PREPARED))
        )
        try:
            yield name
        finally:
            drop_database(server, name)


def drop_database(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(database: str) -> psycopg.Connection:
    return psycopg.connect(BENCH.url(database), autocommit=True, application_name=APPLICATION)


def describe_server() -> dict[str, str]:
    """What makes figures of different machines comparable, or not."""
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    return {name: ask("postgres", f"SHOW {name}") for name in names}


def ask(database: str, question: str) -> Any:
    """The single value that the query gives."""
    with connect(database) as server:
        row = server.execute(question.encode()).fetchone()
    assert row
    return row[0]


@contextmanager
def watched_connections(database: str) -> Iterator[list[int]]:
    """The numbers of the product's connections, looked at while the block runs."""
    seen: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        with connect(database) as server:
            while not stop.wait(SAMPLE_SECONDS):
                seen.extend(number for (number,) in server.execute(CONNECTIONS))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        stop.set()
        watcher.join()
