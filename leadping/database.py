"""The database connection as a scarce thing: a few for each process, shared by all its threads."""

from django.db import connection


def release_connection() -> None:
    """Give the connection back to the pool before waiting for somebody else.

    Inside a transaction it does nothing: the work is not finished, and a test's transaction is not ours.
    """
    if not connection.in_atomic_block:
        connection.close()


def forget_broken_connections() -> None:
    """After PostgreSQL went away: drop what is dead, so that the next request finds a live connection."""
    if pool := connection.pool:  # type: ignore[attr-defined]  # the stubs do not know it yet
        pool.check()
