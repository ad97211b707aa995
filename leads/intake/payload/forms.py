"""Form bodies and query strings, brought to the flat JSON shape."""

import re
from typing import Any
from urllib.parse import parse_qsl

from leadping.redaction import REDACTED, is_secret_name, redact_values
from leadping.verdicts import Effect, Verdict, failed
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
        if match := METADATA_KEY.fullmatch(name):
            metadata[match[1]] = value
        elif name not in fields or not fields[name].strip():
            fields[name] = value
        elif value.strip() and value.strip() != fields[name].strip():
            findings.append(repeated(name))
    if METADATA in fields:
        fields[METADATA] = metadata_object(fields[METADATA])
    if metadata:
        given = fields.get(METADATA)
        fields[METADATA] = {**given, **metadata} if isinstance(given, dict) else metadata
    return fields, findings


def repeated(name: str) -> Verdict:
    if name == CERTIFICATE:
        return failed(
            "certificate_several",
            "Several certificates were sent; the first was used.",
            field=name,
            effect=Effect.WARN,
        )
    return failed("field_repeated", f"“{name}” is given twice with different values.", field=name)


def metadata_object(text: str) -> Any:
    """JSON text as an object; anything else stays text, which the field's type refuses."""
    try:
        return parse_object(text.encode()) if text.strip() else ""
    except Unreadable:
        return text


def redact_pairs(pairs: Pairs) -> Pairs:
    return [
        (redact_values(name), REDACTED if is_secret_name(name) and value else redact_values(value))
        for name, value in pairs
    ]
