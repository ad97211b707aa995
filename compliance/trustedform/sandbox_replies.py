"""What the sandbox says. The certificate id chooses the answer; the wire is in `sandbox.py`.

The names are those in `NAMED` below. Each may be followed by `-` and anything (`mismatch-17`), so that one
scenario yields as many certificates as are needed. An id without a name is valid when it has the shape of a
real one and not found otherwise. Statuses and bodies follow the vendor's published specification of v4.0.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from compliance.trustedform import sandbox_retain

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"

NO_SUCH_CERTIFICATE = "TrustedForm certificate has expired or could not be found"
REFUSALS = {
    "expired": (404, NO_SUCH_CERTIFICATE),
    "not-found": (404, NO_SUCH_CERTIFICATE),
    "malformed": (400, "Malformed certificate id"),
    "wrong-key": (401, "Unauthorized"),
    "inactive": (402, "Account is inactive"),
    "unavailable-product": (403, "Unavailable product requested"),
    "sandbox": (405, "Certificate is not claimable"),
    "overclaimed": (422, "Certificate has been claimed too many times"),
    "error": (500, "Internal server error"),
}
# The refusals that also meet whoever opens the certificate's page.
REFUSED_PAGES = {"expired", "not-found", "malformed", "error"}

NAMED = re.compile(
    r"(?P<name>example|valid|mismatch|html|slow|hang|reset|flaky|delay-\d{1,5}|"
    + "|".join(REFUSALS)
    + r")(-.*)?"
)
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


class Person(BaseModel):
    email: str | None = None
    phone: str | None = None


class Insights(BaseModel):
    properties: list[str]


class Operations(BaseModel):
    """The part of the published request that Leadping sends; anything else is a mistake of ours."""

    model_config = ConfigDict(extra="forbid")

    match_lead: Person
    insights: Insights | None = None


def reply_to(request: Request, *, now: datetime, seen: set[str]) -> Reply | Silence:
    """The answer to `request`. `seen` keeps the flaky certificates asked about so far, and is added to."""
    path = request.path.partition("?")[0].removeprefix("/")
    if path == "healthz":
        return json_reply(200, {"status": "ok"})
    if path.startswith("phone-lookup/"):
        return look_up_phone(path.removeprefix("phone-lookup/"))
    scenario = choose_scenario(path, seen)
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
    if scenario == "malformed":
        return malformed(*REFUSALS[scenario])
    if scenario in REFUSALS:
        return refusal(*REFUSALS[scenario])
    if scenario == "html":
        return Reply(200, PAGE, HTML)
    return run_operations(request.body, matching=scenario != "mismatch", now=now)


def is_authorized(header: str) -> bool:
    """Any user with any password but `wrong`, in HTTP Basic."""
    kind, _, encoded = header.partition(" ")
    try:
        _, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
    except ValueError:
        return False
    return kind.lower() == "basic" and bool(colon) and password not in {b"", b"wrong"}


def run_operations(body: bytes, *, matching: bool, now: datetime) -> Reply:
    try:
        asked = Operations.model_validate_json(body)
    except ValidationError:
        return refusal(400, "The request cannot be processed because it does not meet the expected schema.")
    person = asked.match_lead
    if not (person.email or person.phone):
        return refusal(400, "match_lead must contain either phone or email keys")
    answer: dict[str, Any] = {
        "outcome": "success" if matching else "failure",
        "reason": None if matching else "No matches found",
        "match_lead": match_lead(person, matching=matching),
    }
    if asked.insights:
        known = insights(now)
        if not known.keys() >= set(asked.insights.properties):
            return refusal(400, "Invalid property key(s) requested")
        answer["insights"] = {"properties": {name: known[name] for name in asked.insights.properties}}
    return json_reply(200, answer)


def match_lead(person: Person, *, matching: bool) -> dict[str, Any]:
    """Both inputs are echoed; one that was not supplied is not compared, hence null."""
    return {
        "email": person.email,
        "phone": person.phone,
        "result": {
            "email_match": matching if person.email else None,
            "phone_match": matching if person.phone else None,
            "success": matching,
        },
    }


def insights(now: datetime) -> dict[str, Any]:
    """A page in Texas, filled in by hand a minute ago; the API may be asked for 72 hours."""
    created = now - timedelta(seconds=90)
    return {
        "age_seconds": 60,
        "approx_ip_geo": {
            "city": "Austin",
            "country_code": "US",
            "lat": 30.2672,
            "lon": -97.7431,
            "postal_code": "78701",
            "state": "Texas",
            "time_zone": "America/Chicago",
        },
        "bot_detected": False,
        "browser": {"full": "Firefox 140.0", "name": "Firefox", "user_agent": "Mozilla/5.0"},
        "confirmed_owner": "No Verified ActiveProspect Account Identified",
        "created_at": iso(created),
        "domain": "example.com",
        "expires_at": iso(created + timedelta(hours=72)),
        "form_input_kpm": 150.0,
        "form_input_method": ["typing"],
        "form_input_wpm": 30.0,
        "ip": "203.0.113.7",
        "is_framed": False,
        "is_masked": False,
        "num_sensitive_content_elements": 0,
        "num_sensitive_form_elements": 0,
        "os": {"full": "Windows 11", "is_mobile": False, "name": "Windows"},
        "page_url": "https://example.com/quote",
        "parent_page_url": None,
        "seconds_on_page": 30,
    }


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(status: int, reason: str) -> Reply:
    return json_reply(status, {"outcome": "error", "reason": reason})


def malformed(status: int, reason: str) -> Reply:
    """The one refusal whose documented body says more."""
    said = {"outcome": "error", "reason": reason, "message": reason, "errors": {"detail": reason}}
    return json_reply(status, said)


def json_reply(status: int, value: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(value).encode())
