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
from leads.certificates.claiming import find_heir, leads_of, wanted, why_not
from leads.models import Lead

log = structlog.get_logger("leads.certificates")

AT_ONCE = 16
THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="retaining")


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
            pass_on(row, why=why, now=timezone.now())
        elif lead:
            asked.append((row, THREADS.submit(ask_for, row, lead)))
    release_connection()
    for row, answer in asked:
        conclude(row, answer)


def pass_on(row: CertificateRetention, *, why: str, now: datetime) -> None:
    """Its lead is gone; where another came with the certificate it is stored for that one."""
    if heir := find_heir(row):
        retaining.hand_over(row.pk, wanted(heir), now=now)
    else:
        retaining.give_up(row.pk, why=why, now=now)


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
