"""JSON as a door reads it: strict UTF-8, one object, nothing said twice, nothing out of bounds."""

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from leadping.verdicts import Verdict, failed
from leads.intake.payload.cleaning import shown

DEEPEST = 20
MOST_KEYS = 200
BRANCHES = (dict, list)


class Unreadable(Exception):  # noqa: N818 (a finding about the text, not an error of ours)
    """What is wrong with the text as a whole."""

    def __init__(self, code: str, message: str, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.verdict: Verdict = failed(code, message, hint=hint, field=field)


def parse_object(body: bytes) -> dict[str, Any]:
    """Raises Unreadable. Numbers with a point or exponent come back as Decimal, so that money stays exact."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("The body is not valid UTF-8.") from error
    try:
        parsed = DECODER.decode(text)
    except json.JSONDecodeError as error:
        message = f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise malformed(message, guess_cause(text)) from error
    except RecursionError as error:
        raise malformed(f"The body is nested more than {DEEPEST} levels deep.") from error
    except ValueError as error:
        raise malformed("A number in the body has too many digits.") from error
    if not isinstance(parsed, dict):
        raise malformed("The body must be one JSON object.", "Send one lead a request, in { and }.")
    measure(parsed)
    return parsed


def malformed(message: str, hint: str | None = None) -> Unreadable:
    return Unreadable("json_malformed", message, hint)


def guess_cause(text: str) -> str | None:
    stripped = text.lstrip("\ufeff \r\n\t")
    if not stripped:
        return "The body is empty."
    if text.startswith("\ufeff"):
        return "Remove the byte order mark at the beginning."
    if re.match(r"[\w.\[\]]+=", stripped):
        return "This looks like form data; send it to /leads/intake as application/x-www-form-urlencoded."
    if stripped.startswith(("{'", "['")):
        return "JSON text stands in double quotes."
    if re.search(r",\s*[}\]]", stripped):
        return "Remove the comma before the closing bracket."
    return None


def unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        name = shown(next(name for name in result if names.count(name) > 1))
        raise Unreadable("field_repeated", f"“{name}” is given more than once.", field=name)
    return result


def exact_number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise malformed(f"The number {text[:40]} is out of range.") from error
    if not math.isfinite(float(text)):
        raise malformed(f"The number {text[:40]} is out of range.")
    return number


def refuse_constant(text: str) -> Any:
    raise malformed(f"{text} is not JSON.")


DECODER = json.JSONDecoder(
    object_pairs_hook=unique_pairs, parse_float=exact_number, parse_constant=refuse_constant
)


def measure(parsed: dict[str, Any]) -> None:
    """Raises Unreadable where the object is deeper or has more keys than any lead needs."""
    keys = 0
    level: list[Any] = [parsed]
    for _ in range(DEEPEST):
        keys += sum(len(value) for value in level if isinstance(value, dict))
        if keys > MOST_KEYS:
            raise malformed(f"The body has more than {MOST_KEYS} keys.")
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, BRANCHES)
        ]
        if not level:
            return
    raise malformed(f"The body is nested more than {DEEPEST} levels deep.")
