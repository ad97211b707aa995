import os
from typing import Any

from django.core.management.base import BaseCommand

from leadping.embedded_postgres import EmbeddedPostgresError
from leadping.http import HttpFailure
from leadping.run.obstacles import Obstacle
from leadping.run.product import run


class Command(BaseCommand):
    help = "Serves the product on this machine, with sample data; what `make run` starts."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run(
                port=read_port(os.environ.get("PORT", "8000")),
                with_samples=os.environ.get("SAMPLE", "1") != "0",
                say=self.say,
            )
        except (Obstacle, EmbeddedPostgresError, HttpFailure) as error:
            raise SystemExit(str(error)) from error

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def read_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise Obstacle(f"PORT must be a number from 1 to 65535, not {text}.")
    return int(text)
