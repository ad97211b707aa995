"""Row ids: UUID version 7 inside, `prefix_` and 26 characters of Crockford's base 32 outside."""

import os
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"i": 1, "l": 1, "o": 0}
# Two characters at a time: an id is written on each intake request.
PAIRS = [high + low for high in ALPHABET for low in ALPHABET]


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by age."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    upper_noise = noise >> 68
    lower_noise = noise & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | upper_noise << 64 | 0b10 << 62 | lower_noise)


# An id is made when its row is about to be stored: after the moment that the row states by as much as the
# request took, which may have waited for others.
LATENESS = timedelta(minutes=10)


def first_id_at(moment: datetime) -> UUID:
    """No id made at `moment` or later is lower, so that a range of time is a range of ids."""
    milliseconds = min(max(int(moment.timestamp() * 1000), 0), (1 << 48) - 1)
    return UUID(int=milliseconds << 80)


def id_after(row_id: UUID, wait: timedelta) -> UUID:
    """No id made within `wait` of this one is higher."""
    return UUID(int=min(row_id.int + (int(wait.total_seconds() * 1000) << 80), (1 << 128) - 1))


def moment_of(row_id: UUID) -> datetime:
    """When the id was made, to the millisecond."""
    return datetime.fromtimestamp((row_id.int >> 80) / 1000, UTC)


def public_id(prefix: str, row_id: UUID) -> str:
    number = row_id.int
    return prefix + "_" + "".join(PAIRS[number >> shift & 1023] for shift in range(120, -1, -10))


def parse_public_id(prefix: str, text: str) -> UUID | None:
    """The id behind `text`, or None for another prefix or anything that is no id. Case is ignored."""
    head, _, digits = text.strip().lower().rpartition("_")
    if head != prefix or len(digits) != LENGTH or any(digit not in VALUES for digit in digits):
        return None
    number = 0
    for digit in digits:
        number = number << 5 | VALUES[digit]
    return UUID(int=number) if number < 1 << 128 else None
