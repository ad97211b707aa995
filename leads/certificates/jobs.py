"""What the worker does about certificates by itself."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from compliance.calls import count_calls
from compliance.troubles import look_for_trouble
from leads.certificates.claiming import claim_new
from leads.certificates.retaining import retain_due

RETAINING_SECONDS = 45


@app.periodic(cron="* * * * *")
@app.task(lock="retain_certificates", queueing_lock="retain_certificates")
def retain_certificates(timestamp: int) -> None:
    claim_new(now=timezone.now())
    retain_due(now=timezone.now(), seconds=RETAINING_SECONDS)


@app.periodic(cron="* * * * *")
@app.task(lock="look_for_trouble", queueing_lock="look_for_trouble")
def look_for_certificate_trouble(timestamp: int) -> None:
    look_for_trouble(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(lock="count_calls", queueing_lock="count_calls")
def count_certificate_calls(timestamp: int) -> None:
    """Today's, and yesterday's as long as some of them may have been stored since."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for moment in {now.date(), (now - timedelta(hours=1)).date()}:
        count_calls(moment)
