"""Through a door: from Django's request to an arrival, from a reply to Django's response."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from django.http import HttpResponse

from leadping.middleware import ScopedRequest
from leads.intake.answers import Reply
from leads.intake.arrival import BODY_LIMIT, Arrival, DryRun
from leads.intake.receive import receive
from leads.models import Submission

# A body over the limit is read up to here before the answer, or its sender would see a broken connection.
DRAIN_LIMIT = 1024 * 1024
CREDENTIAL_HEADERS = {
    "X-Leadping-Source-Id": "HTTP_X_LEADPING_SOURCE_ID",
    "X-Leadping-Source-Key": "HTTP_X_LEADPING_SOURCE_KEY",
    "Authorization": "HTTP_AUTHORIZATION",
}
DRY_RUNS = {"": DryRun.NO, "true": DryRun.LOCAL, "full": DryRun.FULL}


def pass_through(door: Submission.Door, request: Any) -> HttpResponse:
    return respond(receive(arrive(door, request)))


def arrive(door: Submission.Door, request: ScopedRequest) -> Arrival:
    if door is Submission.Door.QUERY:
        return arrival_with(Body(request.META.get("QUERY_STRING", "").encode("latin-1")), door, request)
    return arrival_with(read_body(request), door, request)


def arrival_with(body: "Body", door: Submission.Door, request: ScopedRequest) -> Arrival:
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    return Arrival(
        door=door,
        headers={name: meta.get(key, "") for name, key in CREDENTIAL_HEADERS.items()},
        query=parse_qsl(query, keep_blank_values=True, errors="replace") if query else [],
        content_type=meta.get("CONTENT_TYPE", ""),
        sent=body.sent,
        sent_sha256=sha256(body.sent + body.drained).digest(),
        broken=body.broken,
        ip=request.client_ip,
        user_agent=meta.get("HTTP_USER_AGENT", ""),
        request_id=request.request_id,
        received_at=datetime.now(UTC),
        idempotency_key=meta.get("HTTP_IDEMPOTENCY_KEY"),
        dry_run=DRY_RUNS.get(meta.get("HTTP_LEADPING_DRY_RUN", "").strip().lower()),
    )


class Body(NamedTuple):
    """`sent` holds at most one byte more than the limit; what was read of the rest is in `drained`."""

    sent: bytes
    drained: bytes = b""
    broken: bool = False


def stream_of(request: ScopedRequest) -> Any:
    """The server's own: Django takes a body without Content-Length, such as a chunked one, for empty."""
    terminated = request.META.get("wsgi.input_terminated")
    return request.META["wsgi.input"] if terminated else request


def read_body(request: ScopedRequest) -> Body:
    stream = stream_of(request)
    try:
        sent = stream.read(BODY_LIMIT + 1)
        drained = stream.read(DRAIN_LIMIT - len(sent)) if len(sent) > BODY_LIMIT else b""
    except Exception:  # each web server has its own for a body that breaks off
        return Body(b"", broken=True)
    declared = request.META.get("CONTENT_LENGTH") or "0"
    ended_early = declared.isdecimal() and len(sent) < min(int(declared), BODY_LIMIT)
    return Body(sent, drained, broken=ended_early)


def respond(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status, content_type=reply.content_type)
    response["Cache-Control"] = "no-store"
    for name, value in reply.headers.items():
        response[name] = value
    return response
