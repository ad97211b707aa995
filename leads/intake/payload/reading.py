"""From a payload as it was sent to a draft, its faults and its warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from compliance.evidence.registry import LONGEST_TOKEN, Claim, find_claims, kind_named
from leadping.verdicts import Verdict, failed
from leads.intake.payload.cleaning import Cleaning, clean_object
from leads.intake.payload.draft import LeadDraft
from leads.intake.payload.hints import guess, unknown_field
from leads.intake.payload.shapes import Shape


@dataclass(slots=True)
class Reading:
    """`paths` names each field of the draft as this sender writes it."""

    paths: Mapping[str, str]
    draft: LeadDraft
    faults: list[Verdict] = field(default_factory=list)
    warnings: list[Verdict] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    # Tokens of other services, such as a LeadiD.
    claims: list[Claim] = field(default_factory=list)
    # From a documented path to the unknown one that was probably meant for it.
    misnamed: dict[str, str] = field(default_factory=dict)
    found_secret: bool = False

    def as_sent(self, verdict: Verdict) -> Verdict:
        """A rule names our field; the answer names it as the sender wrote it, or should have written it."""
        if verdict.field is None:
            return verdict
        path = self.paths[verdict.field]
        if verdict.code.endswith("_missing") and path in self.misnamed:
            return replace(verdict, field=path, hint=f"Rename “{self.misnamed[path]}” to “{path}”.")
        return replace(verdict, field=path)

    def is_faulty(self, name: str) -> bool:
        """Whether this field of the draft was sent but could not be read; then it is not missing."""
        return any(fault.field == self.paths[name] for fault in self.faults)


def read_object(
    sent: dict[str, Any],
    shape: type[Shape],
    paths: Mapping[str, str],
    written: Mapping[str, str],
    *,
    today: date,
) -> Reading:
    """Every fault at once; whatever could be read is in the draft, so that rules can judge it too.

    `written` maps documented names to the sender's, where those differ.
    """
    found = Cleaning()
    cleaned = clean_object(sent, found)
    payload, faults = validate(shape, cleaned, today)
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    flatten(payload, values, extra)
    claims = claims_among(extra, values, paths)
    meant = {path: guess(path, extra[path], paths) for path in extra if is_unknown(path)}
    return Reading(
        paths=paths,
        draft=LeadDraft(**values),
        faults=[as_written(fault, written) for fault in (*found.faults, *faults)],
        warnings=[*found.warnings, *(unknown_field(path, near) for path, near in meant.items())],
        extra={path: value for path, value in extra.items() if not is_told_by_claim(path, value)},
        claims=claims,
        misnamed={near: path for path, near in meant.items() if near},
        found_secret=found.found_secret,
    )


def validate(shape: type[Shape], cleaned: dict[str, Any], today: date) -> tuple[Shape, list[Verdict]]:
    context = {"today": today}
    try:
        return shape.model_validate(cleaned, context=context), []
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    # What cannot be read is taken out, and the rest is read again.
    for fault in faults:
        take_out(cleaned, fault)
    return shape.model_validate(cleaned, context=context), [explain(fault) for fault in faults]


def take_out(cleaned: dict[str, Any], fault: ErrorDetails) -> None:
    *above, name = fault["loc"]
    parent: Any = cleaned
    for step in above:
        parent = parent[step]
    if fault["type"] in OBJECT_FAULTS:
        parent[name] = {}
    else:
        del parent[name]


OBJECT_FAULTS = frozenset({"missing", "model_type"})
OBJECT_HINTS = {
    "contact.phone": "Send contact.phone.number.",
    "contact.streetAddress": "Send contact.streetAddress.address1, city, state and postalCode.",
}


def explain(fault: ErrorDetails) -> Verdict:
    """Pydantic's own kinds of fault in our codes; those raised by our field types carry theirs."""
    path = ".".join(map(str, fault["loc"]))
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return failed("field_required", f"The object “{path}” is required.", field=path)
        case "model_type":
            message = f"“{path}” must be an object."
            return failed("field_wrong_type", message, field=path, hint=OBJECT_HINTS.get(path))
        case "string_type":
            return failed("field_wrong_type", "This must be text.", field=path)
        case "string_too_long":
            limit = context["max_length"]
            return failed("field_too_long", f"This has at most {limit} characters.", field=path)
        case code:
            return failed(code, context["message"], field=path, hint=context["hint"] or None)


def as_written(fault: Verdict, written: Mapping[str, str]) -> Verdict:
    return replace(fault, field=written.get(fault.field, fault.field)) if fault.field else fault


def flatten(payload: Shape, values: dict[str, Any], extra: dict[str, Any], above: str = "") -> None:
    """Sorts the payload's fields by whether the draft knows them."""
    for name, value in payload.__dict__.items():
        if isinstance(value, Shape):
            flatten(value, values, extra, f"{above}{type(payload).model_fields[name].alias}.")
        elif value is not None:
            values[name] = value
    for name, value in (payload.model_extra or {}).items():
        extra[f"{above}{name}"] = value


def claims_among(extra: dict[str, Any], values: dict[str, Any], paths: Mapping[str, str]) -> list[Claim]:
    """What other systems prove with is none of our fields; many put it into the metadata."""
    metadata = values.get("source_metadata")
    if not extra and not metadata:
        return []
    above = paths["source_metadata"]
    inside = ((f"{above}.{name}", value) for name, value in (metadata or {}).items())
    return find_claims([*extra.items(), *inside])


def is_unknown(path: str) -> bool:
    return not is_campaign_field(path) and kind_named(path.rpartition(".")[2]) is None


def is_told_by_claim(path: str, value: Any) -> bool:
    """Whether all of it is kept as evidence, so that it need not be kept twice."""
    fits = isinstance(value, str) and len(value) <= LONGEST_TOKEN
    return fits and kind_named(path.rpartition(".")[2]) is not None


def is_campaign_field(path: str) -> bool:
    """Campaign systems invent utm names of their own; all of them are expected."""
    return path.rpartition(".")[2].lower().startswith("utm")
