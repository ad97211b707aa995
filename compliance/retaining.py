"""Which certificates are to be retained, and what came of each try. `CertificateRetention` is changed here
and nowhere else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from compliance.certificates import check_columns
from compliance.models import CertificateCheck, CertificateRetention
from compliance.trustedform import guard
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.retain import Service, ask_to_retain, is_final, is_ours, read_kept
from compliance.trustedform.url import CertificateUrl, read_certificate_url
from leadping.database import release_connection
from leadping.events import SYSTEM, record_event
from leadping.metrics import CERTIFICATE_CHECKS
from leadping.verbs import VerbError

Status = CertificateRetention.Status
OPEN = (Status.WAITING, Status.FAILED)

# A certificate can be asked about for 72 hours; for longer where the form was submitted, which is often known
# only a quarter of an hour later.
SHORTEST_LIFE = timedelta(hours=72)
# After each failure; then a last time each day, until it is deleted.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
# While our key or plan is refused there is nothing that asking often would help.
WHILE_OURS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate to be retained for a lead; ids of lead and source are public ones."""

    business_id: UUID
    certificate_id: UUID
    first_seen_at: datetime
    lead: str
    source: str


class RetainingError(VerbError):
    """The message says to a person why it cannot be retained."""


def want(wanted: Sequence[Wanted], *, now: datetime) -> None:
    """What is wanted already, or stored, stays as it is."""
    told = dict(
        CertificateCheck.objects.filter(certificate__in=[one.certificate_id for one in wanted])
        .exclude(expires_at=None)
        .values_list("certificate_id")
        .annotate(last=Max("expires_at"))
    )
    rows = [
        CertificateRetention(
            business_id=one.business_id,
            certificate_id=one.certificate_id,
            lead=one.lead,
            source=one.source,
            wanted_at=now,
            next_at=now,
            dies_at=told.get(one.certificate_id, one.first_seen_at + SHORTEST_LIFE),
            told=one.certificate_id in told,
        )
        for one in wanted
    ]
    CertificateRetention.objects.bulk_create(rows, ignore_conflicts=True)


def is_possible() -> bool:
    """Without an API key TrustedForm stores nothing for us."""
    return bool(settings.TRUSTEDFORM_API_KEY)


def ask_service(
    certificate_url: str, *, phone: str, email: str, reference: str, vendor: str
) -> CertificateAnswer:
    """One request to the service this installation is set to. Call it without a database connection."""
    certificate = read_certificate_url(certificate_url)
    if not isinstance(certificate, CertificateUrl):
        raise RetainingError("Its URL is not one of TrustedForm's.")
    connect, read = settings.TRUSTEDFORM_TIMEOUT
    service = Service(
        settings.TRUSTEDFORM_URL,
        settings.TRUSTEDFORM_API_KEY,
        connect,
        read,
        settings.ALLOW_TRUSTEDFORM_SANDBOX,
    )
    release_connection()
    answer = guard.GUARD.ask(
        lambda: ask_to_retain(
            certificate.id, phone=phone, email=email, reference=reference, vendor=vendor, service=service
        ),
        at_door=False,
    )
    if guard.was_asked(answer):
        CERTIFICATE_CHECKS.labels(answer.outcome).inc()
    return answer


@transaction.atomic
def settle_try(retention_id: UUID, answer: CertificateAnswer, *, now: datetime) -> None:
    """What the answer makes of it. Where nobody was asked it stays as it was, and keeps its turn."""
    retention = CertificateRetention.objects.select_for_update().get(pk=retention_id)
    if retention.status not in OPEN or not guard.was_asked(answer):
        return
    CertificateCheck.objects.create(
        certificate_id=retention.certificate_id,
        business_id=retention.business_id,
        at=now,
        **check_columns(answer, about=retention.lead, source=retention.source, findings=()),
    )
    retention.tries += 1
    retention.tried_at = now
    if kept := read_kept(answer):
        retention.status, retention.next_at, retention.stored_at = Status.STORED, None, now
        retention.reason, retention.ours, retention.sandbox = "", False, answer.sandbox
        retention.previously_retained, retention.masked_url = kept.previously_retained, kept.masked_url
        if kept.expires_at:
            retention.dies_at, retention.told = kept.expires_at, True
        announce("lead.certificate_retained", retention, now=now)
    else:
        fail(retention, answer, now=now)
    retention.save(update_fields=CHANGED)


CHANGED = (
    *("status", "tries", "next_at", "tried_at", "reason", "ours", "dies_at", "told", "stored_at"),
    *("previously_retained", "masked_url", "sandbox"),
)


def fail(retention: CertificateRetention, answer: CertificateAnswer, *, now: datetime) -> None:
    retention.reason = answer.reason or f"TrustedForm answered {answer.http_status}, without storing it."
    retention.ours = is_ours(answer)
    if answer.expires_at:
        retention.dies_at, retention.told = answer.expires_at, True
    wait = WHILE_OURS if retention.ours else PATIENCE[min(retention.tries, len(PATIENCE)) - 1]
    # What is only the earliest end may well be over: most are kept for longer.
    over = retention.told and now >= retention.dies_at
    if (is_final(answer) and not retention.ours) or over:
        retention.status, retention.next_at = Status.GIVEN_UP, None
        announce("lead.certificate_not_retained", retention, now=now)
    else:
        retention.status, retention.next_at = Status.FAILED, now + wait


def put_off(retention_id: UUID, *, now: datetime) -> None:
    """Something of ours failed; it has its turn again after a while."""
    CertificateRetention.objects.filter(pk=retention_id, status__in=OPEN).update(next_at=now + WHILE_OURS)


@transaction.atomic
def give_up(retention_id: UUID, *, why: str, now: datetime) -> None:
    """There is nobody any more for whose sake it would be stored."""
    retention = CertificateRetention.objects.select_for_update().get(pk=retention_id)
    if retention.status in OPEN:
        retention.status, retention.next_at, retention.reason = Status.GIVEN_UP, None, why
        announce("lead.certificate_not_retained", retention, now=now)
        retention.save(update_fields=CHANGED)


@transaction.atomic
def hand_over(retention_id: UUID, wanted: Wanted, *, now: datetime) -> None:
    """Another lead came with the certificate, and for its sake it is stored."""
    open_or_given_up = CertificateRetention.objects.exclude(status=Status.STORED)
    open_or_given_up.filter(pk=retention_id).update(
        status=Status.WAITING, lead=wanted.lead, source=wanted.source, next_at=now, reason="", ours=False
    )


@transaction.atomic
def retain_now(ids: Collection[UUID], *, by: str, reason: str, now: datetime) -> int:
    """A person has them tried at once, also those that were given up. How many of them there were."""
    wanted = CertificateRetention.objects.select_for_update().filter(pk__in=ids).exclude(status=Status.STORED)
    rows = list(wanted.order_by("id"))
    CertificateRetention.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Status.WAITING, next_at=now
    )
    for row in rows:
        announce("lead.retention_asked", row, by=by, reason=reason, now=now)
    return len(rows)


def announce(
    kind: str, retention: CertificateRetention, *, now: datetime, by: str = SYSTEM, reason: str = ""
) -> None:
    record_event(
        kind,
        subject=retention.lead,
        by=by,
        business_id=retention.business_id,
        reason=reason or retention.reason,
        now=now,
    )
