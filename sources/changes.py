"""What a change changes, in the words that its event keeps."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models


class Difference(NamedTuple):
    """The new values of what differs, and both values of each as an event keeps them."""

    changed: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def compare(row: models.Model, values: Mapping[str, Any]) -> Difference:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    return Difference(
        changed,
        {name: plain(getattr(row, name)) for name in changed},
        {name: plain(value) for name, value in changed.items()},
    )


def plain(value: Any) -> Any:
    """As JSON can say it."""
    match value:
        case None | bool() | int() | list():
            return value
        case str():
            # A choice of an enumeration is its value.
            return str(value)
        case datetime() | date() | time():
            return value.isoformat().replace("+00:00", "Z")
        case Decimal():
            return format(value, "f")
    return str(value)
