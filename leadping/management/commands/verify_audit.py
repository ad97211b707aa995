"""Verifies the log of events and tells each place where it does not hold."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.audit.verification import verify_and_record
from leadping.events import COMMAND_LINE


class Command(BaseCommand):
    help = "Verifies the log of events: chains, signed heads and seals. Exit code 1 when something is found."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", help="the name of one business; all and the installation without")
        parser.add_argument(
            "--heads",
            action="append",
            type=Path,
            help="a file of signed heads, such as a copy kept elsewhere; may be given again (default: "
            "AUDIT_HEADS_FILE)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_and_record(
            by=COMMAND_LINE,
            now=timezone.now(),
            businesses=find_businesses(options["business"]),
            files=find_files(options["heads"]),
        )
        for finding in report.findings:
            self.stdout.write(str(finding))
        figures = report.figures()
        self.stdout.write(
            f"{figures['chains']:,} chains, {figures['control']:,} control events, "
            f"{figures['traffic']:,} events of traffic: {figures['findings']:,} findings."
        )
        if report.findings:
            sys.exit(1)


def find_businesses(name: str | None) -> list[Business] | None:
    if name is None:
        return None
    found = list(Business.objects.filter(name__iexact=name))
    if not found:
        raise CommandError(f"There is no business “{name}”.")
    return found


def find_files(paths: list[Path] | None) -> list[Path] | None:
    for path in paths or []:
        if not path.exists():
            raise CommandError(f"There is no file {path}.")
    return paths
