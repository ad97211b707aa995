"""A database with all tables and no rows, made once for each state of the migrations. Those that tests run in
are copies of it, for a copy takes a hundredth of the time that all migrations take."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
# What the tables are made of.
SOURCES = sorted(
    [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py"), ROOT / "requirements.txt"]
)


@contextmanager
def one_at_a_time(deed: str) -> Iterator[None]:
    """Of all processes of this user."""
    with Path(gettempdir(), f"leadping-{deed}-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def find_or_make_template() -> str:
    """Its name. Templates of other migrations go, and so does one that was not finished."""
    beginning = f"template_{connection.settings_dict['NAME']}_"
    name = beginning + sha256(b"\0".join(source.read_bytes() for source in SOURCES)).hexdigest()[:12]
    with one_at_a_time("template"):
        found = databases(beginning)
        if name not in found:
            for other in found:
                run(f'DROP DATABASE "{other}"')
            migrate(f"{beginning}unfinished")
            run(f'ALTER DATABASE "{beginning}unfinished" RENAME TO "{name}"')
    return name


def databases(beginning: str) -> list[str]:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
        return [name for (name,) in cursor.fetchall()]


def run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)


def migrate(name: str) -> None:
    usual, of_tests = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    named = of_tests["NAME"]
    of_tests["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        connection.close_pool()
        of_tests["NAME"], connection.settings_dict["NAME"] = named, usual
