"""Pausing a source by itself: what it sent lately is read and held against its thresholds. Every minute for
all sources, and at once when a complaint is recorded."""

from datetime import datetime, timedelta
from math import inf
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Func, JSONField, Q, QuerySet

from leadping.events import SYSTEM
from leadping.ids import first_id_at
from leads.models import Complaint, Submission
from sources.lifecycle import pause_source
from sources.models import Source, SourceSettings
from sources.thresholds import (
    THRESHOLDS,
    Figure,
    Sent,
    crossed,
    longest_look,
    measure,
    of_share,
    say_pause,
)

log = structlog.get_logger("leads.pausing")

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


def pause_bad_sources(*, now: datetime) -> int:
    """Looks at every source with a threshold that still sends; says how many were paused."""
    return sum(pause_if_bad(settings, now=now) for settings in watched_settings().iterator())


def watched_settings() -> QuerySet[SourceSettings]:
    is_set = Q()
    for name in THRESHOLDS:
        is_set |= Q(**{f"{name}__isnull": False})
    sending = Q(source__enabled=True, source__paused_at=None, source__deleted_at=None)
    return SourceSettings.objects.filter(is_set, sending).select_related("source")


def pause_if_bad(settings: SourceSettings, *, now: datetime) -> bool:
    """One source that fails, for whatever reason, keeps no other from being paused."""
    try:
        return may_be_bad(settings, now=now) and pause_when_crossed(settings.source, now=now)
    except Exception:
        log.exception("thresholds not looked at", source=settings.source.public_id)
        return False


def may_be_bad(settings: SourceSettings, *, now: datetime) -> bool:
    """A first look at no more than codes, which nearly every source passes; verdicts cost far more."""
    source = settings.source
    if settings.pause_complaints is not None and count_complaints(source, settings, now=now):
        return True
    rows = list(recent_rows(source, settings).values_list("outcome", "codes"))
    found = {
        "pause_bad_certificates": sum(any(map(is_about_certificate, codes)) for _, codes in rows),
        "pause_duplicates": sum(DUPLICATE in codes for _, codes in rows),
        "pause_refused": sum(outcome == Submission.Outcome.REFUSED for outcome, _ in rows),
    }
    return any(count >= least_to_cross(settings, name) for name, count in found.items())


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
    since = first_id_at(source.resumed_at) if source.resumed_at else None
    newest = Submission.objects.filter(source=source, **({"id__gte": since} if since else {}))
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
