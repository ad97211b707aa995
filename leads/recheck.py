"""Asking TrustedForm again about leads that are held because it could not be asked."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from compliance.certificates import ask_about, check_columns, judge_certificate, stated_outcome
from compliance.models import CertificateCheck
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl, read_certificate_url
from leadping.database import release_connection
from leadping.events import SYSTEM
from leadping.ids import public_id
from leadping.verdicts import Effect, Verdict, failures
from leads.demands import claim_of_lead, demands_of
from leads.lifecycle import change_hold, refuse_lead, settle_hold, wait_longer
from leads.models import Lead
from sources.models import Source

UNASKED = "certificate_unavailable"


def recheck_lead(lead: Lead, *, now: datetime) -> None:
    """One conversation with TrustedForm, and what follows from it: released, refused, or held on."""
    certificate = read_certificate_url(lead.trusted_form_url)
    if not isinstance(certificate, CertificateUrl):
        raise RuntimeError(f"{lead.public_id} waits for a certificate that it does not have.")
    claim, demands = claim_of_lead(lead), demands_of(lead.source.settings, lead.terms)
    release_connection()
    answer = ask_about(certificate, claim=claim, demands=demands)
    # However long it takes, the lead waits, also where the policy would have refused it.
    demands = replace(demands, outage=Effect.HOLD)
    settle(lead, answer, judge_certificate(answer, claim=claim, demands=demands, now=now), now=now)


@transaction.atomic
def settle(lead: Lead, answer: CertificateAnswer, verdicts: list[Verdict], *, now: datetime) -> None:
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if lead.status != Lead.Status.AUDIT or lead.recheck_at is None or lead.certificate_id is None:
        # A person decided while we asked.
        return
    CertificateCheck.objects.create(
        certificate_id=lead.certificate_id,
        business_id=lead.business_id,
        at=now,
        **check_columns(answer, about=lead.public_id, source=public_id(Source.PREFIX, lead.source_id)),
    )
    Lead.objects.filter(pk=lead.pk).update(trusted_form_outcome=stated_outcome(answer))
    refusing, holding = failures(verdicts, Effect.REFUSE), failures(verdicts, Effect.HOLD)
    reason = " ".join(
        ["TrustedForm was asked again.", *(one.detail for one in refusing or holding or verdicts)]
    )
    codes = [verdict.code for verdict in holding]
    if refusing:
        refuse_lead(lead, by=SYSTEM, reason=reason, now=now)
    elif codes == [UNASKED]:
        wait_longer(lead, now=now)
    elif codes:
        change_hold(lead, UNASKED, codes, now=now, by=SYSTEM, reason=reason)
    else:
        settle_hold(lead, UNASKED, now=now, by=SYSTEM, reason=reason)
