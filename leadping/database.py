"""The database connection as a scarce thing: a few for each process, shared by all its threads."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


def release_connection() -> None:
    """Give the connection back to the pool before waiting for somebody else.

    Inside a transaction it does nothing: the work is not finished, and a test's transaction is not ours.
    """
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def borrowed_connection() -> Iterator[psycopg.Connection]:
    """For one statement: Django's connection where it has one, and so in every transaction; otherwise one of
    its pool, without what Django does around each use of it, which takes longer than a statement of ours."""
    if connection.connection is not None:
        yield connection.connection
        return
    pool = connection.pool  # type: ignore[attr-defined]  # the stubs do not know it yet
    pool.open()
    borrowed = pool.getconn()
    try:
        yield borrowed
    finally:
        # It commits each statement by itself; a broken one is not taken back.
        pool.putconn(borrowed)


def forget_broken_connections() -> None:
    """After PostgreSQL went away: drop what is dead, so that the next request finds a live connection."""
    if pool := connection.pool:  # type: ignore[attr-defined]  # the stubs do not know it yet
        pool.check()
