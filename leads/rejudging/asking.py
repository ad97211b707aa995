"""Asking for many submissions to be judged again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadping.events import record_event
from leads.models import Rejudgement, Submission
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.jobs import judge_many_again
from leads.rejudging.many import MOST


@transaction.atomic
def ask_many(submissions: Sequence[Submission], *, by: str, reason: str, now: datetime) -> Rejudgement:
    """`submissions` are of one business. The worker judges them, and the row tells what came of it."""
    if not submissions:
        raise NotAgainError("There is nothing to judge again.")
    if len(submissions) > MOST:
        raise NotAgainError(f"At most {MOST:,} are judged again at once; choose fewer.")
    (business_id,) = {submission.business_id for submission in submissions}
    row = Rejudgement.objects.create(
        business_id=business_id,
        by=by,
        reason=reason,
        submission_ids=[submission.pk for submission in submissions],
        asked_at=now,
    )
    record_event(
        "submissions.judged_again",
        subject=row.public_id,
        by=by,
        business_id=business_id,
        reason=reason,
        now=now,
        count=len(submissions),
    )
    judge_many_again.defer(rejudgement_id=row.public_id)
    return row
