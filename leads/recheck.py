"""Asking TrustedForm again about leads that are held because it could not be asked."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from time import monotonic
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from compliance.certificates import ask_about, check_columns, judge_certificate, stated_outcome
from compliance.models import CertificateCheck
from compliance.trustedform import guard
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl, read_certificate_url
from leadping.database import release_connection
from leadping.events import SYSTEM
from leadping.ids import public_id
from leadping.verdicts import Effect, Verdict, failures
from leads.attempts import first_came
from leads.demands import claim_of_lead, demands_of
from leads.lifecycle import change_hold, refuse_lead, settle_hold, wait_longer
from leads.models import Lead
from leads.own_changes import hold_to_earlier_checks
from sources.models import Source

log = structlog.get_logger("leads.recheck")

UNASKED = "certificate_unavailable"


# How many are asked about at a time.
AT_ONCE = 16
THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="recheck")


def recheck_due(*, now: datetime, seconds: float) -> None:
    """Those whose time has come, in the order in which it came, for so many seconds. Not while TrustedForm
    fails again and again: they keep their turn, and lose nothing of our patience."""
    due = Lead.objects.filter(recheck_at__lte=now).select_related("source__settings", "terms")
    end, tried = monotonic() + seconds, set[UUID]()
    while monotonic() < end and guard.GUARD.admits():
        portion = list(due.exclude(pk__in=tried).order_by("recheck_at", "id")[:AT_ONCE])
        if not portion:
            return
        tried |= {lead.pk for lead in portion}
        held = [lead for lead in portion if keep_to_earlier_checks(lead)]
        release_connection()
        for lead, asked in [(lead, THREADS.submit(ask_again, lead)) for lead in held]:
            conclude(lead, asked)


def keep_to_earlier_checks(lead: Lead) -> bool:
    """What somebody loosened since it first came releases no lead by the worker's hand. Whether that worked:
    one that fails must not keep the others waiting."""
    try:
        made_by = lead.submissions.order_by("id").first()
        since = first_came(made_by) if made_by else lead.created_at
        lead.source = hold_to_earlier_checks(lead.source, since=since).source
    except Exception:
        log.exception("lead not rechecked", lead=lead.public_id)
        wait_longer(lead, now=timezone.now())
        return False
    return True


def conclude(lead: Lead, asked: Future[CertificateAnswer]) -> None:
    """One lead that fails, for whatever reason, must not keep the others waiting for ever."""
    try:
        settle_by(lead, asked.result(), now=timezone.now())
    except Exception:
        log.exception("lead not rechecked", lead=lead.public_id)
        wait_longer(lead, now=timezone.now())


def ask_again(lead: Lead) -> CertificateAnswer:
    """`lead` comes with its source's settings, for no database is asked."""
    certificate = read_certificate_url(lead.trusted_form_url)
    if not isinstance(certificate, CertificateUrl):
        raise RuntimeError(f"{lead.public_id} waits for a certificate that it does not have.")
    demands = demands_of(lead.source.settings, lead.terms)
    return ask_about(certificate, claim=claim_of_lead(lead), demands=demands)


def settle_by(lead: Lead, answer: CertificateAnswer, *, now: datetime) -> None:
    """Where nobody was asked nothing happened, and it is the lead's turn again."""
    if not guard.was_asked(answer):
        return
    # However long it takes, the lead waits, also where the policy would have refused it.
    demands = replace(demands_of(lead.source.settings, lead.terms), outage=Effect.HOLD)
    verdicts = judge_certificate(answer, claim=claim_of_lead(lead), demands=demands, now=now)
    settle(lead, answer, verdicts, now=now)


@transaction.atomic
def settle(lead: Lead, answer: CertificateAnswer, verdicts: list[Verdict], *, now: datetime) -> None:
    source = lead.source
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    # With the checks that it is held to.
    lead.source = source
    if lead.status != Lead.Status.AUDIT or lead.recheck_at is None or lead.certificate_id is None:
        # A person decided while we asked.
        return
    CertificateCheck.objects.create(
        certificate_id=lead.certificate_id,
        business_id=lead.business_id,
        at=now,
        **check_columns(
            answer,
            about=lead.public_id,
            source=public_id(Source.PREFIX, lead.source_id),
            findings=verdicts,
        ),
    )
    Lead.objects.filter(pk=lead.pk).update(trusted_form_outcome=stated_outcome(answer))
    refusing, holding = failures(verdicts, Effect.REFUSE), failures(verdicts, Effect.HOLD)
    # By their codes: what was found in detail may say something of the person, and the log is for good.
    found = ", ".join(one.code.replace("_", " ") for one in refusing or holding)
    reason = f"TrustedForm was asked again. {found or 'No fault was found'}."
    codes = [verdict.code for verdict in holding]
    if refusing:
        refuse_lead(lead, by=SYSTEM, reason=reason, now=now)
    elif codes == [UNASKED]:
        wait_longer(lead, now=now)
    elif codes:
        change_hold(lead, UNASKED, codes, now=now, by=SYSTEM, reason=reason)
    else:
        settle_hold(lead, UNASKED, now=now, by=SYSTEM, reason=reason)
