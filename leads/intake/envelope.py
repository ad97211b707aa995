"""What surrounds a lead in its request: size, content type, and the headers that change how it is taken."""

from django.utils.http import parse_header_parameters

from leadping.redaction import redact_values
from leadping.verdicts import Verdict, failed
from leads.intake.arrival import ADDRESS_LIMIT, BODY_LIMIT, Arrival
from leads.models import Submission

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# One JSON object a line; senders' systems know it by several names.
LINES = "application/x-ndjson"
ACCEPTED = {
    Submission.Door.STRUCTURED: {JSON},
    Submission.Door.FLAT: {JSON, FORM},
    Submission.Door.BATCH: {LINES, "application/ndjson", "application/jsonl", "application/json-lines"},
}
UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}


def judge_envelope(arrival: Arrival) -> list[Verdict]:
    """The faults for which a body is not even read."""
    faults = []
    if arrival.too_long:
        faults.append(failed("address_too_long", f"The query string is over {ADDRESS_LIMIT:,} characters."))
    if arrival.broken:
        faults.append(failed("body_broken", "The body could not be read to its end."))
    if arrival.too_large:
        faults.append(failed("body_too_large", f"The body is over {BODY_LIMIT // 1024} KiB."))
    if arrival.door in ACCEPTED and not is_supported(arrival):
        faults.append(
            failed(
                "content_type_unsupported",
                f"“{redact_values(arrival.content_type)[:100]}” is not taken here.",
                hint=f"Send {' or '.join(sorted(ACCEPTED[arrival.door]))} in UTF-8.",
            )
        )
    if arrival.idempotency_key is not None and not is_idempotency_key(arrival.idempotency_key):
        faults.append(
            failed("idempotency_key_invalid", "An Idempotency-Key has 1 to 255 printable ASCII characters.")
        )
    if arrival.dry_run is None:
        faults.append(failed("dry_run_invalid", "Leadping-Dry-Run is “true” or “full”."))
    return faults


def media_type(content_type: str) -> str:
    """Without its parameters. What carries none at all is read as JSON."""
    return content_type.partition(";")[0].strip().lower() or JSON


def is_supported(arrival: Arrival) -> bool:
    try:
        charset = parse_header_parameters(arrival.content_type)[1].get("charset", "utf-8")
    except ValueError:
        return False
    return media_type(arrival.content_type) in ACCEPTED[arrival.door] and charset.lower() in UTF_8


def is_idempotency_key(text: str) -> bool:
    return 1 <= len(text) <= 255 and text.isascii() and text.isprintable()
