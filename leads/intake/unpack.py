"""Opening the envelope: from the bytes of any door to one object, and to the text that is kept of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from leadping.redaction import redact_text, redact_tree
from leadping.verdicts import Verdict
from leads.intake.arrival import Arrival
from leads.intake.envelope import FORM, media_type
from leads.intake.payload import forms
from leads.intake.payload.json_text import parse_object
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS, FlatPayload, Shape, StructuredPayload
from leads.models import Submission


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
            return json.dumps(redact_tree(self.sent), default=str, ensure_ascii=False)
        return urlencode(forms.redact_pairs(self.pairs), safe="[]")


def unpack(arrival: Arrival) -> Unpacked:
    """Raises Unreadable."""
    if arrival.door is Submission.Door.QUERY:
        return unpack_query(arrival)
    if media_type(arrival.content_type) == FORM:
        pairs = forms.parse_pairs(arrival.sent)
        sent, findings = forms.as_object(pairs)
        return Unpacked(sent, FlatPayload, FLAT_PATHS, pairs=pairs, findings=findings)
    sent = parse_object(arrival.sent)
    if arrival.door is Submission.Door.STRUCTURED:
        return Unpacked(sent, StructuredPayload, STRUCTURED_PATHS)
    return Unpacked(sent, FlatPayload, FLAT_PATHS)


def unpack_query(arrival: Arrival) -> Unpacked:
    """Field names match in any case, and faults name them as they were written."""
    pairs = forms.parse_pairs(arrival.sent)
    fields = forms.without_credentials(pairs)
    written = forms.sent_names(fields)
    sent, findings = forms.as_object(forms.in_documented_case(fields))
    paths = {name: written.get(path, path) for name, path in FLAT_PATHS.items()}
    return Unpacked(sent, FlatPayload, paths, written, pairs, findings)


def kept_text(sent: bytes) -> str:
    """The bytes as text that PostgreSQL can store."""
    return sent.decode("utf-8", "replace").replace("\x00", "\ufffd")


def kept_unread(arrival: Arrival) -> str:
    """What is kept of a body that could not be read; of one over the limit, nothing."""
    return "" if arrival.too_large else redact_text(kept_text(arrival.sent))
