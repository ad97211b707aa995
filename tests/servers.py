"""The product as it is deployed, in processes of its own: the web server on a port of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import urlsplit

import requests
from django.db import connection

from leadping.embedded_postgres import DEV
from tests.migrated import one_at_a_time

ROOT = Path(__file__).resolve().parents[1]
# Long, for a busy machine must fail no test.
SECONDS_TO_START = 120


@dataclass(frozen=True)
class Server:
    """`log` is the file with all that it printed."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]


@cache
def collect_static_files() -> None:
    """As before each deployment; one process at a time, for all write to one folder."""
    with one_at_a_time("static"):
        manage("collectstatic", "--noinput", "--verbosity=0")


def manage(*command: str, **settings: str) -> str:
    """What `manage.py` printed; `settings` are those that differ from the tests' own."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def database_of_this_test() -> str:
    """The address of the database that Django's test runner made."""
    whole = urlsplit(os.environ.get("DATABASE_URL") or DEV.url())
    return whole._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def running_server(database_url: str, **settings: str) -> Iterator[Server]:
    """One process of the web server; `settings` are those that differ from the tests' own."""
    collect_static_files()
    port = free_port()
    with TemporaryDirectory(prefix="leadping-server-") as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "WEB_WORKERS": "1",
            "WEB_THREADS": "16",
            "PROMETHEUS_MULTIPROC_DIR": folder,
            **settings,
        }
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "leadping/gunicorn_conf.py", "leadping.wsgi"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        server = Server(f"http://127.0.0.1:{port}", log, process)
        try:
            wait_until_it_answers(server)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until_it_answers(server: Server) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while True:
        try:
            requests.get(f"{server.address}/healthz", timeout=1)
        except requests.RequestException:
            if server.process.poll() is not None or monotonic() > deadline:
                raise RuntimeError(server.log.read_text()) from None
            sleep(0.05)
        else:
            return


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


def talk(server: Server, sent: bytes) -> bytes:
    """What comes back to raw bytes, until the server closes the connection."""
    with connected(server) as sock:
        sock.sendall(sent)
        return read_all(sock)


def talk_and_hang_up(server: Server, sent: bytes) -> bytes:
    """The same for a sender that says no more, though it promised to."""
    with connected(server) as sock:
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        return read_all(sock)


def connected(server: Server) -> socket.socket:
    parts = urlsplit(server.address)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


def read_all(sock: socket.socket) -> bytes:
    received = b""
    while more := sock.recv(65_536):
        received += more
    return received
