"""`manage.py trustedform_sandbox`: our stand-in for the certificate service, on this machine only."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.trustedform.sandbox import running_sandbox
from compliance.trustedform.sandbox_replies import NAMES


class Command(BaseCommand):
    help = (
        "Serves a stand-in for the certificate service on 127.0.0.1; the certificate id chooses the answer. "
        f"Ids, each of which may be followed by “-” and anything: {', '.join(sorted(NAMES))}, and delay-300 "
        "for an answer after 300 ms. The API keys no-insights and no-verify lack those products; wrong is "
        "refused."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8099)

    def handle(self, *, port: int, **_: Any) -> None:
        try:
            with running_sandbox(port) as url:
                self.stdout.write(f"The certificate sandbox answers on {url} (stop with Ctrl-C).")
                threading.Event().wait()
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}. Give another with --port."
            ) from None
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
