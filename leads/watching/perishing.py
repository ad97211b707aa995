"""Certificates that are about to be deleted, are not retained yet, and should be by their terms."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from leads.models import PerishingSource
from leads.watching.writing import prepare

WARNED_AHEAD = timedelta(days=14)
# A certificate that was wanted just now is about to be retained.
GRACE = timedelta(hours=1)

# Each with the first lead that came with it under terms that promise to retain it.
NOTE = """
WITH going AS (
    SELECT lead.source_id, kept.business_id, lead.id, kept.dies_at AS at
    FROM compliance_certificateretention AS kept
    CROSS JOIN LATERAL (
        SELECT lead.id, lead.source_id FROM leads_lead AS lead
        JOIN sources_terms AS terms ON terms.id = lead.terms_id AND terms.certificate_retention = 'retain'
        WHERE lead.certificate_id = kept.certificate_id ORDER BY lead.id LIMIT 1
    ) AS lead
    JOIN sources_source AS source ON source.id = lead.source_id AND source.deleted_at IS NULL
    WHERE kept.status <> 'stored' AND kept.dies_at >= %(now)s AND kept.dies_at < %(end)s
        AND kept.wanted_at < %(wanted)s
)
INSERT INTO leads_perishingsource (source_id, business_id, certificates, at, lead_id)
SELECT source_id, business_id, count(*), min(at), (array_agg(id ORDER BY at, id))[1]
FROM going GROUP BY source_id, business_id
"""


@transaction.atomic
def note_perishing(*, now: datetime) -> None:
    """Of each source that retains its certificates those that go within 14 days, as far as is known."""
    prepare()
    PerishingSource.objects.all().delete()
    parameters = {"now": now, "end": now + WARNED_AHEAD, "wanted": now - GRACE}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, parameters)


def perishing_sources(businesses: Collection[UUID], *, now: datetime) -> QuerySet[PerishingSource]:
    """Those first that lose a certificate first."""
    found = PerishingSource.objects.filter(business_id__in=businesses, source__deleted_at=None, at__gte=now)
    return found.select_related("source", "lead").order_by("at", "source_id")
