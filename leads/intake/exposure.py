"""Keys of ours that turn up in what somebody sends, where no key belongs."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import structlog
from django.db import DatabaseError

from leadping.keys import find_keys
from leadping.redaction import plain_ascii
from leads.intake.arrival import Arrival
from leads.intake.case import Case
from leads.intake.opening import kept_text, unpack
from leads.intake.payload.forms import without_credentials
from leads.intake.payload.json_text import Unreadable
from leads.models import Submission
from sources.credentials import flag_exposed

log = structlog.get_logger("leads.intake")

# With what each of them begins; looked for on each request, so nothing slower than this.
MARKS = ("lp_", "lps_")


def flag_exposed_keys(case: Case) -> None:
    """Flags whichever belong to the same business; they go on working. The request is recorded already, so
    nothing that goes wrong here may change its answer."""
    agent = case.arrival.user_agent + case.arrival.content_type
    if not case.body_redacted and not any(mark in agent for mark in MARKS):
        return
    keys = {key for text in texts_of(case.arrival) for key in find_keys(text)}
    if not keys:
        return
    try:
        flag_exposed(
            keys,
            case.submission_id,
            business_id=case.source.business_id,
            now=case.arrival.received_at,
        )
    except DatabaseError:
        log.exception("exposed keys not flagged", submission=case.submission_id)


def texts_of(arrival: Arrival) -> Iterator[str]:
    """Everything that was written, in plain letters. Credentials in their documented place are none of it."""
    yield arrival.user_agent
    yield arrival.content_type
    try:
        unpacked = unpack(arrival)
    except Unreadable:
        if arrival.door is not Submission.Door.QUERY:
            yield from unread_texts(kept_text(arrival.sent))
        return
    if unpacked.pairs is None:
        yield from texts_in(unpacked.sent)
    else:
        # A field of a form may hold JSON.
        yield from (plain_ascii(text) for pair in without_credentials(unpacked.pairs) for text in pair)


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from texts_in(inner)


def unread_texts(text: str) -> Iterator[str]:
    """Of what could not be read: as it came, and as JSON or a form would have had it."""
    yield text
    yield plain_ascii(text)
    yield unquote(text)
