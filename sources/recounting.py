"""Caps that are set or changed count what has come already in their hour, day and month.

The leads of the periods are counted anew in the transaction that changes the settings, while no lead of the
source can be stored. Whoever stores one passes a gate and keeps it open until their transaction ends; who
closes it waits for them, and whoever comes later finds that the source has changed, and judges once more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings as installation
from django.db import connection
from django.utils.module_loading import import_string

from sources.caps import Cap, caps_at, has_caps
from sources.models import CapCount, Source, SourceSettings

COUNTED_BY = ("cap_per_hour", "cap_per_day", "cap_per_month", "time_zone")
# How many leads of a source were taken since a moment; the leads are in a room above this one.
Counter = Callable[[UUID, datetime], int]


def counts_otherwise(old: SourceSettings, new: SourceSettings) -> bool:
    return has_caps(new) and any(getattr(old, name) != getattr(new, name) for name in COUNTED_BY)


def count_anew(source: Source, settings: SourceSettings, *, now: datetime) -> None:
    """`settings` are the new ones. Nobody counts for the source until the transaction ends."""
    caps = caps_at(settings, now)
    # First the rows, then the gate, in the order in which a lead takes them: nobody waits for each other.
    hold_counts(source, caps)
    close_gate(source)
    for cap in caps:
        row = CapCount.objects.filter(source=source, period=cap.period, starts_at=cap.starts_at)
        row.update(count=count_taken()(source.pk, cap.starts_at))
    CapCount.objects.filter(source=source, count=0).delete()


def hold_counts(source: Source, caps: Sequence[Cap]) -> None:
    held = [
        CapCount(
            business_id=source.business_id, source=source, period=cap.period, starts_at=cap.starts_at, count=0
        )
        for cap in caps
    ]
    CapCount.objects.bulk_create(
        held,
        update_conflicts=True,
        unique_fields=["source", "period", "starts_at"],
        update_fields=["count"],
    )


def hold_rows(source: Source, caps: Sequence[Cap]) -> None:
    """Those that are there, until the transaction ends; before the gate, as a lead takes them."""
    for cap in caps:
        row = CapCount.objects.filter(source=source, period=cap.period, starts_at=cap.starts_at)
        row.select_for_update().first()


def pass_gate(source: Source) -> None:
    """Nobody counts the source's leads anew until the transaction ends; waits for whoever does now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sources_pass_gate(%s)", [source.pk])


def close_gate(source: Source) -> None:
    """The guard in `leads/intake/statement.py` passes it, and keeps it open for so long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(source.pk)])


def taken_so_far(settings: SourceSettings, *, now: datetime) -> dict[str, int]:
    """By period, whether there is a cap or not."""
    every = SourceSettings(time_zone=settings.time_zone, cap_per_hour=1, cap_per_day=1, cap_per_month=1)
    count = count_taken()
    return {cap.period.value: count(settings.source_id, cap.starts_at) for cap in caps_at(every, now)}


def count_taken() -> Counter:
    return cast(Counter, import_string(installation.LEADS_COUNTED_BY))
