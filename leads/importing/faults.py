"""What was found about a row, told so that it can be mended, without what the row holds: a value is named by
its kind alone, for what is found is kept longer and shown to more people than the file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leads.intake.payload.forms import METADATA
from leads.intake.problems import CATALOGUE

# Of a fault; what is empty is left out.
Fault = dict[str, Any]


def describe_faults(
    number: int, verdicts: Iterable[Mapping[str, Any]], headings: Mapping[str, str], values: Mapping[str, Any]
) -> Iterator[Fault]:
    """`verdicts` as submissions store them; `headings` leads from fields to the file's headings, `values`
    holds the row by its fields."""
    for verdict in verdicts:
        if verdict["passed"] or verdict["effect"] == "off":
            continue
        field = verdict.get("field", "")
        value = value_at(field, values)
        told = {
            "row": number,
            "heading": heading_of(field, headings),
            "code": verdict["code"],
            "effect": verdict["effect"],
            "value": kind_of(value) if field else "",
            "message": without_values(verdict.get("detail", ""), values) or CATALOGUE[verdict["code"]].title,
            "hint": verdict.get("hint") or "",
        }
        yield {name: text for name, text in told.items() if text}


def heading_of(field: str, headings: Mapping[str, str]) -> str:
    inner = field.removeprefix(f"{METADATA}.")
    return headings.get(field) or (inner if inner != field else field)


def value_at(field: str, values: Mapping[str, Any]) -> Any:
    inner = field.removeprefix(f"{METADATA}.")
    whole = values.get(METADATA)
    if inner != field and isinstance(whole, dict):
        return whole.get(inner)
    return values.get(field)


def kind_of(value: Any) -> str:
    if value is None or value == "":
        return "blank"
    if not isinstance(value, str):
        return "an object"
    if value.isdigit():
        return f"{len(value)} digits"
    return f"{nature_of(value)}, {len(value)} characters"


def nature_of(text: str) -> str:
    if "@" in text:
        return "text with an @"
    if text.startswith(("http://", "https://")):
        return "a web address"
    return "mostly digits" if sum(map(str.isdigit, text)) * 2 > len(text) else "text"


def without_values(message: str, values: Mapping[str, Any]) -> str:
    """Rules may quote what they refuse."""
    for value in values.values():
        if isinstance(value, str) and len(value) > 1:
            message = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "“…”", message)
    return message
