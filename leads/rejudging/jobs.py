"""The job that judges many submissions again."""

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leads.models import Rejudgement
from leads.rejudging.many import carry_out

log = structlog.get_logger("leads.rejudging")
FAILED = "It broke off because of an error of ours, which is in the worker's log. What was done stands."

# While the database is away nothing can be said to have failed; what was done stands, and it goes on.
AWAY = (OperationalError, InterfaceError)
AGAIN = RetryStrategy(max_attempts=5, wait=5, linear_wait=10, retry_exceptions=AWAY)


@app.task(retry=AGAIN)
def judge_many_again(rejudgement_id: str) -> None:
    row = Rejudgement.named(rejudgement_id).first()
    if row is None or row.status in {Rejudgement.Status.DONE, Rejudgement.Status.FAILED}:
        return
    try:
        carry_out(row)
    except AWAY:
        raise
    except Exception:
        log.exception("not all judged again", rejudgement=rejudgement_id)
        Rejudgement.objects.filter(pk=row.pk).update(
            status=Rejudgement.Status.FAILED, failure=FAILED, finished_at=timezone.now()
        )
