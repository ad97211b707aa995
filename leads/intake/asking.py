"""TrustedForm's say in a case."""

from compliance.certificates import ask_about, judge_answer, unasked
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl
from leadping.database import release_connection
from leadping.verdicts import Effect
from leads.intake.arrival import DryRun
from leads.intake.case import Case
from leads.intake.opening import MANY


def ask(case: Case) -> bool:
    """Has the certificate judged by TrustedForm, unless an exception is approved."""
    if case.certificate is None or not case.asks:
        return True
    if case.arrival.dry_run is DryRun.LOCAL:
        return case.find(case.was_read.as_sent(unasked()))
    if case.certificate_answer is None:
        case.certificate_answer = wait_for_answer(case, case.certificate)
    outage = Effect(case.source.settings.outage_policy)
    return case.find(case.was_read.as_sent(judge_answer(case.certificate_answer, outage=outage)))


def wait_for_answer(case: Case, certificate: CertificateUrl) -> CertificateAnswer:
    """No database connection is held while we wait."""
    release_connection()
    draft = case.was_read.draft
    return ask_about(
        certificate,
        phone=draft.phone.number if draft.phone else "",
        email=draft.email,
        insights=case.source.settings.insights,
        # What comes in bulk is asked about on threads of its own.
        at_door=case.arrival.door not in MANY,
    )
