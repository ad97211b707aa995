"""What the sandbox says. The certificate id chooses the answer; the wire is in `sandbox.py`.

The names are those in `NAMES` below, most of them of certificates in `sandbox_certificates.py`. Each may be
followed by `-` and anything (`mismatch-17`), so that one scenario yields as many certificates as are needed.
An id without a name is valid when it has the shape of a real one and not found otherwise. Statuses and bodies
follow the vendor's published specification of v4.0.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from compliance.trustedform import sandbox_retain
from compliance.trustedform.sandbox_certificates import CERTIFICATES, shown_by
from compliance.trustedform.sandbox_old import OLD, answer_of_old
from compliance.trustedform.sandbox_operations import SCHEMA, run_operations
from compliance.trustedform.sandbox_validate import HANGS, LOST, say_validity

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"

NO_SUCH_CERTIFICATE = "TrustedForm certificate has expired or could not be found"
REFUSALS = {
    "expired": (404, NO_SUCH_CERTIFICATE),
    "not-found": (404, NO_SUCH_CERTIFICATE),
    **dict.fromkeys(LOST, (404, NO_SUCH_CERTIFICATE)),
    "malformed": (400, "Malformed certificate id"),
    "wrong-key": (401, "Unauthorized"),
    "inactive": (402, "Account is inactive"),
    "unavailable-product": (403, "Unavailable product requested"),
    "sandbox": (405, "Certificate is not claimable"),
    "overclaimed": (422, "Certificate has been claimed too many times"),
    "unmatchable": (400, "match_lead requires a web certificate"),
    "bad-schema": (422, SCHEMA),
    "error": (500, "Internal server error"),
}
# The refusals that also meet whoever opens the certificate's page.
REFUSED_PAGES = {"expired", "not-found", "malformed", "error", *LOST}

OPERATIONS = ("insights", "verify")
VALIDATE = "validate"
# The longer names first, for one may begin like another.
NAMES = sorted(
    [
        *("example", "html", "slow", "hang", "reset", "flaky"),
        *OLD,
        *(f"no-{operation}" for operation in OPERATIONS),
        *CERTIFICATES,
        *REFUSALS,
    ],
    key=len,
    reverse=True,
)
NAMED = re.compile(rf"(?P<name>delay-\d{{1,5}}|{'|'.join(NAMES)})(-.*)?")
# Web: 40 hex. Mobile: 40 or 80 characters. Meta Lead Ads: `0.` and three parts.
REAL_SHAPE = re.compile(r"[-_A-Za-z0-9]{40}|[-_A-Za-z0-9]{80}|0(\.[-_A-Za-z0-9]+){3}")
SLOW = 1.0

PAGE = b"<!doctype html><title>Certificate</title><p>From the Leadping sandbox: it proves nothing."


class Silence(Enum):
    """What the service does instead of answering."""

    HANG = "hang"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    authorization: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """`delay` is in seconds."""

    status: int
    body: bytes
    content_type: str = JSON
    delay: float = 0.0


def reply_to(request: Request, *, now: datetime, seen: set[str]) -> Reply | Silence:
    """The answer to `request`. `seen` keeps the flaky certificates asked about so far, and is added to."""
    path = request.path.partition("?")[0].removeprefix("/")
    if path == "healthz":
        return json_reply(200, {"status": "ok"})
    if path.startswith("phone-lookup/"):
        return look_up_phone(path.removeprefix("phone-lookup/"))
    certificate_id, _, suffix = path.partition("/")
    scenario = choose_scenario(certificate_id, seen)
    if suffix == VALIDATE:
        return reply_of_validity(scenario, certificate_id, request.authorization)
    if scenario in {silence.value for silence in Silence}:
        return Silence(scenario)
    body, wish = sandbox_retain.take_wish(request.body)
    reply = certificate_reply(scenario, replace(request, body=body), now)
    status, said = sandbox_retain.answer_wish(reply.status, reply.body, wish, path, now=now, seen=seen)
    return replace(reply, status=status, body=said, delay=delay_of(scenario))


def choose_scenario(certificate_id: str, seen: set[str]) -> str:
    if sandbox_retain.is_about_retaining(certificate_id):
        return "valid"
    named = NAMED.fullmatch(certificate_id)
    if named is None:
        return "valid" if REAL_SHAPE.fullmatch(certificate_id) else "not-found"
    if named["name"] == "flaky" and certificate_id not in seen:
        seen.add(certificate_id)
        return "error"
    return named["name"]


def reply_of_validity(scenario: str, certificate_id: str, authorization: str) -> Reply | Silence:
    if not is_authorized(authorization):
        return refusal(*REFUSALS["wrong-key"])
    if scenario == HANGS:
        return Silence.HANG
    return json_reply(*say_validity(scenario, shown_by(scenario, certificate_id).kind))


def delay_of(scenario: str) -> float:
    if scenario.startswith("delay-"):
        return int(scenario.removeprefix("delay-")) / 1000
    return SLOW if scenario == "slow" else 0.0


def look_up_phone(number: str) -> Reply:
    """The phone look-up service of the samples; the last digit of the number chooses the kind of line."""
    if not re.fullmatch(r"\+?\d{4,15}", number):
        return json_reply(404, {"error": "no such number"})
    last = int(number[-1])
    line = "mobile" if last < 7 else "landline" if last < 9 else "voip"
    return json_reply(200, {"lineType": line, "carrier": "Example Wireless"})


def certificate_reply(scenario: str, request: Request, now: datetime) -> Reply:
    if request.method == "GET":
        return Reply(REFUSALS[scenario][0] if scenario in REFUSED_PAGES else 200, PAGE, HTML)
    if not is_authorized(request.authorization):
        return refusal(*REFUSALS["wrong-key"])
    if scenario in REFUSALS:
        refuse = malformed if scenario == "malformed" else refusal
        return refuse(*REFUSALS[scenario])
    if scenario == "html":
        return Reply(200, PAGE, HTML)
    if scenario in OLD:
        return json_reply(201, answer_of_old(scenario, now=now))
    certificate_id = request.path.partition("?")[0].removeprefix("/")
    unavailable = unavailable_to(request.authorization, scenario)
    shown = shown_by(scenario, certificate_id)
    return json_reply(*run_operations(request.body, shown, unavailable=unavailable, now=now))


def is_authorized(header: str) -> bool:
    """Any user with any password but `wrong`, in HTTP Basic."""
    return password_of(header) not in {"", "wrong"}


def password_of(header: str) -> str:
    """Empty for what is no HTTP Basic."""
    kind, _, encoded = header.partition(" ")
    try:
        password = base64.b64decode(encoded, validate=True).partition(b":")[2]
    except ValueError:
        return ""
    return password.decode(errors="replace") if kind.lower() == "basic" else ""


def unavailable_to(authorization: str, scenario: str) -> frozenset[str]:
    """The operations that an API key such as `no-insights`, or a certificate of that name, rules out."""
    names = {password_of(authorization), scenario}
    return frozenset(operation for operation in OPERATIONS if f"no-{operation}" in names)


def refusal(status: int, reason: str) -> Reply:
    return json_reply(status, {"outcome": "error", "reason": reason})


def malformed(status: int, reason: str) -> Reply:
    """The one refusal whose documented body says more."""
    said = {"outcome": "error", "reason": reason, "message": reason, "errors": {"detail": reason}}
    return json_reply(status, said)


def json_reply(status: int, value: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(value).encode())
