"""The table of a lead's fields, made of the shapes that intake reads."""

from dataclasses import dataclass
from typing import Any

from compliance.evidence.registry import KINDS as EVIDENCE
from leads.api.contract import flat_fields
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS

KINDS = {"string": "text", "integer": "number", "number": "number", "object": "object"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    flat: str
    structured: str
    kind: str
    about: str


def field_rows() -> list[FieldRow]:
    """The person first, as in the structured shape."""
    schemas = flat_fields()
    rows = [
        FieldRow(flat, STRUCTURED_PATHS[name], kind_of(schemas[flat]), schemas[flat].get("description", ""))
        for name, flat in FLAT_PATHS.items()
    ]
    within = STRUCTURED_PATHS["trusted_form_url"].rpartition(".")[0]
    rows += [FieldRow(kind.name, f"{within}.{kind.name}", "text", kind.about) for kind in EVIDENCE.values()]
    return sorted(rows, key=lambda row: row.structured.partition(".")[0])


def kind_of(schema: dict[str, Any]) -> str:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = " or ".join(KINDS[one] for one in types)
    return f"{kind}, up to {schema['maxLength']:,} characters" if "maxLength" in schema else kind
