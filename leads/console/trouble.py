"""What goes wrong with a source, as its page shows it: complaints, thresholds, and the pause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from leadping.console.display import badge
from leadping.console.history import name_actor
from leadping.console.scoped import ScopedAdmin
from leadping.models import Event
from leads.models import Complaint
from leads.pausing import read_figures
from sources.models import Source
from sources.thresholds import Figure, say_days

SHOWN = 5
TONES = {
    Complaint.Outcome.UPHELD: "bad",
    Complaint.Outcome.UNFOUNDED: "good",
    Complaint.Outcome.SETTLED: "good",
    Complaint.Outcome.HONOURED: "good",
}


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    title: str
    state: SafeString
    opened: datetime
    address: str
    details: str


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    label: str
    figure: str
    state: SafeString


@dataclass(frozen=True, slots=True)
class PauseLine:
    """One threshold that was reached, as the event keeps it."""

    label: str
    found: str
    threshold: str
    codes: dict[str, int]


def describe_trouble(source: Source, screen: ScopedAdmin, *, now: datetime) -> dict[str, Any]:
    about = source.complaints.select_related("lead").order_by("-id")
    return {
        "complaints": list_complaints(about[:SHOWN], screen),
        "open_complaints": Complaint.objects.filter(source=source, closed_at=None).count(),
        "complaints_address": reverse(
            "console:leads_complaint_changelist", query={"source": source.public_id}
        ),
        "thresholds": [describe_threshold(figure) for figure in read_figures(source, now=now)],
        "pause": describe_pause(source) if source.paused_at else None,
    }


def list_complaints(complaints: Iterable[Complaint], screen: ScopedAdmin) -> list[ComplaintLine]:
    return [
        ComplaintLine(
            say_kind(complaint),
            say_state(complaint),
            complaint.opened_at,
            screen.address(complaint),
            complaint.details,
        )
        for complaint in complaints
    ]


def say_kind(complaint: Complaint) -> str:
    kind = Complaint.Kind(complaint.kind).label
    return f"{kind} by {complaint.raised_by}" if complaint.raised_by else kind


def say_state(complaint: Complaint) -> SafeString:
    if complaint.closed_at is None:
        return badge("Open", "warn")
    outcome = Complaint.Outcome(complaint.outcome)
    return badge(outcome.label, TONES[outcome])


def describe_threshold(figure: Figure) -> ThresholdLine:
    """Would it be paused now?"""
    state = badge("Would pause now", "bad") if figure.crossed else badge("Below", "good")
    return ThresholdLine(figure.label, figure.say_now(), state)


def describe_pause(source: Source) -> dict[str, Any]:
    """Who paused it, as the last event about it says."""
    paused = Event.objects.filter(subject=source.public_id, kind="source.paused").order_by("-id").first()
    return {
        "since": source.paused_at,
        "by": name_actor(paused.actor) if paused else "",
        "figures": list_pause(paused.data.get("figures", {})) if paused else [],
    }


def list_pause(figures: Mapping[str, Mapping[str, Any]]) -> list[PauseLine]:
    return [
        PauseLine(
            label.capitalize(),
            f"{one['found']} of the last {one['of']} ({one['percent']} %)"
            if "of" in one
            else f"{one['found']} in the last {say_days(one['days'])}",
            f"{one['threshold']} %" if "of" in one else str(one["threshold"]),
            one.get("codes", {}),
        )
        for label, one in figures.items()
    ]
