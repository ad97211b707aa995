"""Taking the person out of what is kept about certificates: the reference stays, and what was found."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from compliance.models import CertificateCheck
from compliance.trustedform.erasing import MARK, erase_answer


def telling_checks(checks: QuerySet[CertificateCheck]) -> QuerySet[CertificateCheck]:
    """Those that still say more than what was found."""
    return checks.exclude(raw__has_key=MARK)


def erase_checks(check_ids: Iterable[UUID], *, now: datetime) -> int:
    """In the caller's transaction."""
    checks = telling_checks(CertificateCheck.objects.filter(pk__in=list(check_ids)))
    rows = list(checks.select_for_update(no_key=True).order_by("id").only("id", "raw"))
    for row in rows:
        row.raw, row.reason = erase_answer(row.raw, at=now.isoformat()), ""
    CertificateCheck.objects.bulk_update(rows, ["raw", "reason"], batch_size=200)
    return len(rows)
