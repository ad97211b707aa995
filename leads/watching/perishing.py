"""Certificates that are about to be deleted although the terms say that we retain them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from compliance.models import CertificateCheck
from leadping.ids import first_id_at
from leads.models import Lead
from sources.models import Source, Terms

# TrustedForm deletes a certificate that nobody retains after so long.
KEPT = timedelta(days=90)
WARNED_AHEAD = timedelta(days=14)
MANY = 100


@dataclass(frozen=True, slots=True)
class Perishing:
    """The first of a source's certificates to go, and when."""

    source: Source
    lead_id: UUID
    at: datetime


def find_perishing(businesses: Collection[UUID], *, now: datetime) -> list[Perishing]:
    """One for each source that retains its certificates and has some that go within 14 days, soonest first.

    They go 90 days after we first saw them, unless TrustedForm was heard to say that they stay longer.
    Each source is asked along an index for no more than its first.
    """
    retaining = Terms.objects.filter(
        business_id__in=businesses,
        certificate_retention=Terms.Retention.RETAIN,
        source__deleted_at=None,
    ).exclude(status__in=[Terms.Status.DRAFT, Terms.Status.SUBMITTED])
    source_ids = set(retaining.values_list("source_id", flat=True))
    if not source_ids:
        return []
    stays = CertificateCheck.objects.filter(
        certificate=OuterRef("certificate"), expires_at__gt=now + WARNED_AHEAD
    )
    going = Lead.objects.filter(
        ~Exists(stays),
        Q(terms__certificate_retention=Terms.Retention.RETAIN),
        source=OuterRef("pk"),
        certificate__isnull=False,
        id__gte=first_id_at(now - KEPT),
        id__lt=first_id_at(now - KEPT + WARNED_AHEAD),
    )
    first = Subquery(going.order_by("id").values("id")[:1])
    sources = Source.objects.filter(pk__in=source_ids).only("name", "deleted_at").annotate(lead_id=first)
    found: list[Any] = list(sources.filter(lead_id__isnull=False).order_by("lead_id")[: MANY + 1])
    rows: dict[UUID, Source] = {row.lead_id: row for row in found}
    seen = Lead.objects.filter(pk__in=rows).values_list("pk", "certificate__first_seen_at").order_by("pk")
    return [Perishing(rows[lead_id], lead_id, at + KEPT) for lead_id, at in seen]
