"""What stands in the way of judging a submission again, and the case it makes now.

Schedule and sender's address are judged as when it first came; approval, expiry, a pause, an open dispute,
caps and duplicates as they are now; but for what somebody loosened themselves, see `leads/own_changes.py`.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from leadping.ids import new_id, public_id
from leadping.verbs import VerbError
from leadping.verdicts import Verdict
from leads.attempts import first_came, first_of
from leads.intake.case import Case, Provenance
from leads.intake.examine import weigh
from leads.intake.opening import read
from leads.intake.stored import CUT, WHY_NOT, arrival_of, hidden_secrets, is_cut, shows_key, why_not
from leads.models import Lead, Submission
from sources.models import Source

JUDGED_ALREADY = "It was judged again already; only the newest attempt can be judged again."


class NotAgainError(VerbError):
    """The message says to a person why this submission is not judged again."""


class JudgedAlreadyError(NotAgainError):
    def __init__(self) -> None:
        super().__init__(JUDGED_ALREADY)


def find_repeated(ids: Iterable[UUID]) -> set[UUID]:
    """Those of them that were judged again."""
    return set(Submission.objects.filter(repeats__in=list(ids)).values_list("repeats_id", flat=True))


def say_why_not(submission: Submission, *, repeated: bool) -> str:
    """A sentence, or nothing where it can be judged again. `submission` comes with its lead and source."""
    if repeated:
        return JUDGED_ALREADY
    if submission.dry_run:
        return "It was a dry run, of which no lead is made."
    if submission.source.deleted_at:
        return "Its source is deleted."
    if submission.outcome == Submission.Outcome.AUDIT:
        decided = submission.lead is None or submission.lead.status != Lead.Status.AUDIT
        return "Its lead is not held any more." if decided else describe_body(submission)
    if submission.outcome != Submission.Outcome.REFUSED:
        return "It was neither refused nor held."
    return describe_body(submission)


def describe_body(submission: Submission) -> str:
    why = why_not(submission)
    return WHY_NOT[why] if why else ""


def case_of(submission: Submission, source: Source, *, by: str, reason: str, now: datetime) -> Case:
    """As it would come now, but for what stays as it was. Raises NotAgainError."""
    hidden = hidden_faults(submission, source)
    lead = submission.lead if submission.outcome == Submission.Outcome.AUDIT else None
    return Case(
        arrival_of(submission, at=now, request_id=public_id("req", new_id())),
        source,
        shows_key=shows_key(submission),
        provenance=Provenance(
            row_number=submission.row_number,
            imported_in=submission.imported_in_id,
            repeats=submission.pk,
            by=by,
            reason=reason,
            came_at=first_came(submission),
            by_system=came_by_system(submission),
            key_sha256=bytes(submission.key_sha256) if submission.key_sha256 else None,
            redacted=submission.body_redacted,
            hidden=hidden,
            lead_id=lead.pk if lead else None,
            lead_at=lead.created_at if lead else None,
        ),
    )


def hidden_faults(submission: Submission, source: Source) -> tuple[Verdict, ...]:
    """What was found in credentials that are stored no more. Raises NotAgainError."""
    case = Case(arrival_of(submission), source)
    if weigh(case):
        read(case)
        if is_cut(submission, case):
            raise NotAgainError(WHY_NOT[CUT])
    return tuple(hidden_secrets(submission, case.verdicts))


def came_by_system(submission: Submission) -> bool:
    return first_of(submission).credential_id is not None


def can_be_tried(submission: Submission) -> bool:
    """Whether it is worth showing the way; the step itself says what may stand in it."""
    stopped = submission.outcome in {Submission.Outcome.REFUSED, Submission.Outcome.AUDIT}
    return stopped and not submission.dry_run and not find_repeated([submission.pk])
