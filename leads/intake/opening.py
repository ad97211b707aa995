"""Opening the envelope: from the bytes of any door to one reading, and to the text that is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.evidence.registry import judge_claim
from leadping.redaction import redact_text
from leadping.verdicts import Verdict
from leads.intake.arrival import Arrival
from leads.intake.case import Case
from leads.intake.envelope import FORM, JSON, media_type
from leads.intake.payload import forms
from leads.intake.payload.json_text import Unreadable, parse_object
from leads.intake.payload.reading import as_written, read_object
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS, FlatPayload, Shape, StructuredPayload
from leads.models import Submission

QUERY = Submission.Door.QUERY
# Doors through which several leads come at once, each as one JSON object whatever holds them together.
MANY = frozenset({Submission.Door.BATCH, Submission.Door.IMPORT})


@dataclass(frozen=True, slots=True)
class Unpacked:
    sent: dict[str, Any]
    shape: type[Shape]
    paths: Mapping[str, str]
    # From documented names to the sender's, where those differ.
    written: Mapping[str, str] = field(default_factory=dict)
    pairs: forms.Pairs | None = None
    findings: list[Verdict] = field(default_factory=list)

    def redacted(self) -> str:
        """The body again, with its credentials replaced."""
        if self.pairs is None:
            return forms.redacted_json(self.sent)
        return forms.encode(forms.redact_pairs(self.pairs))


def unpack(arrival: Arrival) -> Unpacked:
    """Raises Unreadable."""
    if arrival.door is QUERY:
        return unpack_query(arrival)
    if is_encoded(arrival):
        pairs = forms.parse_pairs(arrival.sent)
        sent, findings = forms.as_object(pairs)
        return Unpacked(sent, FlatPayload, FLAT_PATHS, pairs=pairs, findings=findings)
    sent = parse_object(arrival.sent)
    if arrival.door is Submission.Door.STRUCTURED or (arrival.door in MANY and is_structured(sent)):
        return Unpacked(sent, StructuredPayload, STRUCTURED_PATHS)
    return Unpacked(sent, FlatPayload, FLAT_PATHS)


def is_structured(sent: dict[str, Any]) -> bool:
    """Whether a lead that may have either shape has the one in three objects."""
    return any(isinstance(sent.get(name), dict) for name in StructuredPayload.model_fields)


def unpack_query(arrival: Arrival) -> Unpacked:
    """Field names match in any case, and faults name them as they were written."""
    pairs = forms.parse_pairs(arrival.sent)
    fields = forms.without_credentials(pairs)
    written = forms.sent_names(fields)
    sent, findings = forms.as_object(forms.in_documented_case(fields))
    paths = {name: written.get(path, path) for name, path in FLAT_PATHS.items()}
    findings = [as_written(finding, written) for finding in findings]
    return Unpacked(sent, FlatPayload, paths, written, pairs, findings)


def is_encoded(arrival: Arrival) -> bool:
    """Whether it holds fields as forms and query strings write them."""
    if arrival.door in MANY:
        return False
    return arrival.door is QUERY or media_type(arrival.content_type) == FORM


def is_readable(arrival: Arrival) -> bool:
    if arrival.door is QUERY or arrival.door in MANY:
        return True
    return media_type(arrival.content_type) in {JSON, FORM}


def read(case: Case) -> bool:
    """Faults do not end the case yet: the rules judge whatever could be read, for one whole answer."""
    try:
        unpacked = unpack(case.arrival)
    except Unreadable as fault:
        return case.find(fault.verdict)
    today = case.arrival.latest_date()
    case.reading = reading = read_object(
        unpacked.sent, unpacked.shape, unpacked.paths, unpacked.written, today=today
    )
    case.find(*unpacked.findings, *reading.faults, *reading.warnings, *map(judge_claim, reading.claims))
    known = {(fault.code, fault.field) for fault in (*reading.faults, *reading.warnings)}
    case.find(*(fault for fault in case.provenance.hidden if (fault.code, fault.field) not in known))
    # At the GET door the key is one of the fields.
    shown = case.shows_key and case.arrival.door is QUERY
    case.body_redacted = reading.found_secret or shown or case.provenance.redacted
    case.body = unpacked.redacted() if case.body_redacted else kept_text(case.arrival.sent)
    return True


def keep_unread(case: Case) -> None:
    """What is kept of a body that was not or could not be read: nothing where it is over the limit, or of a
    type that we cannot read, for there we could not tell its credentials either."""
    if case.arrival.too_large or not is_readable(case.arrival):
        return
    text = kept_text(case.arrival.sent)
    case.body = redact_text(forms.redact_encoded(text) if is_encoded(case.arrival) else text)
    case.body_redacted = case.body != text


def kept_text(sent: bytes) -> str:
    """The bytes as text that PostgreSQL can store. What holds NULs is usually UTF-16, readable without."""
    return sent.decode("utf-8", "replace").replace("\x00", "")
