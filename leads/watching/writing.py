"""How statements that write tallies are run: one transaction at a time."""

from datetime import datetime
from typing import Any

from django.db import connection

from leads.watching.buckets import Period

# Any number that nothing else locks.
LOCK = 7_415_001


def prepare() -> None:
    """One at a time: whoever counted before an other and wrote after it would write what was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL work_mem = '64MB'")


def run(statement: str, **parameters: Any) -> list[datetime]:
    """What it returns, which is at most moments."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {name: plain(value) for name, value in parameters.items()})
        return [moment for (moment,) in cursor.fetchall()] if cursor.description else []


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Period) else value
