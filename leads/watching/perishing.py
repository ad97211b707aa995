"""Certificates that are about to be deleted although the terms say that we retain them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from leadping.ids import first_id_at
from leads.models import PerishingSource
from leads.watching.writing import prepare

# TrustedForm deletes a certificate that nobody retains after so long.
KEPT = timedelta(days=90)
WARNED_AHEAD = timedelta(days=14)

# A certificate goes when TrustedForm said last, if that is yet to come, and else 90 days after we first
# saw it. Looked at are leads that came so long ago, and those whose certificate was told to end soon.
NOTE = """
WITH candidates AS (
    SELECT id FROM leads_lead WHERE id >= %(first)s AND id < %(last)s AND certificate_id IS NOT NULL
    UNION
    SELECT lead.id FROM compliance_certificatecheck AS told
    JOIN leads_lead AS lead ON lead.certificate_id = told.certificate_id
    WHERE told.expires_at >= %(now)s AND told.expires_at < %(end)s
),
going AS (
    SELECT lead.source_id, lead.business_id, lead.id, lead.certificate_id,
        CASE WHEN told.at >= %(now)s THEN told.at ELSE certificate.first_seen_at + %(kept)s END AS at
    FROM candidates JOIN leads_lead AS lead ON lead.id = candidates.id
    JOIN sources_terms AS terms ON terms.id = lead.terms_id AND terms.certificate_retention = 'retain'
    JOIN sources_source AS source ON source.id = lead.source_id AND source.deleted_at IS NULL
    JOIN compliance_certificate AS certificate ON certificate.id = lead.certificate_id
    LEFT JOIN LATERAL (
        SELECT max(expires_at) AS at FROM compliance_certificatecheck
        WHERE certificate_id = lead.certificate_id
    ) AS told ON true
)
INSERT INTO leads_perishingsource (source_id, business_id, certificates, at, lead_id)
SELECT source_id, business_id, count(DISTINCT certificate_id), min(at), (array_agg(id ORDER BY at, id))[1]
FROM going WHERE at >= %(now)s AND at < %(end)s GROUP BY source_id, business_id
"""


@transaction.atomic
def note_perishing(*, now: datetime) -> None:
    """Of each source that retains its certificates those that go within 14 days."""
    prepare()
    PerishingSource.objects.all().delete()
    parameters: dict[str, Any] = {
        "now": now,
        "end": now + WARNED_AHEAD,
        "kept": KEPT,
        "first": first_id_at(now - KEPT),
        "last": first_id_at(now - KEPT + WARNED_AHEAD),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, parameters)


def perishing_sources(businesses: Collection[UUID], *, now: datetime) -> QuerySet[PerishingSource]:
    """Those first that lose a certificate first."""
    found = PerishingSource.objects.filter(business_id__in=businesses, source__deleted_at=None, at__gte=now)
    return found.select_related("source", "lead").order_by("at", "source_id")
