"""Pausing a source by itself: what it sent lately is read and held against its thresholds. Every minute for
all sources, and at once when a complaint is recorded."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, JSONField, Q, QuerySet

from compliance.certificates import AT_FAULT, JUDGED_BY
from leadping.events import SYSTEM
from leadping.ids import first_id_at
from leadping.one_by_one import one_by_one
from leads.models import Complaint, Submission
from leads.suspects import DUPLICATE, LOOKED_AT, NOT_OF_LEADS, STOPPING, find_looks, remember
from sources.lifecycle import pause_source
from sources.models import Source, SourceSettings
from sources.thresholds import (
    Figure,
    Sent,
    crossed,
    longest_look,
    measure,
    say_pause,
)

# Opening the verdicts costs most, and only these are of interest.
TELLING = Func(
    F("verdicts"),
    template="jsonb_path_query_array(%(expressions)s, "
    '\'$[*] ? (@.code starts with "certificate_" || @.effect == "refuse")\')',
    output_field=JSONField(),
)


def pause_bad_sources(*, now: datetime) -> int:
    """Looks at every source that may have reached a threshold since the last time; says how many were
    paused."""
    looks = find_looks(now=now)
    crossed_by = [look.source_id for look in looks if look.crossed]
    paused = one_by_one(
        crossed_by, lambda source_id: pause_if_bad(source_id, now=now), otherwise="thresholds not looked at"
    )
    remember(looks, now=now)
    return paused


def pause_if_bad(source_id: UUID, *, now: datetime) -> bool:
    return pause_when_crossed(Source.objects.select_related("settings").get(pk=source_id), now=now)


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
    if verdict["passed"]:
        return verdict["code"] in JUDGED_BY
    return verdict["code"] in AT_FAULT and verdict["effect"] in STOPPING


def count_complaints(source: Source, settings: SourceSettings, *, now: datetime) -> int:
    """Complaints and disputes, but for those that were unfounded."""
    since = now - timedelta(days=settings.pause_complaints_days)
    raised = Complaint.objects.filter(source=source, opened_at__gt=max(since, source.resumed_at or since))
    counted = raised.exclude(kind=Complaint.Kind.OPT_OUT).exclude(outcome=Complaint.Outcome.UNFOUNDED)
    return counted.count()
