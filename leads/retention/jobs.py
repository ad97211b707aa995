"""What the worker deletes by itself, each night."""

from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction
from procrastinate.contrib.django import app

from compliance.suppression.importing.forgetting import forget_unfinished
from leadping.accounts.models import Business
from leadping.ids import LATENESS, first_id_at
from leadping.one_by_one import one_by_one
from leads.models import AddressUse
from leads.retention.held import held_lists
from leads.retention.holds import Holds, lock_records
from leads.retention.purging import purge_business
from sources.models.certificate_checks import PEOPLE_DAYS_MOST

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


@app.periodic(cron="43 3 * * *")
@app.task(queueing_lock="forget_addresses")
def forget_addresses(timestamp: int) -> None:
    """From which IP addresses people came, hashed, once no source may look back so far."""
    now = datetime.fromtimestamp(timestamp, UTC)
    over = AddressUse.objects.filter(id__lt=first_id_at(now - timedelta(days=PEOPLE_DAYS_MOST) - LATENESS))
    log.info("IP addresses forgotten", count=over.delete()[0])


@app.periodic(cron="31 3 * * *")
@app.task(queueing_lock="forget_suppression_files")
def forget_suppression_files(timestamp: int) -> None:
    """Their period is fixed, but a legal hold keeps them like anything else."""
    now = datetime.fromtimestamp(timestamp, UTC)

    @transaction.atomic
    def forget(business: Business) -> int:
        lock_records(business.pk)
        return forget_unfinished(business.pk, but_for=held_lists(Holds(business.pk)), now=now)

    count = one_by_one(Business.objects.order_by("id"), forget, otherwise="suppression files not deleted")
    log.info("files of unfinished suppression imports deleted", count=count)
