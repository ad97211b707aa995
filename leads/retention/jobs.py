"""What the worker deletes by itself, each night."""

from datetime import UTC, datetime

import structlog
from procrastinate.contrib.django import app

from leadping.accounts.models import Business
from leadping.one_by_one import one_by_one
from leads.retention.purging import purge_business

log = structlog.get_logger("leads.retention")


@app.periodic(cron="17 3 * * *")
@app.task(lock="purge", queueing_lock="purge")
def purge(timestamp: int) -> None:
    """Deletes in every business what its periods keep no longer."""
    now = datetime.fromtimestamp(timestamp, UTC)

    def purge_one(business: Business) -> int:
        return sum(one.purged for one in purge_business(business, now=now).values())

    purged = one_by_one(Business.objects.order_by("id"), purge_one, otherwise="business not purged")
    log.info("purged what is kept no longer", rows=purged)
