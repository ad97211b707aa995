"""A source's limit of requests a minute, counted in the database so that all processes share it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from leadping.verdicts import Verdict, failed, passed
from sources.models import RequestCount, Source


def judge_rate(source: Source, number: int) -> Verdict:
    """For a source with a limit; `number` is that of the request within its minute."""
    limit = source.settings.rate_per_minute
    if limit is None or number <= limit:
        return passed("rate_exceeded", f"The request was number {number} of its minute.")
    return failed("rate_exceeded", f"This source may send {limit} requests a minute.")


def counted_anew_at(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def forget_counts(*, before: datetime) -> None:
    """A minute that is over is counted no more."""
    RequestCount.objects.filter(minute__lt=before).delete()


@transaction.atomic
def count_request(source: Source, *, now: datetime, requests: int = 1) -> int:
    """The number of this request within its minute, or of the last of several that are counted together; the
    row stays locked until the number is read."""
    minute = now.replace(second=0, microsecond=0)
    row = RequestCount.objects.filter(source=source, minute=minute)
    if not row.update(count=F("count") + requests):
        try:
            with transaction.atomic():
                RequestCount.objects.create(
                    business_id=source.business_id, source=source, minute=minute, count=requests
                )
        except IntegrityError:
            row.update(count=F("count") + requests)
    return row.get().count


def requests_counted(source: Source, *, now: datetime) -> int:
    """How many came so far in this minute."""
    row = RequestCount.objects.filter(source=source, minute=now.replace(second=0, microsecond=0)).first()
    return row.count if row else 0
