"""What the worker does for the log by itself."""

from uuid import UUID

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from leadping.audit.seals import seal_everything
from leadping.audit.verification import verify_and_record
from leadping.chain import chain_everything
from leadping.events import SYSTEM
from leadping.heads import log_heads

log = structlog.get_logger("leadping.audit")

# The heads as this process last wrote them to the log.
LOGGED: dict[UUID, int] = {}


@app.periodic(cron="* * * * *")
@app.task(lock="audit_chain", queueing_lock="audit_chain")
def chain_what_waits(timestamp: int) -> None:
    """Links events and publishes heads whose process died before it could."""
    chain_everything()
    log_heads(LOGGED)


@app.periodic(cron="*/10 * * * *")
@app.task(lock="audit_seals", queueing_lock="audit_seals")
def seal_traffic(timestamp: int) -> None:
    count = seal_everything(now=timezone.now())
    if count:
        log.info("traffic sealed", count=count)


@app.periodic(cron="43 2 * * 1-6")
@app.task(lock="audit_verification", queueing_lock="audit_verification")
def verify_every_night(timestamp: int) -> None:
    """From where each chain last held."""
    verify_log(full=False)


@app.periodic(cron="43 2 * * 0")
@app.task(lock="audit_verification", queueing_lock="audit_full_verification")
def verify_every_week(timestamp: int) -> None:
    """On Sundays everything of all time, for what was done to events that held before."""
    verify_log(full=True)


def verify_log(*, full: bool) -> None:
    """What is found waits on the front page of the console; the log has it for whoever watches that."""
    chain_everything()
    seal_everything(now=timezone.now())
    report = verify_and_record(by=SYSTEM, now=timezone.now(), full=full)
    for finding in report.findings:
        log.error("audit finding", finding=str(finding))
    log.info("audit verified", **report.figures())
