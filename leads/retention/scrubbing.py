"""What is left of texts once the person in them is erased: their shape, and words of our own. Pure.

What may stay is listed; whatever else stands there goes, also what nobody thought of.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS

ERASED = "[erased]"

# Of our answers, whose other members repeat what was sent.
OURS = frozenset(
    {
        *("id", "status", "submissionId", "createdAt", "sourceId", "test", "dryRun", "trustedForm"),
        *("outcome", "expiresAt", "type", "title", "requestId", "code", "passed", "effect", "line"),
    }
)
# A field's name stands in findings as the sender wrote it, and a sender may write anything.
FIELDS = {path.lower(): path for path in (*FLAT_PATHS.values(), *STRUCTURED_PATHS.values())}
CONTENT_TYPES = frozenset(
    {
        *("application/json", "application/x-www-form-urlencoded", "multipart/form-data"),
        *("application/x-ndjson", "text/csv", "text/plain"),
    }
)


def scrub_answer(text: str) -> str:
    """One of our answers without what it repeats of the request."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return json.dumps(scrub(said, OURS), ensure_ascii=False, separators=(",", ":"))


def scrub(value: Any, kept: frozenset[str], *, inside: bool = True) -> Any:
    """Objects and lists keep their shape; below a name that is not among the kept nothing else does."""
    if isinstance(value, dict):
        return {name: scrub_member(name, member, kept) for name, member in value.items()}
    if isinstance(value, list):
        return [scrub(member, kept, inside=inside) for member in value]
    return value if inside or value is None else ERASED


def scrub_member(name: str, member: Any, kept: frozenset[str]) -> Any:
    if name == "field":
        return known_field(member)
    if name not in kept and isinstance(member, dict):
        return scrub(member, frozenset())
    # What is ours is a word or a number; the one object of ours is gone through like the whole.
    ours = name in kept and (name == "trustedForm") == isinstance(member, dict)
    return scrub(member, kept, inside=ours)


def known_field(name: Any) -> str | None:
    return FIELDS.get(str(name).lower())


def scrub_verdicts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each check found, without the sentences, which may quote."""
    return [scrub_verdict(row) for row in rows]


def scrub_verdict(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("code", "passed", "effect") if name in row}
    field = known_field(row["field"]) if row.get("field") else None
    return {**kept, "field": field} if field else kept


def plain_content_type(text: str) -> str:
    """Without parameters, in which anything may stand."""
    plain = text.partition(";")[0].strip().lower()
    return plain if plain in CONTENT_TYPES else ""
