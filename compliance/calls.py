"""What TrustedForm was asked for, by source and day: to hold its bills against. Each operation is billed by
itself whenever it is asked for; the page of a certificate costs nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from compliance.models import DryRunCall
from leadping.ids import LATENESS, first_id_at

FORGET = "DELETE FROM compliance_certificatecalls WHERE day = %(day)s"
COUNT = """
INSERT INTO compliance_certificatecalls (business_id, source, day, operation, calls)
SELECT business_id, source, %(day)s, called || operation, count(*)
FROM (
    SELECT '' AS called, id, at, business_id, source, operations FROM compliance_certificatecheck
    WHERE id >= %(first)s AND id < %(last)s
    UNION ALL
    SELECT %(dry)s, id, at, business_id, source, operations FROM compliance_dryruncall
    WHERE id >= %(first)s AND id < %(last)s
) AS call CROSS JOIN LATERAL unnest(operations) AS operation
WHERE at >= %(start)s AND at < %(end)s
GROUP BY business_id, source, called || operation
"""
# Before the names of operations that were asked for in dry runs.
DRY = "dry run: "
# Those of dry runs are counted by then.
KEPT = timedelta(days=7)


@transaction.atomic
def count_calls(day: date) -> None:
    """Anew, from the conversations of that day in UTC, which is one of the last few."""
    start = datetime.combine(day, time(), UTC)
    end = start + timedelta(days=1)
    bounds: dict[str, Any] = {
        "day": day,
        "start": start,
        "end": end,
        # A row is stored after the moment that it states.
        "first": first_id_at(start - LATENESS),
        "last": first_id_at(end + LATENESS),
        "dry": DRY,
    }
    with connection.cursor() as cursor:
        cursor.execute(FORGET, bounds)
        cursor.execute(COUNT, bounds)
    DryRunCall.objects.filter(id__lt=first_id_at(start - KEPT)).delete()
