"""What must be in place before the product can start; a step that is done already is skipped."""

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from leadping.embedded_postgres import DEV
from leadping.run.obstacles import Obstacle, check_not_newer
from leadping.run.sample_source import SampleSource, ask_command, create_source, load_source

BUSINESS = "Sample business"
OWNER = "owner@example.com"

Say = Callable[[str], None]


@contextlib.contextmanager
def database(say: Say) -> Iterator[None]:
    """The embedded server for as long as the block runs, unless DATABASE_URL names another one."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    say("Starting the embedded PostgreSQL ...")
    try:
        DEV.start()
        yield
    finally:
        DEV.stop()


def prepare(*, with_samples: bool, say: Say) -> tuple[dict[str, Any], SampleSource | None]:
    """What `setup` said of the owner, and the source of the samples, if there is to be one."""
    migrate(say)
    collect_static(say)
    # The key that dossiers are signed with; made once.
    call_command("dossierkey", stdout=io.StringIO())
    owner = ask_command("setup", business=BUSINESS, email=OWNER)
    source = None
    if with_samples:
        source = create_samples() if "password" in owner else load_source()
    # From here on the database is the children's; its end should find no connection of ours.
    connection.close_pool()  # type: ignore[attr-defined]  # the stubs do not know it yet
    return owner, source


def create_samples() -> SampleSource:
    """The source that the sample leads come through, and some that wait for somebody at the console."""
    call_command("samplesources", business=BUSINESS, stdout=io.StringIO())
    return create_source(BUSINESS)


def migrate(say: Say) -> None:
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise Obstacle(f"The database cannot be used: {str(error).strip()}") from error
    check_not_newer(executor.loader)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Making the tables ...")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static(say: Say) -> None:
    """Gather and compress what the pages need, when a file or a package changed since the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    origins = [settings.BASE_DIR / "requirements.txt", *folders_and_files(settings.BASE_DIR / "static")]
    if manifest.exists() and manifest.stat().st_mtime > max(path.stat().st_mtime for path in origins):
        return
    say("Collecting the static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)


def folders_and_files(folder: Path) -> list[Path]:
    """The folders too, for a file that was removed changes only its folder."""
    return [folder, *folder.rglob("*")]
