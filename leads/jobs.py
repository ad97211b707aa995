"""The jobs of this app: what the worker does by itself, and when."""

from datetime import UTC, datetime, timedelta

import structlog
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leadping.accounts.rates import forget_user_counts
from leadping.database import release_connection
from leads.models import Lead
from leads.pausing import pause_bad_sources
from leads.phone_lookup import PhoneLookupFailure, configured_lookup
from leads.recheck import recheck_due
from sources.approval import expire_due
from sources.caps import forget_cap_counts
from sources.credentials import retire_due
from sources.expiring import announce_expiring
from sources.rates import forget_counts

log = structlog.get_logger("leads.jobs")

# The next run takes up where this one ended.
RECHECK_SECONDS = 50


AGAIN = RetryStrategy(max_attempts=5, exponential_wait=5, retry_exceptions=[PhoneLookupFailure])
# There is one for each lead; a file brings thousands, and nobody's pause, letter or what-if waits for those.
LAST = -10


@app.task(retry=AGAIN, priority=LAST)
def look_up_phone(lead_id: str) -> None:
    """Adds line type and carrier to a lead. What the service will never know is left blank."""
    lead = Lead.named(lead_id).first()
    if lead is None or not lead.phone:
        return
    release_connection()
    try:
        facts = configured_lookup()(lead.phone)
    except PhoneLookupFailure as failure:
        if failure.temporary:
            raise
        log.warning("phone not looked up", lead=lead_id, why=str(failure))
        return
    # Unless the person was erased while we asked.
    same = Lead.objects.filter(pk=lead.pk, phone=lead.phone)
    same.update(phone_line_type=facts.line_type, phone_carrier=facts.carrier)


@app.periodic(cron="* * * * *")
@app.task(lock="recheck_held_leads", queueing_lock="recheck_held_leads")
def recheck_held_leads(timestamp: int) -> None:
    """Asks about every held lead whose time has come."""
    now = datetime.fromtimestamp(timestamp, UTC)
    recheck_due(now=now, seconds=RECHECK_SECONDS)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="forget_request_counts")
def forget_request_counts(timestamp: int) -> None:
    now = datetime.fromtimestamp(timestamp, UTC)
    forget_counts(before=now - timedelta(hours=1))
    forget_user_counts(before=now - timedelta(hours=1))
    # The longest cap is that of a month.
    forget_cap_counts(before=now - timedelta(days=62))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="end_what_is_over")
def end_what_is_over(timestamp: int) -> None:
    """Approvals and rotated keys whose end has come are marked so. Intake does not wait for it: it judges by
    the moment itself."""
    now = datetime.fromtimestamp(timestamp, UTC)
    expire_due(now)
    retire_due(now)


@app.periodic(cron="* * * * *")
@app.task(lock="pause_sources", queueing_lock="pause_sources")
def pause_sources(timestamp: int) -> None:
    """Pauses whatever source reached a threshold of its settings."""
    if paused := pause_bad_sources(now=timezone.now()):
        log.info("sources paused by themselves", count=paused)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="warn_of_expiry")
def warn_of_expiry(timestamp: int) -> None:
    announce_expiring(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: object, timestamp: int) -> None:
    """Jobs whose worker died are taken up again; procrastinate leaves that to its users."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
