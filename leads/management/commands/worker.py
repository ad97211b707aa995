"""The job worker, with the relay that feeds it."""

import threading
from importlib import import_module
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from leadping.audit.installation import record_installation
from leads.relay import BATCH, relay_events

log = structlog.get_logger("leads.worker")

POLL_SECONDS = 1.0

# Jobs are declared by being imported.
JOBS = (
    "compliance.suppression.importing.jobs",
    "leadping.accounts.jobs",
    "leadping.audit.jobs",
    "leadping.mail",
    "leads.certificates.jobs",
    "leads.importing.jobs",
    "leads.jobs",
    "leads.rejudging.jobs",
    "leads.retention.jobs",
    "leads.watching.jobs",
    "leads.whatif.jobs",
)
for module in JOBS:
    import_module(module)


class Command(BaseCommand):
    help = "Runs jobs until it is told to stop: phone look-ups, rechecks, purges, audit."

    def handle(self, *args: Any, **options: Any) -> None:
        record_installation(now=timezone.now())
        stop = threading.Event()
        relay = threading.Thread(target=relay_until, args=[stop], name="relay")
        relay.start()
        try:
            with app.replace_connector(worker_connector()) as worker_app:
                # Polling, for the trigger that would notify is switched off; see the migration that does it.
                worker_app.run_worker(
                    concurrency=4,
                    listen_notify=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    delete_jobs="successful",
                )
        finally:
            stop.set()
            relay.join()


def worker_connector() -> PsycopgConnector:
    """procrastinate's own connections, beside Django's; two are enough to fetch jobs and to finish them."""
    return PsycopgConnector(kwargs=connector_params(DEFAULT_DB_ALIAS), min_size=1, max_size=2)


def relay_until(stop: threading.Event) -> None:
    """Relays at once while there is plenty, else every second. A lost database is tried again."""
    pause = 0.0
    while not stop.wait(pause):
        try:
            pause = 0.0 if relay_events() == BATCH else POLL_SECONDS
        except DatabaseError as error:
            log.error("relay waits for the database", error=str(error))
            pause = POLL_SECONDS
        finally:
            connection.close()
