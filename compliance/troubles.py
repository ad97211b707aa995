"""Whether TrustedForm can be asked, as the last conversations with it show. What was found is a row while it
lasts, so that pages need not look, and an event when it begins and ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.fields.json import KeyTransform

from compliance.models import CertificateCheck, CertificateRetention, ServiceTrouble
from compliance.trustedform.answers import STATUSES, Outcome
from compliance.trustedform.operations import MATCH
from compliance.trustedform.validate import VALIDATE
from leadping.events import SYSTEM, record_event
from leadping.ids import first_id_at
from leadping.metrics import CERTIFICATE_TROUBLE

Kind = ServiceTrouble.Kind
PRODUCT_REFUSED = 403
SUBJECT = "trustedform"
LOOKED_BACK = timedelta(minutes=10)
# The last ones tell how it is; more would tell how it was.
NEWEST = 50
NOT_VALIDATED = (
    "TrustedForm does not let us ask whether a certificate was ever made (Validate); it stays “not found”."
)
# So many of the last conversations have to fail, and half of them.
ENOUGH = 5


def look_for_trouble(*, now: datetime) -> None:
    """Silence ends nothing: that all is well again only an answer shows."""
    newest = list_newest(now)
    silent = [check for check in newest if check.outcome == Outcome.UNAVAILABLE]
    refused = [check for check in newest if is_refused(check)]
    answered = len(newest) > len(silent)
    judge(
        Kind.UNAVAILABLE,
        silent if len(silent) >= ENOUGH and 2 * len(silent) >= len(newest) else [],
        over=answered,
        now=now,
    )
    # Refused once is enough, for one operation of our plan may be refused while others go on; it is over once
    # others were answered and nothing waits for that one any more.
    judge(Kind.MISCONFIGURED, refused, over=answered and not waits_for_us(), now=now)


def list_newest(now: datetime) -> list[CertificateCheck]:
    """`validated`: what came of the question beside the operations, which may be refused by itself."""
    recent = CertificateCheck.objects.filter(id__gte=first_id_at(now - LOOKED_BACK)).order_by("-id")
    told = recent.annotate(validated=KeyTransform("http_status", KeyTransform(VALIDATE, "raw")))
    return list(told.only("outcome", "reason", "http_status", "at", "operations")[:NEWEST])


def is_refused(check: CertificateCheck) -> bool:
    return check.outcome == Outcome.MISCONFIGURED or is_validation_refused(check)


def is_validation_refused(check: CertificateCheck) -> bool:
    return STATUSES.get(getattr(check, "validated", None) or 0) is Outcome.MISCONFIGURED


def waits_for_us() -> bool:
    return CertificateRetention.objects.filter(ours=True, next_at__isnull=False).exists()


@transaction.atomic
def judge(kind: Kind, signs: Sequence[CertificateCheck], *, over: bool, now: datetime) -> None:
    """`over`: whether it has ended, where there are no signs of it."""
    standing = ServiceTrouble.objects.select_for_update().filter(kind=kind, ended_at=None).first()
    if signs:
        note(kind, standing, signs[0], now=now)
    elif standing and over:
        ServiceTrouble.objects.filter(pk=standing.pk).update(ended_at=now)
        CERTIFICATE_TROUBLE.labels(kind).set(0)
        tell(f"{kind}_over", standing.reason, now=now)


def note(kind: Kind, standing: ServiceTrouble | None, sign: CertificateCheck, *, now: datetime) -> None:
    status = getattr(sign, "validated", None) if is_validation_refused(sign) else sign.http_status
    said = {"last_at": sign.at, "http_status": status, "reason": say_reason(sign)}
    CERTIFICATE_TROUBLE.labels(kind).set(1)
    if standing:
        ServiceTrouble.objects.filter(pk=standing.pk).update(**said)
        return
    ServiceTrouble.objects.create(kind=kind, since=now, **said)
    tell(kind, say_reason(sign), now=now)


def say_reason(sign: CertificateCheck) -> str:
    """With the products it may be, where our plan lacks one and TrustedForm does not say which."""
    if is_validation_refused(sign):
        return NOT_VALIDATED
    asked = [name for name in sign.operations or [] if name != MATCH]
    if sign.http_status != PRODUCT_REFUSED or ":" in sign.reason or not asked:
        return sign.reason
    return f"{sign.reason}: {' or '.join(asked)}"


def tell(what: str, reason: str, *, now: datetime) -> None:
    """It is about the installation, and so about no business."""
    record_event(f"trustedform.{what}", subject=SUBJECT, by=SYSTEM, business_id=None, reason=reason, now=now)
