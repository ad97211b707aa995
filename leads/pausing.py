"""Pausing a source by itself: what it sent lately is read and held against its thresholds. Every minute for
all sources, and at once when a complaint is recorded."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from math import inf
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet

from leadping.events import SYSTEM
from leadping.ids import first_id_at
from leadping.one_by_one import one_by_one
from leads.models import Complaint, Submission
from sources.lifecycle import pause_source
from sources.models import Source, SourceSettings
from sources.thresholds import (
    SHARES,
    THRESHOLDS,
    Figure,
    Sent,
    crossed,
    longest_look,
    measure,
    of_share,
    say_pause,
)

# So many rows are looked at for each submission that is to count: others were dry runs and repetitions, or
# came without a certificate. It bounds the work, whatever a source sends.
LOOKED_AT = 3
# Failures that say nothing of a certificate: there was none, or nobody was asked about it.
NO_JUDGEMENT = frozenset(
    {"certificate_missing", "certificate_several", "certificate_unasked", "certificate_unavailable"}
)
# What a source may not do, or not now, whatever it sends. It says nothing of its leads, and would pause a
# source for what was refused before its approval or above its cap.
NOT_OF_LEADS = frozenset(
    {
        *("source_disabled", "source_paused", "source_unattached", "source_not_approved"),
        *("approval_expired", "rate_exceeded", "cap_reached", "outside_schedule"),
    }
)
DUPLICATE = "duplicate_lead"
STOPPING = frozenset({"refuse", "hold"})
# Opening the verdicts costs most, and only these are of interest.
TELLING = Func(
    F("verdicts"),
    template="jsonb_path_query_array(%(expressions)s, "
    '\'$[*] ? (@.code starts with "certificate_" || @.effect == "refuse")\')',
    output_field=JSONField(),
)


# Counts at least what the thresholds of one source count. Asked once for all of them, PostgreSQL would plan
# once for all; see `leads/console/traffic.py`.
ROUGHLY = """(
    SELECT %s::uuid,
        count(*) FILTER (WHERE array_to_string(codes, ' ') LIKE '%%certificate_%%'),
        count(*) FILTER (WHERE 'duplicate_lead' = ANY(codes)),
        count(*) FILTER (WHERE outcome = 'refused')
    FROM (
        SELECT outcome, codes FROM leads_submission
        WHERE source_id = %s AND id >= %s ORDER BY id DESC LIMIT %s
    ) AS newest
)"""
BATCH = 50
# Looking at so many rows of a source that has been silent for long would read them from the disk each minute.
LATELY = timedelta(minutes=15)


def pause_bad_sources(*, now: datetime) -> int:
    """Looks at every source with a threshold that still sends; says how many were paused."""
    paused = 0
    for batch in batched(watched_settings(now=now).iterator(), BATCH):
        suspects = find_suspects(batch, now=now)
        paused += one_by_one(
            [settings.source for settings in suspects],
            lambda source: pause_when_crossed(source, now=now),
            otherwise="thresholds not looked at",
        )
    return paused


def batched(rows: Iterable[SourceSettings], size: int) -> Iterator[list[SourceSettings]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def watched_settings(*, now: datetime) -> QuerySet[SourceSettings]:
    """Of sources that sent something lately: one that does not send needs no pausing, and the next
    thing that it sends brings it back."""
    is_set = Q()
    for name in THRESHOLDS:
        is_set |= Q(**{f"{name}__isnull": False})
    sending = Q(source__enabled=True, source__paused_at=None, source__deleted_at=None)
    newest = Submission.objects.filter(source=OuterRef("source"), id__gte=first_id_at(now - LATELY))
    return SourceSettings.objects.filter(is_set, sending, Exists(newest)).select_related("source")


def find_suspects(batch: Sequence[SourceSettings], *, now: datetime) -> list[SourceSettings]:
    """A first look, which counts more than the thresholds do and nearly every source passes: no verdicts are
    opened, and one query asks about many sources."""
    complained = sources_complained_of(batch, now=now)
    counts = count_roughly(batch)
    return [
        settings
        for settings in batch
        if (settings.pause_complaints is not None and settings.source_id in complained)
        or any(
            count >= least_to_cross(settings, name)
            for name, count in zip(SHARES, counts[settings.source_id], strict=True)
        )
    ]


def sources_complained_of(batch: Sequence[SourceSettings], *, now: datetime) -> set[UUID]:
    since = now - timedelta(days=max(settings.pause_complaints_days for settings in batch))
    of = [settings.source_id for settings in batch if settings.pause_complaints is not None]
    found = Complaint.objects.filter(source__in=of, opened_at__gt=since)
    return set(found.values_list("source_id", flat=True))


def count_roughly(batch: Sequence[SourceSettings]) -> dict[UUID, list[int]]:
    """Bad certificates, duplicates and refusals among the newest submissions of each source."""
    asked: list[Any] = []
    for settings in batch:
        since = first_id_at(settings.source.resumed_at) if settings.source.resumed_at else UUID(int=0)
        rows = longest_look(settings) * LOOKED_AT
        asked += [settings.source_id, settings.source_id, since, rows]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([ROUGHLY] * len(batch)), asked)
        return {source_id: counts for source_id, *counts in cursor.fetchall()}


def pause_when_crossed(source: Source, *, now: datetime) -> bool:
    """Pauses the source if a threshold is reached; says whether it was this call that did it."""
    over = crossed(read_figures(source, now=now))
    return bool(over) and pause_for(source, over, now=now)


@transaction.atomic
def pause_for(source: Source, over: list[Figure], *, now: datetime) -> bool:
    """Not where somebody paused or reopened it since its figures were read."""
    stored = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if stored.paused_at or not stored.enabled or stored.deleted_at or stored.resumed_at != source.resumed_at:
        return False
    pause_source(source, by=SYSTEM, reason=say_pause(over), now=now, figures=over)
    return True


def read_figures(source: Source, *, now: datetime) -> list[Figure]:
    """What each threshold that is set stands at."""
    settings = source.settings
    rows = recent_rows(source, settings).values_list("outcome", "codes", TELLING)
    sent = [one for row in rows if (one := read_sent(*row))]
    return measure(settings, sent, complaints=count_complaints(source, settings, now=now))


def recent_rows(source: Source, settings: SourceSettings) -> QuerySet[Submission]:
    """Newest first, and since the source was reopened; a bounded walk along one index. What a person brought
    or had judged again was not sent by the source."""
    looked_at = longest_look(settings) * LOOKED_AT
    since = first_id_at(source.resumed_at) if source.resumed_at else UUID(int=0)
    newest = Submission.objects.filter(source=source, id__gte=since)
    counted = Q(dry_run=False, repeats=None) & ~Q(outcome=Submission.Outcome.REPLAYED)
    return Submission.objects.filter(
        counted & ~Q(door=Submission.Door.IMPORT),
        pk__in=newest.order_by("-id").values("pk")[:looked_at],
    ).order_by("-id")


def read_sent(outcome: str, codes: list[str], telling: list[dict[str, Any]]) -> Sent | None:
    """None for what was stopped before anybody looked at the lead."""
    if not NOT_OF_LEADS.isdisjoint(codes) and outcome == Submission.Outcome.REFUSED:
        return None
    judged = [verdict for verdict in telling if is_judgement(verdict)]
    return Sent(
        certificate_judged=bool(judged),
        bad_certificate=[verdict["code"] for verdict in judged if not verdict["passed"]],
        duplicate=DUPLICATE in codes,
        refused=outcome == Submission.Outcome.REFUSED,
        refused_for=[verdict["code"] for verdict in telling if verdict.get("effect") == "refuse"],
    )


def is_judgement(verdict: dict[str, Any]) -> bool:
    """Whether it says that a certificate is good or bad; a mere warning does neither."""
    return is_about_certificate(verdict["code"]) and (verdict["passed"] or verdict["effect"] in STOPPING)


def is_about_certificate(code: str) -> bool:
    return code.startswith("certificate_") and code not in NO_JUDGEMENT


def least_to_cross(settings: SourceSettings, name: str) -> float:
    """How many it takes at the least; without a threshold no number does."""
    limit = getattr(settings, name)
    return inf if limit is None else limit * of_share(settings, name) / 100


def count_complaints(source: Source, settings: SourceSettings, *, now: datetime) -> int:
    """Complaints and disputes, but for those that were unfounded."""
    since = now - timedelta(days=settings.pause_complaints_days)
    raised = Complaint.objects.filter(source=source, opened_at__gt=max(since, source.resumed_at or since))
    counted = raised.exclude(kind=Complaint.Kind.OPT_OUT).exclude(outcome=Complaint.Outcome.UNFOUNDED)
    return counted.count()
