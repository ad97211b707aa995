"""How the traffic of sources goes, read for a whole page of sources in one query."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, JSONField

from leadping.ids import first_id_at

RECENTLY = timedelta(days=7)
# Looked at for each source: enough for a rate, few enough for a page of sources.
SAMPLE = 100

# `codes` would name mere warnings too, so the refusals are taken out of the verdicts.
REFUSAL_CODES = Func(
    F("verdicts"),
    template="jsonb_path_query_array(%(expressions)s, '$[*] ? (@.effect == \"refuse\").code')",
    output_field=JSONField(),
)

# Repeated for each source: asked once for all of them, PostgreSQL would plan once for all, and for one that
# never sent anything walk through everybody's rows. The verdicts are opened for refusals alone.
TRAFFIC_OF_ONE = """(
    SELECT %s::uuid, count(*), count(*) FILTER (WHERE outcome = 'accepted'),
        jsonb_agg(codes) FILTER (WHERE codes IS NOT NULL),
        (SELECT created_at FROM leads_lead WHERE source_id = %s ORDER BY id DESC LIMIT 1)
    FROM (
        SELECT outcome, CASE outcome WHEN 'refused'
            THEN jsonb_path_query_array(verdicts, '$[*] ? (@.effect == "refuse").code') END AS codes
        FROM leads_submission
        WHERE source_id = %s AND id >= %s AND NOT dry_run AND outcome <> 'replayed'
        ORDER BY id DESC
        LIMIT %s
    ) AS sample
)"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests` and `accepted` count the sample; `refusals` are codes with their counts, the most first."""

    last_lead_at: datetime | None
    requests: int
    accepted: int
    refusals: list[tuple[str, int]]

    @property
    def top_refusal(self) -> str:
        """A code, or empty."""
        return self.refusals[0][0] if self.refusals else ""


def read_traffic(source_ids: Collection[UUID], *, now: datetime) -> dict[UUID, Traffic]:
    """Only what is no dry run and no repetition, and no older than a week."""
    if not source_ids:
        return {}
    since = first_id_at(now - RECENTLY)
    asked = [value for source in source_ids for value in (source, source, source, since, SAMPLE)]
    with connection.cursor() as cursor:
        # The ORM takes longer to write fifty parts than PostgreSQL to answer them.
        cursor.execute(" UNION ALL ".join([TRAFFIC_OF_ONE] * len(source_ids)), asked)
        rows = cursor.fetchall()
    return {
        source_id: Traffic(last_lead_at, requests, accepted, rank(found))
        for source_id, requests, accepted, codes, last_lead_at in rows
        for found in [json.loads(codes or "[]")]
    }


def rank(found: Iterable[list[str]]) -> list[tuple[str, int]]:
    """Codes with the number of requests that each refused, the most frequent first."""
    return Counter(code for codes in found for code in dict.fromkeys(codes)).most_common()
