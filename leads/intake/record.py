"""Writing a judged case down, once and for all, and settling the races that only the database can see."""

from django.db import IntegrityError, transaction

from leadping.ids import new_id, public_id
from leadping.metrics import SUBMISSIONS
from leads.intake.answers import Reply, answer
from leads.intake.case import Case
from leads.intake.contention import depends_on_others, settle_beside_others
from leads.intake.exposure import flag_exposed_keys
from leads.intake.replays import free_token, settle_repetition
from leads.intake.rows import certificate_rows, dry_run_rows, lead_rows, submission_columns
from leads.intake.statement import Rows, Unsuppressed, store
from leads.models import Lead, Submission

# How often a twin may be faster: once to find the token taken, once more where it had just become free.
TWINS = 2


class SourceMoved(Exception):  # noqa: N818 (nothing failed)
    """The source changed after the case was judged, or a contact is suppressed that was taken for one that is
    not, so the judgement is worth nothing."""


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
    follow_up(case)
    return reply


def follow_up(case: Case) -> None:
    """What is noted of a case once it is stored."""
    SUBMISSIONS.labels(case.arrival.door, case.outcome).inc()
    flag_exposed_keys(case)


def record_once(case: Case) -> Reply:
    """Raises IntegrityError when a twin was faster."""
    if case.makes_lead and depends_on_others(case):
        return write_settled(case)
    return write(case)


@transaction.atomic
def write_settled(case: Case) -> Reply:
    """With others held back until this is committed."""
    settle_beside_others(case)
    if case.refusals:
        # The earlier lead may be this very request, sent twice.
        settle_repetition(case)
    return write(case)


def write(case: Case) -> Reply:
    reply, rows = compose(case)
    source = case.source
    unsuppressed = Unsuppressed(source.business_id, source.account_id, case.assumed) if case.assumed else None
    if not store(rows, source_id=source.pk, source_version=source.version, unsuppressed=unsuppressed):
        raise SourceMoved
    return reply


def left_without_lead(case: Case) -> Rows:
    """What stays on record beside the submission. Of a dry run it is what a bill will name."""
    if case.certificate_answer is None:
        return {}
    if case.dry:
        return dry_run_rows(case)
    about = public_id(Lead.PREFIX, case.original.lead_id) if case.original else case.submission_id
    return certificate_rows(case, about=about)


def compose(case: Case) -> tuple[Reply, Rows]:
    """The answer to a case, and the rows that it will stand on."""
    submission_id = new_id()
    case.submission_id = public_id(Submission.PREFIX, submission_id)
    lead_id = new_id() if case.makes_lead else None
    reply = answer(
        case,
        submission_id=case.submission_id,
        lead_id=public_id(Lead.PREFIX, lead_id) if lead_id else "",
    )
    rows = lead_rows(case, lead_id) if lead_id else left_without_lead(case)
    subject = lead_id or (case.original.lead_id if case.original else None)
    return reply, {**rows, Submission: submission_columns(case, reply, submission_id, subject)}
