"""Having certificates retained whose time has come: the one that is deleted first goes first."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from uuid import UUID

import structlog
from django.utils import timezone

from compliance import retaining
from compliance.models import CertificateRetention
from compliance.trustedform import guard
from compliance.trustedform.answers import CertificateAnswer
from leadping.database import release_connection
from leadping.ids import parse_public_id
from leads.models import Lead

log = structlog.get_logger("leads.certificates")

AT_ONCE = 16
THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="retaining")
NO_LONGER = "The lead is no longer an accepted one."
NOBODY = (
    "The lead has neither phone nor email any more, and TrustedForm wants to know whose certificate it is."
)


def retain_due(*, now: datetime, seconds: float) -> None:
    """For so many seconds. Not without an API key, and not while TrustedForm fails again and again."""
    end, tried = monotonic() + seconds, set[UUID]()
    while retaining.is_possible() and monotonic() < end and guard.GUARD.admits():
        due = CertificateRetention.objects.filter(next_at__lte=now).exclude(pk__in=tried)
        portion = list(due.select_related("certificate").order_by("dies_at", "id")[:AT_ONCE])
        if not portion:
            return
        tried |= {row.pk for row in portion}
        retain_together(portion)


def retain_together(portion: Sequence[CertificateRetention]) -> None:
    leads = leads_of(portion)
    asked: list[tuple[CertificateRetention, Future[CertificateAnswer]]] = []
    for row in portion:
        lead = leads.get(row.lead)
        if why := why_not(lead):
            retaining.give_up(row.pk, why=why, now=timezone.now())
        elif lead:
            asked.append((row, THREADS.submit(ask_for, row, lead)))
    release_connection()
    for row, answer in asked:
        conclude(row, answer)


def leads_of(portion: Sequence[CertificateRetention]) -> dict[str, Lead]:
    ids = [parse_public_id(Lead.PREFIX, row.lead) for row in portion]
    return {lead.public_id: lead for lead in Lead.objects.filter(pk__in=ids).select_related("source")}


def why_not(lead: Lead | None) -> str:
    if lead is None or lead.status != Lead.Status.ACCEPTED:
        return NO_LONGER
    return "" if lead.phone or lead.email else NOBODY


def ask_for(row: CertificateRetention, lead: Lead) -> CertificateAnswer:
    """Our id of the lead is the reference by which TrustedForm finds it again, the source its vendor."""
    return retaining.ask_service(
        row.certificate.url,
        phone=lead.phone,
        email=lead.email,
        reference=lead.public_id,
        vendor=lead.source.name,
    )


def conclude(row: CertificateRetention, asked: Future[CertificateAnswer]) -> None:
    """One that fails, for whatever reason, must not keep the others waiting."""
    try:
        retaining.settle_try(row.pk, asked.result(), now=timezone.now())
    except retaining.RetainingError as error:
        retaining.give_up(row.pk, why=str(error), now=timezone.now())
    except Exception:
        log.exception("certificate not retained", lead=row.lead)
        retaining.put_off(row.pk, now=timezone.now())
