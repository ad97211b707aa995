"""Form bodies and query strings, brought to the flat JSON shape."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from leadping.redaction import REDACTED, is_secret_name, redact_text, redact_tree, redact_values
from leadping.verdicts import Effect, Verdict, failed
from leads.intake.payload.cleaning import shown
from leads.intake.payload.json_text import MOST_KEYS, Unreadable, parse_object
from leads.intake.payload.shapes import FLAT_PATHS

CERTIFICATE = FLAT_PATHS["trusted_form_url"]
METADATA = FLAT_PATHS["source_metadata"]
METADATA_KEY = re.compile(r"sourceMetadata\[([^\[\]]+)\]", re.IGNORECASE)
CREDENTIALS = frozenset({"sourceid", "apikey"})
ANY_CASE = {path.lower(): path for path in FLAT_PATHS.values()}

Pairs = list[tuple[str, str]]


def parse_pairs(encoded: bytes) -> Pairs:
    """Raises Unreadable."""
    if encoded.lstrip().startswith(b"{"):
        hint = "Set Content-Type: application/json."
        raise Unreadable("form_malformed", "This is JSON, sent as form data.", hint)
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_KEYS
        )
    except UnicodeDecodeError as error:
        raise Unreadable("form_malformed", "The fields are not percent-encoded UTF-8.") from error
    except ValueError as error:
        raise Unreadable("form_malformed", f"There are more than {MOST_KEYS} fields.") from error


def without_credentials(pairs: Pairs) -> Pairs:
    return [(name, value) for name, value in pairs if name.lower() not in CREDENTIALS]


def sent_names(pairs: Pairs) -> dict[str, str]:
    """From the documented name of each field to the way this sender wrote it."""
    return {ANY_CASE[name.lower()]: name for name, _ in pairs if name.lower() in ANY_CASE}


def in_documented_case(pairs: Pairs) -> Pairs:
    return [(ANY_CASE.get(name.lower(), name), value) for name, value in pairs]


def as_object(pairs: Pairs) -> tuple[dict[str, Any], list[Verdict]]:
    """The fields as one flat object, and what is wrong with or odd about their being given twice."""
    fields: dict[str, Any] = {}
    findings: list[Verdict] = []
    metadata: dict[str, Any] = {}
    for name, value in pairs:
        inner = METADATA_KEY.fullmatch(name)
        given, key = (metadata, inner[1]) if inner else (fields, name)
        if not given.get(key, "").strip():
            given[key] = value
        elif value.strip() and value.strip() != given[key].strip():
            findings.append(repeated(shown(name)))
    if METADATA in fields:
        fields[METADATA] = metadata_object(fields[METADATA])
    if metadata:
        whole = fields.get(METADATA)
        fields[METADATA] = {**whole, **metadata} if isinstance(whole, dict) else metadata
    return fields, findings


def repeated(name: str) -> Verdict:
    if name == CERTIFICATE:
        return failed(
            "certificate_several",
            "Several certificates were sent; the first was used.",
            field=name,
            effect=Effect.WARN,
        )
    return failed("field_repeated", "This is given twice with different values.", field=name)


def metadata_object(text: str) -> Any:
    """JSON text as an object; anything else stays text, which the field's type refuses."""
    try:
        return parse_object(text.encode()) if text.strip() else ""
    except Unreadable:
        return text


def redact_encoded(text: str) -> str:
    """Fields that were not read, without their credentials; as they came where there are none."""
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    redacted = redact_pairs(pairs)
    return text if redacted == pairs else encode(redacted)


def encode(pairs: Pairs) -> str:
    return urlencode(pairs, safe="[]")


def redact_pairs(pairs: Pairs) -> Pairs:
    return [(redact_values(name), redact_value(name, value)) for name, value in pairs]


def redact_value(name: str, value: str) -> str:
    inner = METADATA_KEY.fullmatch(name)
    if value and is_secret_name(inner[1] if inner else name):
        return REDACTED
    return redact_metadata(value) if name.lower() == METADATA.lower() else redact_values(value)


def redact_metadata(text: str) -> str:
    given = metadata_object(text)
    if not isinstance(given, dict):
        return redact_text(text)
    return text if redact_tree(given) == given else redacted_json(given)


def redacted_json(given: dict[str, Any]) -> str:
    """Halves of surrogate pairs stay the escapes that they were sent as; nothing else could store them."""
    text = json.dumps(redact_tree(given), default=str, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()
