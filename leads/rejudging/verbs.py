"""Judging a refused or held submission again: a new attempt beside the old one, which stays as it was."""

from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from compliance.certificates import check_columns
from compliance.models import CertificateCheck
from leadping.ids import new_id, public_id
from leadping.verdicts import Effect, failures
from leads.bulk.bringer import Bringer
from leads.bulk.receive import take_in_one
from leads.intake.answers import answer, certificate_outcome
from leads.intake.asking import ask
from leads.intake.case import Case
from leads.intake.contention import judge_crowd, settle_beside_others
from leads.intake.examine import admit, judge, weigh
from leads.intake.opening import keep_unread, read
from leads.intake.receive import ATTEMPTS
from leads.intake.record import SourceMoved
from leads.intake.rows import submission_columns
from leads.intake.statement import Rows, store
from leads.lifecycle import PATIENCE, accept_lead, hold_on, keep_duplicate, refuse_lead
from leads.models import Lead, Submission
from leads.rejudging.attempt import JudgedAlreadyError, NotAgainError, case_of, find_repeated, say_why_not
from sources.models import Source

Outcome = Submission.Outcome


def judge_again(submission: Submission, *, by: str, reason: str, now: datetime) -> Submission:
    """The new attempt, as it is stored. Call it without a transaction, for TrustedForm may be asked.

    Raises NotAgainError, and django.db.OperationalError when nothing could be stored.
    """
    if why := say_why_not(submission, repeated=bool(find_repeated([submission.pk]))):
        raise NotAgainError(why)
    source = Source.objects.with_rules().get(pk=submission.source_id)
    case = case_of(submission, source, by=by, reason=reason, now=now)
    try:
        if case.provenance.lead_id:
            judge_held(case)
        else:
            take_in_one(case.arrival, case.provenance, Bringer(source, shows_key=case.shows_key))
    except IntegrityError as error:
        if find_repeated([submission.pk]):
            raise JudgedAlreadyError from error
        raise
    return Submission.objects.get(repeats=submission)


def judge_held(case: Case) -> None:
    """The lead that there is, judged anew."""
    for _ in range(ATTEMPTS):
        for step in (admit, weigh, read, judge, ask, judge_crowd):
            if not step(case):
                break
        if case.reading is None:
            keep_unread(case)
        try:
            settle(case)
            return
        except SourceMoved:
            source = Source.objects.with_rules().get(pk=case.source.pk)
            case = Case(
                case.arrival,
                source,
                shows_key=case.shows_key,
                certificate_answer=case.certificate_answer,
                provenance=case.provenance,
            )
    raise OperationalError("The source changed at each attempt to store what was judged by it.")


@transaction.atomic
def settle(case: Case) -> None:
    """Raises SourceMoved, and NotAgainError where a person decided meanwhile."""
    lead_id, repeated = case.provenance.lead_id, case.provenance.repeats
    assert lead_id
    assert repeated
    lead = Lead.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=lead_id)
    if find_repeated([repeated]):
        raise JudgedAlreadyError
    if lead.status != Lead.Status.AUDIT:
        raise NotAgainError("Somebody decided on its lead meanwhile.")
    if case.makes_lead:
        settle_beside_others(case)
    if not store(rows_of(case, lead), source_id=case.source.pk, source_version=case.source.version):
        raise SourceMoved
    conclude(case, lead)


def rows_of(case: Case, lead: Lead) -> Rows:
    submission_id = new_id()
    case.submission_id = public_id(Submission.PREFIX, submission_id)
    reply = answer(case, submission_id=case.submission_id, lead_id=lead.public_id)
    submission = submission_columns(case, reply, submission_id, lead.pk)
    if case.certificate_answer is None or lead.certificate_id is None:
        return {Submission: submission}
    check = {
        "id": new_id(),
        "certificate_id": lead.certificate_id,
        "business_id": lead.business_id,
        "at": case.arrival.received_at,
        **check_columns(
            case.certificate_answer,
            about=lead.public_id,
            source=case.source.public_id,
            findings=case.verdicts,
        ),
    }
    return {CertificateCheck: check, Submission: submission}


def conclude(case: Case, lead: Lead) -> None:
    """What becomes of the lead."""
    said = {"by": case.provenance.by, "reason": case.provenance.reason}
    now = case.arrival.received_at
    certificate = certificate_outcome(case)
    if certificate != "unasked":
        Lead.objects.filter(pk=lead.pk).update(trusted_form_outcome=certificate)
    match case.outcome:
        case Outcome.ACCEPTED:
            accept_lead(lead, **said, now=now)
        case Outcome.REFUSED:
            refuse_lead(lead, **said, now=now)
        case Outcome.DUPLICATE:
            keep_duplicate(lead, **said, now=now)
        case _:
            codes = [verdict.code for verdict in failures(case.verdicts, Effect.HOLD)]
            ask_again_at = now + PATIENCE[0] if certificate == "pending" else None
            hold_on(lead, codes, ask_again_at=ask_again_at, **said, now=now)
