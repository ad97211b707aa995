"""Writes the dossier of a lead: everything that proves why it was taken, signed."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.events import COMMAND_LINE
from leads.dossier.keys import KeyFileError
from leads.dossier.make import make_dossier
from leads.models import Lead


class Command(BaseCommand):
    help = "Writes the dossier of a lead as a signed ZIP. That it was taken is put on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lead", metavar="LEAD", help="its id, lead_…")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="where to (default: dossier-LEAD.zip, here)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lead = Lead.named(options["lead"]).first()
        if lead is None:
            raise CommandError(f"There is no lead {options['lead']}.")
        path = options["output"] or Path(f"dossier-{lead.public_id}.zip")
        size = write(path, lead)
        self.stdout.write(f"{path} ({size:,} bytes). It holds personal data.")


def write(path: Path, lead: Lead) -> int:
    """The whole file or none; says how long it is."""
    with os.fdopen(create(path), "wb") as file:
        try:
            return file.write(make_dossier(lead, by=COMMAND_LINE, now=timezone.now()).content)
        except KeyFileError as error:
            path.unlink()
            raise CommandError(str(error)) from error
        except BaseException:
            path.unlink()
            raise


def create(path: Path) -> int:
    """Before anything is put on record, and for nobody else to read: it holds personal data."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CommandError(f"{path} is there already; name another file with --output.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
