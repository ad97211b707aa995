"""Moments as people say them. Pure. Exact ones are in UTC: an installation has no zone of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from leadping.moments import ago, date_of

# 47 CFR 64.1200(c)(1): telephone solicitations are lawful from 8 a.m. to 9 p.m. at the called party's place.
CALLING_HOURS = (time(8), time(21))


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` for machines, the others for people."""

    at: datetime
    ago: str
    exact: str


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What clocks show where a phone number belongs; several zones give several times."""

    text: str
    may_call: bool


def describe(at: datetime, *, now: datetime) -> Moment:
    return Moment(at, ago(at, now=now), exact(at))


def exact(at: datetime) -> str:
    return f"{date_of(at)}, {at:%H:%M:%S} UTC"


def local_time(zones: Sequence[str], *, now: datetime) -> LocalTime | None:
    """None where nobody knows where the number belongs."""
    if not zones:
        return None
    clocks = sorted({now.astimezone(ZoneInfo(zone)).time() for zone in zones})
    texts = [f"{clock:%I:%M %p}".lstrip("0") for clock in clocks]
    first, last = CALLING_HOURS
    return LocalTime(" or ".join(dict.fromkeys(texts)), all(first <= clock < last for clock in clocks))
