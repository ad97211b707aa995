"""Which sources have reached a threshold, of all that may have since the last look; one statement says it.

A share is newly reached only when something bad came in, when the source or its settings changed, or, where
so far too little came to count, with whatever comes next. All other sources are left unread. How each share
is counted is stated in words in `sources/thresholds.py` and read from rows in `leads/pausing.py`; this
counts the same in SQL, for thousands of sources at once, and a test holds one against the other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from compliance.certificates import AT_FAULT, JUDGED_BY
from leadping.ids import first_id_at
from leads.models import ThresholdLook, ThresholdReach

# So many rows are looked at for each submission that is to count: others were dry runs and repetitions, or
# came without a certificate. It bounds the work, whatever a source sends.
LOOKED_AT = 3
# What a source may not do, or not now, whatever it sends. It says nothing of its leads, and would pause a
# source for what was refused before its approval or above its cap.
NOT_OF_LEADS = frozenset(
    {
        *("source_disabled", "source_paused", "source_unattached", "source_not_approved"),
        *("approval_expired", "rate_exceeded", "cap_reached", "outside_schedule"),
    }
)
DUPLICATE = "duplicate_lead"
# Effects by which a failed check of the certificate says that it is bad; a mere warning does not.
STOPPING = ("refuse", "hold")

# A row is seen only once it is committed, which may be a while after its id was made.
LATE = timedelta(minutes=5)
# After a longer pause all that came meanwhile would be read; then it is cheaper to look at every source.
LONG_AGO = timedelta(hours=1)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Look:
    source_id: UUID
    version: int
    crossed: bool
    nearly: bool


def find_looks(*, now: datetime) -> list[Look]:
    """Those sources that look otherwise than the last time, and those that are to be paused."""
    reach = ThresholdReach.objects.first()
    known = reach is not None and now - reach.until < LONG_AGO
    since = min(reach.until, now) - LATE if reach and known else now
    asked: dict[str, Any] = {
        "since": first_id_at(since),
        "whatever": not known,
        "at_fault": list(AT_FAULT),
        "not_of_leads": sorted(NOT_OF_LEADS),
        "duplicate": DUPLICATE,
        "found_bad": FOUND_BAD,
        "found_good": FOUND_GOOD,
        "looked_at": LOOKED_AT,
        "last_id": LAST_ID,
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Each source is to be walked through along one index, whatever the statistics say of the others.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off")
        cursor.execute(LOOK, asked)
        return [Look(*row) for row in cursor.fetchall()]


@transaction.atomic
def remember(looks: Iterable[Look], *, now: datetime) -> None:
    # What should have been paused, and for whatever reason is not, is looked at again.
    rows = [
        ThresholdLook(source_id=one.source_id, version=0 if one.crossed else one.version, nearly=one.nearly)
        for one in looks
    ]
    ThresholdLook.objects.bulk_create(
        rows,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["source"],
        update_fields=["version", "nearly"],
    )
    ThresholdReach.objects.update_or_create(id=1, defaults={"until": now})


# --- the statement


def one_of(what: str, values: Sequence[str]) -> str:
    return " || ".join(f'{what} == "{value}"' for value in values)


FOUND_BAD = (
    f"$[*] ? (@.passed == false && ({one_of('@.effect', STOPPING)}) && ({one_of('@.code', AT_FAULT)}))"
)
# Six times as fast as a path, and asked of nearly every row. What passes is one of the last.
FOUND_GOOD = [json.dumps([{"code": code, "passed": True}]) for code in reversed(JUDGED_BY)]
BAD = "codes && %(at_fault)s::varchar[] AND jsonb_path_exists(verdicts, %(found_bad)s::jsonpath)"
JUDGED = f"(verdicts @> ANY(%(found_good)s::jsonb[]) OR {BAD})"

CAME = """
came AS MATERIALIZED (
    SELECT source_id, bool_or(codes && %(at_fault)s::varchar[]) AS bad_certificates,
        bool_or(%(duplicate)s = ANY(codes)) AS duplicates, bool_or(outcome = 'refused') AS refused
    FROM leads_submission WHERE id >= %(since)s GROUP BY source_id
)"""

DUE = """
due AS MATERIALIZED (
    SELECT settings.*, source.version, source.resumed_at, look.version AS seen_version,
        look.nearly AS seen_nearly,
        %(looked_at)s * greatest(
            CASE WHEN pause_bad_certificates IS NOT NULL THEN pause_bad_certificates_of END,
            CASE WHEN pause_duplicates IS NOT NULL THEN pause_duplicates_of END,
            CASE WHEN pause_refused IS NOT NULL THEN pause_refused_of END
        ) AS looked_at,
        rpad(
            lpad(to_hex(coalesce(floor(extract(epoch FROM resumed_at) * 1000), 0)::bigint), 12, '0'), 32, '0'
        )::uuid AS first_id
    FROM sources_sourcesettings AS settings
    JOIN sources_source AS source ON source.id = settings.source_id
    LEFT JOIN leads_thresholdlook AS look ON look.source_id = settings.source_id
    LEFT JOIN came ON came.source_id = settings.source_id
    WHERE source.enabled AND source.paused_at IS NULL AND source.deleted_at IS NULL
        AND coalesce(pause_bad_certificates, pause_duplicates, pause_refused, pause_complaints) IS NOT NULL
        AND (
            %(whatever)s OR look.source_id IS NULL OR look.version <> source.version
            OR (look.nearly AND came.source_id IS NOT NULL)
            OR (pause_bad_certificates IS NOT NULL AND came.bad_certificates)
            OR (pause_duplicates IS NOT NULL AND came.duplicates)
            OR (pause_refused IS NOT NULL AND came.refused)
        )
)"""


def counted(limit: str, found: str, among: str = "true") -> str:
    """Of the newest submissions that count and are `among` those meant: how many there are, up to the number
    that the share is taken of, and how many of them were `found`. Nothing is read beyond."""
    return f"""
    CROSS JOIN LATERAL (
        SELECT count(*) AS seen, count(*) FILTER (WHERE {found}) AS found FROM (
            SELECT * FROM (
                SELECT outcome, codes, verdicts, dry_run, repeats_id, door FROM leads_submission
                WHERE due.{limit} IS NOT NULL
                    AND (source_id, id) >= (due.source_id, due.first_id)
                    AND (source_id, id) <= (due.source_id, %(last_id)s)
                ORDER BY source_id DESC, id DESC LIMIT due.looked_at
            ) AS newest
            WHERE NOT dry_run AND repeats_id IS NULL AND outcome <> 'replayed' AND door <> 'import'
                AND NOT (outcome = 'refused' AND codes && %(not_of_leads)s::varchar[]) AND {among}
            LIMIT due.{limit}_of
        ) AS those
    ) AS {limit}"""


COMPLAINTS = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS found FROM leads_complaint
        WHERE due.pause_complaints IS NOT NULL AND source_id = due.source_id
            AND opened_at > greatest(%(now)s - due.pause_complaints_days * interval '1 day', due.resumed_at)
            AND kind <> 'opt_out' AND outcome <> 'unfounded'
    ) AS complaints"""

SHARES = {
    "pause_bad_certificates": counted("pause_bad_certificates", BAD, JUDGED),
    "pause_duplicates": counted("pause_duplicates", "%(duplicate)s = ANY(codes)"),
    "pause_refused": counted("pause_refused", "outcome = 'refused'"),
}


def nearly(name: str) -> str:
    """Enough was found, were it of as many as must have come."""
    return f"coalesce({name}.found * 100 >= due.{name} * due.{name}_of, false)"


NEARLY = " OR ".join(map(nearly, SHARES))
CROSSED = " OR ".join(f"({nearly(name)} AND {name}.seen >= due.{name}_of)" for name in SHARES)
LOOK = f"""
WITH {CAME}, {DUE}, looks AS (
    SELECT source_id, version, seen_version, seen_nearly, {NEARLY} AS nearly,
        {CROSSED} OR coalesce(complaints.found >= pause_complaints, false) AS crossed
    FROM due {"".join(SHARES.values())} {COMPLAINTS}
)
SELECT source_id, version, crossed, nearly FROM looks
WHERE crossed OR seen_version IS NULL OR (seen_version, seen_nearly) <> (version, nearly)
"""
