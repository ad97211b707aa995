"""Example payloads: kept as they were written, but for credentials."""

import json
from collections.abc import Mapping
from typing import Any

from leadping.redaction import holds_secret, redact_text, redact_tree


def without_credentials(payload: str) -> str:
    """What is no JSON is told so by intake's rules; it is kept all the same, for its author to mend."""
    try:
        read = json.loads(payload)
        redacted = redact_tree(read) if holds_secret(read) else read
    except (ValueError, RecursionError):
        return redact_text(payload)
    return payload if redacted is read else json.dumps(redacted, indent=2, ensure_ascii=False)


def fit_to_keep(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    example = fields.get("example_payload")
    return {**fields, "example_payload": without_credentials(example)} if example else fields
