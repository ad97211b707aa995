"""The SQL by which tallies are counted and summed up; `tallying.py` alone runs it.

Each statement writes whole buckets, from nothing but what is stored, over whatever it finds there: run twice
it changes nothing, and no figure is ever missing while it runs.
"""

from collections.abc import Sequence

from leads.models import BusinessTally, SourceTally

# What is counted of the requests, what is held against a source, and codes with their numbers of requests.
COUNTED = (
    *("accepted", "held", "duplicates", "refused", "replayed", "dry_runs", "bad_certificates", "spent"),
)
RAISED = ("opt_outs", "complaints", "disputes")
CODES = ("held_codes", "refused_codes")
SOURCES, BUSINESSES = SourceTally._meta.db_table, BusinessTally._meta.db_table

# The codes of what held or refused it; the column `codes` would name mere warnings too. A request is walked
# through once and no verdict is opened but of those two outcomes.
SEEN = """
seen AS MATERIALIZED (
    SELECT s.id, s.source_id, s.business_id, s.lead_id, s.codes && %(at_fault)s::varchar[] AS at_fault,
        date_trunc(%(period)s, s.received_at, 'UTC') AS starts_at,
        CASE WHEN s.dry_run THEN 'dry_run' ELSE s.outcome END AS outcome,
        CASE
            WHEN s.dry_run THEN NULL
            WHEN s.outcome = 'refused'
            THEN jsonb_path_query_array(s.verdicts, '$[*] ? (@.effect == "refuse").code')
            WHEN s.outcome = 'audit'
            THEN jsonb_path_query_array(s.verdicts, '$[*] ? (@.effect == "hold").code')
        END AS found
    FROM leads_submission AS s
    WHERE s.id >= %(first)s AND s.id < %(last)s AND s.received_at >= %(start)s AND s.received_at < %(end)s
)"""

# Costs are rounded one by one, so that every sum of them is the sum of its parts.
SUMS = """
sums AS (
    SELECT seen.source_id, seen.business_id, seen.starts_at,
        count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
        count(*) FILTER (WHERE outcome = 'audit') AS held,
        count(*) FILTER (WHERE outcome = 'duplicate') AS duplicates,
        count(*) FILTER (WHERE outcome = 'refused') AS refused,
        count(*) FILTER (WHERE outcome = 'replayed') AS replayed,
        count(*) FILTER (WHERE outcome = 'dry_run') AS dry_runs,
        count(*) FILTER (WHERE at_fault AND outcome NOT IN ('dry_run', 'replayed')) AS bad_certificates,
        coalesce(sum(round(lead.cost, 4)), 0) AS spent
    FROM seen LEFT JOIN leads_lead AS lead
        ON lead.id = seen.lead_id AND outcome IN ('accepted', 'audit', 'duplicate')
    GROUP BY 1, 2, 3
)"""

FOUND = """
codes AS (
    SELECT source_id, starts_at,
        jsonb_object_agg(code, number) FILTER (WHERE outcome = 'audit') AS held_codes,
        jsonb_object_agg(code, number) FILTER (WHERE outcome = 'refused') AS refused_codes
    FROM (
        SELECT source_id, starts_at, outcome, code, count(DISTINCT id) AS number
        FROM seen, jsonb_array_elements_text(found) AS code GROUP BY 1, 2, 3, 4
    ) AS counted
    GROUP BY 1, 2
)"""


def listed(names: Sequence[str], before: str = "") -> str:
    return ", ".join(before + name for name in names)


def overwrite(table: str, key: str, columns: Sequence[str]) -> str:
    """What is there is replaced where it differs; an equal row costs nothing."""
    stored, new = listed(columns, f"{table}."), listed(columns, "excluded.")
    return (
        f"ON CONFLICT ({key}, period, starts_at) DO UPDATE SET ({listed(columns)}) = ROW ({new}) "
        f"WHERE ({stored}) IS DISTINCT FROM ({new})"
    )


