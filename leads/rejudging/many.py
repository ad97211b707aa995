"""Many submissions judged again, one after the other and each for itself.

What was done is told by the attempts themselves, each of which can be made only once. So a job that is taken
up again after a restart goes on where it was, and two of it do nothing twice.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from leadping.database import release_connection
from leads.models import Rejudgement, Submission
from leads.rejudging.attempt import JudgedAlreadyError, NotAgainError, find_repeated
from leads.rejudging.verbs import judge_again
from sources.models import Source

log = structlog.get_logger("leads.rejudging")
MOST = 1000
OUR_ERROR = "It could not be judged because of an error of ours, which is in the worker's log."
JUDGEABLE = (Submission.Outcome.REFUSED, Submission.Outcome.AUDIT)


@dataclass(frozen=True, slots=True)
class Progress:
    """`came_of` counts the attempts made by their outcome; `left` has sentences with their counts."""

    total: int
    done: int
    came_of: dict[Submission.Outcome, int]
    left: dict[str, int]

    @property
    def attempts(self) -> int:
        """How many were made, of the submissions that were looked at."""
        return sum(self.came_of.values())


def newest_attempts(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """Refused or held, no dry runs, and not judged again yet; the oldest first."""
    later = Submission.objects.filter(repeats=OuterRef("pk"))
    judgeable = found.filter(outcome__in=JUDGEABLE, dry_run=False)
    return judgeable.filter(~Exists(later)).order_by("id")


def matching(source: Source, *, code: str, since: datetime) -> QuerySet[Submission]:
    """What a check of this code stopped, or without one everything that was stopped."""
    found = Submission.objects.filter(source=source, received_at__gte=since)
    if code:
        found = found.filter(codes__contains=[code])
    return newest_attempts(found)


def carry_out(row: Rejudgement) -> None:
    own = Rejudgement.objects.filter(pk=row.pk)
    own.update(status=Rejudgement.Status.RUNNING, started_at=row.started_at or timezone.now())
    repeated = find_repeated(row.submission_ids)
    for submission_id in row.submission_ids:
        if submission_id in repeated or str(submission_id) in row.left:
            continue
        if why := judge_one(row, submission_id):
            row.left[str(submission_id)] = why
            own.update(left=row.left)
    own.update(status=Rejudgement.Status.DONE, finished_at=timezone.now())


def judge_one(row: Rejudgement, submission_id: UUID) -> str:
    """Why it was left as it is, or nothing."""
    found = Submission.objects.select_related("lead", "source").filter(business=row.business_id)
    try:
        judge_again(found.get(pk=submission_id), by=row.by, reason=row.reason, now=timezone.now())
    except JudgedAlreadyError:
        # By the same job, which was taken up twice, or by a person meanwhile: either way the attempt tells.
        return ""
    except NotAgainError as error:
        return str(error)
    except Exception:
        log.exception("not judged again", submission=str(submission_id))
        return OUR_ERROR
    finally:
        release_connection()
    return ""


def read_progress(row: Rejudgement) -> Progress:
    attempts = Submission.objects.filter(repeats__in=row.submission_ids)
    outcomes = Counter(attempts.values_list("outcome", flat=True))
    left = Counter(row.left.values())
    came_of = {Submission.Outcome(outcome): count for outcome, count in outcomes.most_common()}
    done = sum(outcomes.values()) + sum(left.values())
    return Progress(len(row.submission_ids), done, came_of, dict(left.most_common()))
