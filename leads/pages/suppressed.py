"""That a lead's person is not to be contacted: since when, why, who recorded it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from compliance.suppression.models import Suppression
from leads.pages.moments import Moment, describe
from leads.pages.timeline import Entry


@dataclass(frozen=True, slots=True)
class Ban:
    """One entry of the suppression list that stands; `address` is its page."""

    ways: str
    contact: str
    since: Moment
    origin: str
    note: str
    by: str
    scope: str
    address: str


def describe_ban(entry: Suppression, actors: Mapping[str, str], *, now: datetime) -> Ban:
    return Ban(
        ways=entry.get_channel_display().lower(),
        contact=entry.value,
        since=describe(entry.created_at, now=now),
        origin=entry.get_origin_display().lower(),
        note=entry.note,
        by=actors.get(entry.created_by, entry.created_by),
        scope="for this account" if entry.account_id else "for the whole business",
        address=entry_address(entry),
    )


def entry_address(entry: Suppression) -> str:
    return reverse("console:compliance_suppression_change", args=[entry.pk])


def of_suppression(entry: Suppression, actors: Mapping[str, str], *, now: datetime) -> list[Entry]:
    """That it was recorded, and that it was released."""
    ways, address = entry.get_channel_display().lower(), entry_address(entry)
    who = actors.get(entry.created_by, entry.created_by)
    title = f"Suppressed for {ways} by {who}"
    story = [Entry(describe(entry.created_at, now=now), title, "bad", entry.note, address)]
    if entry.released_at:
        who = actors.get(entry.released_by, entry.released_by)
        title = f"Suppression for {ways} released by {who}"
        story.append(
            Entry(describe(entry.released_at, now=now), title, "warn", entry.release_reason, address)
        )
    return story


def people_of(entries: Sequence[Suppression]) -> list[str]:
    return [actor for entry in entries for actor in (entry.created_by, entry.released_by) if actor]
