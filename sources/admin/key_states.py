"""What state a key is in, and whether it should be replaced. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString

from leadping.console.display import badges
from sources.models import Credential

UNUSED_FOR = timedelta(days=90)
OLD_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the page of its source shows it."""

    credential: Credential
    badges: SafeString
    live: bool
    exposed: bool
    advice: list[str]


def describe_keys(credentials: Iterable[Credential], *, now: datetime) -> list[KeyLine]:
    return [
        KeyLine(
            credential,
            badges(list_states_of(credential, now=now)),
            live := credential.is_live(now),
            live and credential.exposed_at is not None,
            list_reasons_to_rotate(credential, now=now),
        )
        for credential in credentials
    ]


def list_states_of(credential: Credential, *, now: datetime) -> list[tuple[str, str]]:
    """Text and tone of its badges."""
    if credential.revoked_at:
        return [("Revoked", "bad")]
    if not credential.is_live(now):
        return [("Ended", "bad")]
    states = [("Active", "good")]
    if credential.retires_at:
        states = [(f"Ends in {say_hours(credential.retires_at - now)}", "accent")]
    if credential.exposed_at:
        states.append(("Seen in a lead", "bad"))
    if is_stale(credential, now=now):
        states.append(("Stale", "warn"))
    return states


def say_hours(left: timedelta) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    return f"{minutes} min" if minutes < 90 else f"{round(minutes / 60)} h"


def is_stale(credential: Credential, *, now: datetime) -> bool:
    return bool(list_reasons_to_rotate(credential, now=now))


def say_stale(credentials: Sequence[Credential], *, now: datetime) -> str:
    """Of stale keys of one source."""
    unused = sum(is_unused(credential, now=now) for credential in credentials)
    old = sum(is_old(credential, now=now) for credential in credentials)
    said = ((unused, f"unused for {UNUSED_FOR.days} days"), (old, "older than a year"))
    several = len(credentials) > 1
    return ", ".join(f"{count} {text}" if several else text for count, text in said if count)


def is_unused(credential: Credential, *, now: datetime) -> bool:
    return now - (credential.last_used_at or credential.created_at) >= UNUSED_FOR


def is_old(credential: Credential, *, now: datetime) -> bool:
    return now - credential.created_at >= OLD_AFTER


def list_reasons_to_rotate(credential: Credential, *, now: datetime) -> list[str]:
    """Why a live key that nobody saw should be replaced all the same."""
    if not credential.is_live(now) or credential.retires_at:
        return []
    reasons = []
    if is_unused(credential, now=now):
        reasons.append(f"Nothing has used it for {UNUSED_FOR.days} days: revoke it if nothing needs it.")
    if is_old(credential, now=now):
        reasons.append("It is older than a year: rotate it.")
    return reasons
