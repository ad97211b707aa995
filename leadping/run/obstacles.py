"""What can be in the way of a start, each found before it does harm and said in a sentence."""

import contextlib
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

HOST = "127.0.0.1"
# Tries to find a port that nobody else takes.
ANY = (0,) * 20
# Open files by port.
CLAIMS: dict[int, int] = {}


class Obstacle(Exception):  # noqa: N818 (it is one whether it is raised or not)
    """One sentence for the person at the terminal: what is in the way, and what to do."""


def check_tools() -> None:
    if shutil.which("setpriv") is None:
        raise Obstacle("The program setpriv is missing: apt-get install util-linux")


def check_port(port: int) -> None:
    try:
        bind(port)
    except OSError as error:
        raise Obstacle(
            f"Port {port} cannot be used ({error.strerror}): stop what listens there, "
            f"or choose another one: make run PORT={port + 1}"
        ) from error


def free_port(preferred: int) -> int:
    """The preferred port or another, kept from other starts on this machine for as long as our process lives:
    until a server of ours listens there, they would find it free."""
    for wanted in (preferred, *ANY):
        with contextlib.suppress(OSError):
            port = bind(wanted)
            claim(port)
            return port
    raise Obstacle("No free port was found on this machine.")


def claim(port: int) -> None:
    """Takes a name that Linux lets only one process have, until that ends. Raises OSError."""
    if port in CLAIMS:
        return
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0leadping-port-{port}")
    except OSError:
        name.close()
        raise
    CLAIMS[port] = name.detach()


def bind(port: int) -> int:
    """The port, if a server could have it now; any such port for 0. Raises OSError."""
    with socket.socket() as probe:
        # As servers do, so that the remains of earlier connections do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def only_start(folder: Path) -> Iterator[None]:
    """Hold the checkout for this start: a second one would stop the first one's database.

    The file names our process, for `make stop`.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Obstacle("Leadping already runs in this checkout; make stop ends it.") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def check_not_newer(loader: MigrationLoader) -> None:
    """A database that a later version has changed is left alone."""
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if unknown:
        app, name = unknown[-1]
        raise Obstacle(
            f"The database comes from another version of Leadping, which changed it by {app}.{name}: "
            "start that version, or name another database in DATABASE_URL."
        )
