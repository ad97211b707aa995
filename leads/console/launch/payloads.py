"""Example payloads and stored bodies, read as intake reads them. Pure."""

from datetime import datetime, timedelta

from leads.intake.opening import Unpacked, unpack
from leads.intake.payload.draft import LeadDraft
from leads.intake.payload.json_text import Unreadable, parse_object
from leads.intake.payload.reading import Reading, read_object
from leads.intake.payload.shapes import FLAT_PATHS, FlatPayload, MetadataFields
from leads.intake.stored import arrival_of
from leads.models import Lead, Submission

# What tells where a lead came from; the person's own data differ from lead to lead.
METADATA = tuple(name for name in MetadataFields.model_fields if name != "source_metadata")
EMPTY = LeadDraft()


def read_example(payload: str, *, now: datetime) -> Reading | None:
    """None for what is no JSON object."""
    try:
        sent = parse_object(payload.encode())
    except Unreadable:
        return None
    return read_object(sent, FlatPayload, FLAT_PATHS, {}, today=(now + timedelta(hours=14)).date())


def read_stored(submission: Submission) -> Reading | None:
    """The body of a submission, read again; None where it was purged or cannot be read."""
    arrival = arrival_of(submission)
    try:
        unpacked: Unpacked = unpack(arrival)
    except Unreadable:
        return None
    return read_object(
        unpacked.sent, unpacked.shape, unpacked.paths, unpacked.written, today=arrival.latest_date()
    )


def metadata_of_example(payload: str, *, now: datetime) -> frozenset[str]:
    """The names, as a sender writes them, of the metadata that leads of this source are to bring."""
    reading = read_example(payload, now=now) if payload.strip() else None
    if reading is None:
        return frozenset()
    given = {name for name in METADATA if getattr(reading.draft, name) != getattr(EMPTY, name)}
    inner = {f"sourceMetadata.{key}" for key in reading.draft.source_metadata}
    return frozenset({FLAT_PATHS[name] for name in given} | inner | set(reading.extra))


def metadata_of_lead(lead: Lead) -> frozenset[str]:
    """The same of a lead that came."""
    given = {
        name for name in METADATA if (lead.utm.get(name) if name.startswith("utm_") else getattr(lead, name))
    }
    inner = {f"sourceMetadata.{key}" for key in lead.source_metadata}
    return frozenset(
        {FLAT_PATHS[name] for name in given} | inner | {name.rpartition(".")[2] for name in lead.extra}
    )