COUNT = f"""
WITH {SEEN}, {SUMS}, {FOUND}
INSERT INTO {SOURCES} (source_id, business_id, period, starts_at, {listed(COUNTED + RAISED + CODES)})
SELECT sums.source_id, business_id, %(period)s, sums.starts_at, {listed(COUNTED)}, 0, 0, 0,
    coalesce(held_codes, '{{}}'), coalesce(refused_codes, '{{}}')
FROM sums LEFT JOIN codes ON codes.source_id = sums.source_id AND codes.starts_at = sums.starts_at
{overwrite(SOURCES, "source_id", COUNTED + CODES)}
"""


def codes_of(column: str, key: str, begin: str) -> str:
    """The sums of one column of codes, by key and time."""
    return f"""
    {column}_summed AS (
        SELECT key, starts_at, jsonb_object_agg(code, number) AS {column} FROM (
            SELECT {key} AS key, {begin} AS starts_at, code,
                sum(told::bigint) AS number
            FROM finer, jsonb_each_text({column}) AS each (code, told) GROUP BY 1, 2, 3
        ) AS counted GROUP BY 1, 2
    )"""


BY_TIME = "date_trunc(%(coarse)s, starts_at, 'UTC')"


def summing(table: str, key: str, columns: Sequence[str], chosen: str, begin: str = BY_TIME) -> str:
    """From the tallies of sources that are `chosen`, into rows of `table` for each key and beginning."""
    keys = dict.fromkeys((key, "business_id"))
    sums = listed([f"sum({name}) AS {name}" for name in columns])
    nothing = [name for name in RAISED if name not in columns]
    held, refused = (f"coalesce({name}, '{{}}')" for name in CODES)
    return f"""
WITH finer AS MATERIALIZED (SELECT * FROM {SOURCES} WHERE period = %(fine)s AND {chosen}),
sums AS (
    SELECT {listed(list(keys))}, {key} AS key, {begin} AS starts_at, {sums}
    FROM finer GROUP BY {listed(list(keys))}, {begin}
), {", ".join(codes_of(name, key, begin) for name in CODES)}
INSERT INTO {table} ({listed([*keys, "period", "starts_at", *columns, *nothing, *CODES])})
SELECT {listed(list(keys))}, %(coarse)s, sums.starts_at, {listed(columns)},
    {"".join("0, " for _ in nothing)}{held}, {refused}
FROM sums
LEFT JOIN held_codes_summed AS h ON h.key = sums.key AND h.starts_at = sums.starts_at
LEFT JOIN refused_codes_summed AS r ON r.key = sums.key AND r.starts_at = sums.starts_at
{overwrite(table, key, [*columns, *CODES])}
"""


# Of each source from a finer period to a coarser one, over a stretch of whole coarse buckets.
ROLL_UP = summing(SOURCES, "source_id", COUNTED, "starts_at >= %(start)s AND starts_at < %(end)s")
# All the closed buckets of a span into one row for each source, which begins with the first of them.
CLOSE = summing(
    SOURCES,
    "source_id",
    COUNTED + RAISED,
    "starts_at >= %(start)s AND starts_at < %(end)s",
    "%(start)s::timestamptz",
)
# Of each business from its sources, one period, some buckets.
SUM_BUSINESSES = summing(BUSINESSES, "business_id", COUNTED + RAISED, "starts_at = ANY(%(buckets)s)")

# What was raised lately, and with it all that was ever raised in the same buckets.
RAISE = f"""
WITH touched AS (
    SELECT DISTINCT source_id, business_id, date_trunc(%(period)s, opened_at, 'UTC') AS starts_at
    FROM leads_complaint WHERE id >= %(first)s
)
INSERT INTO {SOURCES} (source_id, business_id, period, starts_at, {listed(RAISED + COUNTED + CODES)})
SELECT touched.source_id, touched.business_id, %(period)s, starts_at,
    count(*) FILTER (WHERE kind = 'opt_out'), count(*) FILTER (WHERE kind = 'complaint'),
    count(*) FILTER (WHERE kind = 'dispute'), {"0, " * len(COUNTED)}'{{}}', '{{}}'
FROM touched JOIN leads_complaint AS raised ON raised.source_id = touched.source_id
    AND opened_at >= starts_at AND opened_at < starts_at + %(length)s
GROUP BY 1, 2, 3, 4
{overwrite(SOURCES, "source_id", RAISED)}
RETURNING starts_at
"""
