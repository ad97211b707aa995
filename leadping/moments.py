"""Moments as sentences name them."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def say_moment(at: datetime) -> str:
    return f"{at:%-d %b %Y, %H:%M} UTC"


def ago(at: datetime, *, now: datetime) -> str:
    seconds = (now - at).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min ago"
    if seconds < DAY:
        return f"{seconds // HOUR:.0f} h ago"
    if seconds < 7 * DAY:
        days = int(seconds // DAY)
        return f"{days} day{'s' if days > 1 else ''} ago"
    return date_of(at)


def date_of(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
