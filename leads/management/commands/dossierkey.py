"""The key that signs dossiers: shows the public half, makes the first one, or puts a new one in its place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.events import COMMAND_LINE
from leads.dossier.keys import KeyFileError, key_file, rotate_key, signing_key
from leads.dossier.signing import key_id, public_pem


class Command(BaseCommand):
    help = "Shows the public key that dossiers are checked with; makes the key where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rotate", metavar="REASON", help="sign with a new key from now on; the old public one is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        said: dict[str, Any] = {"by": COMMAND_LINE, "now": timezone.now()}
        reason = options["rotate"]
        if reason is not None and not reason.strip():
            raise CommandError("Say why the key is changed: --rotate REASON.")
        try:
            key = rotate_key(reason=reason, **said) if reason else signing_key(**said)
        except KeyFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{public_pem(key.public_key()).decode().strip()}")
        self.stdout.write(f"Fingerprint  {key_id(key.public_key())}")
        self.stdout.write(f"Kept in      {key_file()}")
