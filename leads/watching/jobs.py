"""What the worker does by itself so that the pages need not count."""

import time
from datetime import UTC, datetime

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from leads.watching.perishing import note_perishing
from leads.watching.tallying import fill_back, forget, recount_lately, tally

log = structlog.get_logger("leads.watching")

# A run fills back for so long at most; then the present is counted again.
FILLING_SECONDS = 40


@app.periodic(cron="* * * * *")
@app.task(lock="tally", queueing_lock="tally")
def tally_each_minute(timestamp: int) -> None:
    """The present first; then, in an installation that has submissions from before, one day after another."""
    tally(now=timezone.now())
    end, days = time.monotonic() + FILLING_SECONDS, 0
    while time.monotonic() < end and fill_back(now=timezone.now()):
        days += 1
    if days:
        log.info("tallies filled back", days=days)


@app.periodic(cron="7 * * * *")
@app.task(lock="tally", queueing_lock="tally_again")
def tally_the_last_hours_again(timestamp: int) -> None:
    recount_lately(now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(lock="tally", queueing_lock="note_perishing")
def note_perishing_certificates(timestamp: int) -> None:
    note_perishing(now=timezone.now())


@app.periodic(cron="37 * * * *")
@app.task(lock="tally", queueing_lock="forget_tallies")
def forget_old_tallies(timestamp: int) -> None:
    log.info("tallies forgotten", count=forget(now=datetime.fromtimestamp(timestamp, UTC)))
