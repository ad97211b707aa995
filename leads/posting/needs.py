"""The fields of a lead, and which of them this source needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leads.api.examples import FLAT
from leads.docs.fields import FieldRow, field_rows
from leads.posting.facts import Facts
from leads.posting.samples import Lead, own_example

CERTIFICATE = "trustedFormUrl"
CONTACT = ("phone", "email")
# What serves the lead, or its sender when something has to be found again.
ADVISED = frozenset(
    (
        *("firstName", "lastName", "state", "zip", "externalId"),
        *("landingPage", "ipAddress", "userAgent"),
    )
)
EXAMPLES: Mapping[str, Any] = {
    **FLAT,
    "gender": "Unknown",
    "product": "Example product",
    "vertical": "Insurance",
    "utmMedium": "cpc",
    "utmTerm": "quote",
    "utmContent": "banner-2",
    "ipAddress": "203.0.113.7",
    "userAgent": "Mozilla/5.0 …",
}


class Need(StrEnum):
    REQUIRED = "Required"
    ONE_OF = "One of the two"
    ADVISED = "Recommended"
    OPTIONAL = "Optional"


TONES = {Need.REQUIRED: "bad", Need.ONE_OF: "bad", Need.ADVISED: "accent", Need.OPTIONAL: ""}
ORDER = list(Need)


@dataclass(frozen=True, slots=True)
class NeededField:
    flat: str
    structured: str
    need: Need
    kind: str
    rule: str
    example: str

    @property
    def steps(self) -> list[str]:
        """Where the dotted place may break into lines."""
        return self.structured.split(".")

    @property
    def tone(self) -> str:
        return TONES[self.need]


def list_fields(facts: Facts, sample: Lead) -> list[NeededField]:
    """What must be sent first."""
    required = required_names(facts)
    exemplary = frozenset(own_example(facts.terms.example_payload) or ())
    rows = [describe(facts, row, need_of(row.flat, required, exemplary), sample) for row in field_rows()]
    return sorted(rows, key=lambda row: ORDER.index(row.need))


def required_names(facts: Facts) -> frozenset[str]:
    """Beside a phone or an email."""
    terms = facts.terms
    asked = {
        "state": terms.states,
        "product": terms.products,
        "vertical": terms.verticals,
        CERTIFICATE: terms.trustedform_required,
    }
    return frozenset(name for name, wanted in asked.items() if wanted)


def need_of(name: str, required: frozenset[str], exemplary: frozenset[str]) -> Need:
    """What the example that was approved with the terms has is expected of every lead."""
    if name in required:
        return Need.REQUIRED
    if name in CONTACT:
        return Need.ONE_OF
    return Need.ADVISED if name in ADVISED or name in exemplary else Need.OPTIONAL


def describe(facts: Facts, row: FieldRow, need: Need, sample: Lead) -> NeededField:
    example = sample.get(row.flat, EXAMPLES.get(row.flat, ""))
    return NeededField(
        row.flat, row.structured, need, row.kind, " ".join([row.about, *rules(facts, row.flat)]), say(example)
    )


def rules(facts: Facts, name: str) -> list[str]:
    """What this source's terms add to a field's own rule."""
    terms = facts.terms
    allowed = {"state": terms.states, "product": terms.products, "vertical": terms.verticals}.get(name)
    if allowed:
        return [f"One of: {', '.join(allowed)}."]
    if name == CERTIFICATE:
        return (
            ["The value of the form's hidden field xxTrustedFormCertUrl, one for each lead."]
            if terms.trustedform_required
            else ["Not needed for this source."]
        )
    return {
        "externalId": [
            "Your own id of the lead. The same lead sent again within 24 hours is not stored twice."
        ],
        "ipAddress": ["As your form saw it."],
    }.get(name, [])


def say(example: Any) -> str:
    if isinstance(example, dict):
        return ", ".join(f"{name}: {value}" for name, value in example.items())
    return str(example)
