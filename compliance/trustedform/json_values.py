"""Reading single values out of the service's JSON, of which any may be missing or of another type. Pure."""

from datetime import UTC, datetime
from math import isfinite
from typing import Any

# The specification's examples print booleans as strings too.
BOOLEANS = {"true": True, "false": False}
TEXT_LENGTH = 2_000
LIST_LENGTH = 50


def dig(value: Any, *names: str) -> Any:
    """What is found under `names` one inside the other; None when there is no such thing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def read_boolean(value: Any) -> bool | None:
    return BOOLEANS.get(str(value).lower())


def read_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def read_text(value: Any) -> str | None:
    """None for what is no text, and for "null", which the service prints for none in some examples."""
    if not isinstance(value, str) or value.strip() in {"", "null"}:
        return None
    return value.strip()[:TEXT_LENGTH]


def read_texts(value: Any) -> tuple[str, ...] | None:
    """A list of texts, or the one text that stands for it."""
    if isinstance(value, list):
        return tuple(text for item in value[:LIST_LENGTH] if (text := read_text(item)))
    text = read_text(value)
    return None if text is None else (text,)


def read_moment(value: Any) -> datetime | None:
    """A moment without a zone is taken for UTC, which the service writes everywhere."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
