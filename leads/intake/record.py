"""Writing a judged case down, once and for all, and settling the races that only the database can see."""

from django.db import IntegrityError, transaction

from leadping.ids import new_id, public_id
from leadping.metrics import SUBMISSIONS
from leads.intake.answers import Reply, answer
from leads.intake.case import Case
from leads.intake.duplicates import is_switched_on, judge_duplicate, lock_values
from leads.intake.replays import free_token, settle_repetition
from leads.intake.rows import lead_rows, submission_columns
from leads.intake.statement import store
from leads.models import Lead, Submission

# How often a twin may be faster: once to find the token taken, once more where it had just become free.
TWINS = 2


class SourceMoved(Exception):  # noqa: N818 (nothing failed)
    """The source changed after the case was judged, so the judgement is worth nothing."""


def record(case: Case) -> Reply:
    """Stores the case and gives the answer, which is true once this returns. Raises SourceMoved."""
    for _ in range(TWINS):
        try:
            reply = record_once(case)
            break
        except IntegrityError:
            if case.replay_token is None:
                raise
            # Another request holds the same token: its answer is ours, unless it is older than 24 hours.
            free_token(case)
            settle_repetition(case)
    else:
        reply = record_once(case)
    SUBMISSIONS.labels(case.arrival.door, case.outcome).inc()
    return reply


def record_once(case: Case) -> Reply:
    """Raises IntegrityError when a twin was faster."""
    if case.makes_lead and is_switched_on(case.source):
        return write_alone(case)
    return write(case)


@transaction.atomic
def write_alone(case: Case) -> Reply:
    """Under the duplicate rule: nobody else can store one of the same values until this is committed."""
    draft = case.was_read.draft
    lock_values(case.source, draft)
    verdict = case.was_read.as_sent(judge_duplicate(case.source, draft, now=case.arrival.received_at))
    case.verdicts = [verdict if earlier.code == verdict.code else earlier for earlier in case.verdicts]
    if case.refusals:
        # The earlier lead may be this very request, sent twice.
        settle_repetition(case)
    return write(case)


def write(case: Case) -> Reply:
    submission_id = new_id()
    lead_id = new_id() if case.makes_lead else None
    reply = answer(
        case,
        submission_id=public_id(Submission.PREFIX, submission_id),
        lead_id=public_id(Lead.PREFIX, lead_id) if lead_id else "",
    )
    rows = lead_rows(case, lead_id) if lead_id else {}
    subject = lead_id or (case.original.lead_id if case.original else None)
    rows[Submission] = submission_columns(case, reply, submission_id, subject)
    if not store(rows, source_id=case.source.pk, source_version=case.source.version):
        raise SourceMoved
    return reply
