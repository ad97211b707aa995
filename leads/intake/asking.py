"""TrustedForm's say in a case."""

from compliance.certificates import ask_about, judge_certificate, unasked
from compliance.checks.demands import Claim
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl
from leadping.database import release_connection
from leadping.verdicts import Verdict
from leads.demands import demands_of
from leads.intake.arrival import DryRun
from leads.intake.case import Case
from leads.intake.opening import MANY
from leads.intake.payload.draft import LeadDraft


def ask(case: Case) -> bool:
    """Has the certificate judged by TrustedForm, unless an exception is approved."""
    if case.certificate is None or not case.asks:
        return True
    if case.arrival.dry_run is DryRun.LOCAL:
        return case.find(case.was_read.as_sent(unasked()))
    if case.certificate_answer is None:
        case.certificate_answer = wait_for_answer(case, case.certificate)
    return case.find(*judge_answer(case))


def judge_answer(case: Case) -> list[Verdict]:
    assert case.certificate_answer
    verdicts = judge_certificate(
        case.certificate_answer,
        claim=claim_of_draft(case.was_read.draft),
        demands=demands_of(case.source.settings, case.terms),
        now=case.arrival.received_at,
    )
    return [case.was_read.as_sent(verdict) for verdict in verdicts]


def wait_for_answer(case: Case, certificate: CertificateUrl) -> CertificateAnswer:
    """No database connection is held while we wait."""
    release_connection()
    return ask_about(
        certificate,
        claim=claim_of_draft(case.was_read.draft),
        demands=demands_of(case.source.settings, case.terms),
        # What comes in bulk is asked about on threads of its own.
        at_door=case.arrival.door not in MANY,
    )


def claim_of_draft(draft: LeadDraft) -> Claim:
    return Claim(
        phone=draft.phone.number if draft.phone else "",
        email=draft.email,
        state=draft.state,
        ip=draft.ip_address or "",
        user_agent=draft.user_agent,
    )
