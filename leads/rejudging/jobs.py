"""The job that judges many submissions again."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from leads.models import Rejudgement
from leads.rejudging.many import carry_out

log = structlog.get_logger("leads.rejudging")
FAILED = "It broke off because of an error of ours, which is in the worker's log. What was done stands."


@app.task
def judge_many_again(rejudgement_id: str) -> None:
    row = Rejudgement.named(rejudgement_id).first()
    if row is None or row.status in {Rejudgement.Status.DONE, Rejudgement.Status.FAILED}:
        return
    try:
        carry_out(row)
    except Exception:
        log.exception("not all judged again", rejudgement=rejudgement_id)
        Rejudgement.objects.filter(pk=row.pk).update(
            status=Rejudgement.Status.FAILED, failure=FAILED, finished_at=timezone.now()
        )
