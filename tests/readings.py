"""Payloads read as the doors read them, without a door."""

from datetime import date
from typing import Any

from leads.intake.payload.reading import Reading, read_object
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS, FlatPayload, StructuredPayload

TODAY = date(2026, 6, 14)


def read_flat(sent: dict[str, Any]) -> Reading:
    return read_object(sent, FlatPayload, FLAT_PATHS, {}, today=TODAY)


def read_structured(sent: dict[str, Any]) -> Reading:
    return read_object(sent, StructuredPayload, STRUCTURED_PATHS, {}, today=TODAY)


def place(paths: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with each value at its dotted path."""
    made: dict[str, Any] = {}
    for path, value in paths:
        *above, last = path.split(".")
        parent = made
        for name in above:
            parent = parent.setdefault(name, {})
        parent[last] = value
    return made
