"""One PostgreSQL server with its data folder: started, adopted, stopped, and named by an address."""

import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from leadping.embedded_postgres.programs import (
    MAJOR_VERSION,
    SYSTEM_HOME,
    EmbeddedPostgresError,
    is_root,
    make_system_home,
    owner,
    program,
    reason_in,
    run,
)

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ROLE = "leadping"
DATABASE = "leadping"

# sockaddr_un.sun_path holds 107 bytes; the rest of the name is PostgreSQL's.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
# Crash recovery after a killed server counts into it.
START_SECONDS = 60
STOP_SECONDS = 30

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A named server of this checkout.

    `durable` is off only where a power cut may lose everything.
    """

    name: str
    durable: bool = True

    def url(self, database: str = DATABASE) -> str:
        """The address of a database for DATABASE_URL and libpq alike, whether the server runs or not."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def start(self) -> None:
        """Make sure that the server runs, accepts connections and has the database.

        Makes the data when there are none, adopts the server when one already runs on them.
        Raises EmbeddedPostgresError.
        """
        with self.alone():
            if self.server_pid() is None:
                self.make_data()
                self.launch()
            self.wait_until_ready()
            self.ensure_database(DATABASE)

    def stop(self) -> None:
        """Stop the server, whoever started it; nothing to do when none runs. Raises EmbeddedPostgresError."""
        if not self.home.exists():
            return
        with self.alone():
            if self.server_pid() is not None:
                self.control("stop", "--mode=fast", f"--timeout={STOP_SECONDS}")

    def ensure_database(self, name: str) -> None:
        """Make the database in the running server unless it is there. Raises EmbeddedPostgresError."""
        connection = (f"--host={self.socket_folder}", f"--username={ROLE}")
        known = self.run("psql", *connection, "--dbname=postgres", "-Atc", "SELECT datname FROM pg_database")
        if name not in known.splitlines():
            self.run("createdb", *connection, name)

    def server_pid(self) -> int | None:
        """The process that serves this data folder, however it was started, or None.

        A number in the pid file is not enough: after a crash it may belong to any process. PostgreSQL's own
        stands in the data folder.
        """
        try:
            pid = int(self.pid_file.read_text().splitlines()[0])
            serves_us = Path(f"/proc/{pid}/cwd").samefile(self.data)
        except (OSError, ValueError, IndexError):
            return None
        return pid if serves_us else None

    @property
    def home(self) -> Path:
        if is_root():
            return SYSTEM_HOME / key(CHECKOUT) / self.name
        return CHECKOUT / ".leadping" / self.name

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data; in /tmp when the path of the checkout is too long or too odd for a socket.

        Always the same for one user and checkout, so that a command in another terminal finds it.
        """
        beside = self.home / "socket"
        if len(bytes(beside)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII):
            return beside
        # In a folder open to all, so make_private refuses one that is not ours.
        return Path(f"/tmp/leadping-{os.geteuid()}-{key(self.home)}")  # noqa: S108

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One start or stop at a time. Whatever the file system refuses becomes a sentence."""
        try:
            self.make_home()
            with (self.home / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The embedded PostgreSQL cannot use {error.filename or self.home}: {error.strerror}."
            ) from error

    def make_home(self) -> None:
        if is_root():
            make_system_home()
            self.home.parent.mkdir(exist_ok=True)
            self.home.parent.chmod(0o755)
        else:
            self.home.parent.mkdir(exist_ok=True)
        make_private(self.home)

    def make_data(self) -> None:
        """Made aside and renamed, so that an interrupted start leaves nothing half-made behind."""
        if self.data.exists():
            self.check_version()
            return
        # It alone loads every library, and says which one is missing where initdb would not.
        self.run("postgres", "--version")
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            # Whoever may open the socket's folder, which is private, is let in.
            "--auth=trust",
            "--encoding=UTF8",
            # The same order of text on every machine, whatever locales it has.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(() if self.durable else ("--no-sync",)),
        )
        unfinished.rename(self.data)

    def check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != MAJOR_VERSION:
            raise EmbeddedPostgresError(
                f"The data in {self.data} were made by PostgreSQL {made_by}, and this is {MAJOR_VERSION}: "
                "move that folder away to start anew, or set DATABASE_URL to a server that can read it."
            )

    def launch(self) -> None:
        make_private(self.socket_folder)
        # The lock files of a server that was killed. PostgreSQL trusts their numbers, which by now may belong
        # to another process, or to a dead one that nobody buried, as in a container without an init.
        for leftover in (self.pid_file, *self.socket_folder.iterdir(), self.log):
            leftover.unlink(missing_ok=True)
        settings = {
            **SERVER_SETTINGS,
            **(DURABLE if self.durable else FORGETFUL),
            "unix_socket_directories": str(self.socket_folder),
        }
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        try:
            self.control("start", f"--timeout={START_SECONDS}", f"--log={self.log}", f"--options={options}")
        except EmbeddedPostgresError as error:
            if not self.log.exists():
                raise
            reason = reason_in(self.log.read_text(errors="replace"))
            raise EmbeddedPostgresError(
                f"The embedded PostgreSQL did not start: {reason} (see {self.log})"
            ) from error

    def wait_until_ready(self) -> None:
        """An adopted server may still be starting; its pid file says when it accepts."""
        deadline = time.monotonic() + START_SECONDS
        while self.pid_file.read_text().splitlines()[-1].strip() != "ready":
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"The embedded PostgreSQL is not ready after {START_SECONDS} s; see {self.log}."
                )
            time.sleep(0.05)

    def control(self, action: str, *options: str) -> None:
        self.run("pg_ctl", action, f"--pgdata={self.data}", "--wait", *options)

    def run(self, name: str, *options: str) -> str:
        return run([str(program(name)), *options], folder=self.home, user=owner())


def make_private(folder: Path) -> None:
    """A folder that only the server's owner can enter. One that somebody else put there first is refused."""
    user = owner()
    uid = user.pw_uid if user else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != uid:
        raise EmbeddedPostgresError(
            f"The folder {folder} belongs to somebody else; remove it and start again."
        )
    folder.chmod(0o700)


def key(path: Path) -> str:
    """A short name for a path, where several checkouts share a folder."""
    return hashlib.sha256(bytes(path)).hexdigest()[:8]


DEV = Cluster("dev")
TEST = Cluster("test", durable=False)
BENCH = Cluster("bench")
