"""Taking the person out of what is kept about certificates: the reference stays, and what was found."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from compliance.models import CertificateCheck
from compliance.suppression.models import Suppression, SuppressionImport
from compliance.trustedform.erasing import MARK, erase_answer


def telling_checks(checks: QuerySet[CertificateCheck]) -> QuerySet[CertificateCheck]:
    """Those that still say more than what was found."""
    return checks.exclude(raw__has_key=MARK)


def erase_checks(check_ids: Iterable[UUID], *, now: datetime) -> int:
    """In the caller's transaction."""
    checks = telling_checks(CertificateCheck.objects.filter(pk__in=list(check_ids)))
    rows = list(checks.select_for_update(no_key=True).order_by("id").only("id", "raw", "findings"))
    for row in rows:
        row.raw, row.reason = erase_answer(row.raw, at=now.isoformat()), ""
        row.findings = None if row.findings is None else [erase_finding(one) for one in row.findings]
    CertificateCheck.objects.bulk_update(rows, ["raw", "reason", "findings"], batch_size=200)
    return len(rows)


def erase_finding(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Its sentences may quote."""
    return {name: verdict[name] for name in ("code", "passed", "effect") if name in verdict}


def forget_values(business_id: UUID, hashes: Iterable[bytes]) -> int:
    """Whoever is suppressed stays so, and is found by the hash alone."""
    entries = Suppression.objects.filter(business=business_id, contact_hash__in=list(hashes))
    return entries.exclude(value="", note="").update(value="", note="")


def waiting_lists(business_id: UUID, pattern: str) -> QuerySet[SuppressionImport]:
    """Files of contacts whose text is kept, for they were not taken over yet, that hold somebody."""
    kept = SuppressionImport.objects.filter(business=business_id).exclude(content="")
    return kept.filter(content__iregex=pattern)
