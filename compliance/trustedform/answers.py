"""What the certificate service's answers mean to us; its words stop in this file. Pure.

Read from the vendor's published specification of v4.0 and its own open client. What neither explains becomes
UNKNOWN, which proves nothing and blames nobody.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from compliance.checks.facts import NOTHING_COMPARED, NOTHING_SHOWN, CertificateFacts
from compliance.trustedform.json_values import TEXT_LENGTH, dig, read_boolean, read_moment
from compliance.trustedform.operations import MATCH, PAGE
from compliance.trustedform.shown import read_facts
from leadping.http import HttpAnswer, HttpFailure


class Outcome(StrEnum):
    """What is known about a certificate once the service was asked."""

    VERIFIED = "verified"  # it was made by this person
    REACHABLE = "reachable"  # asked without an API key: its page answered
    MISMATCH = "mismatch"  # it exists, and this person is not shown to have made it
    UNMATCHED = "unmatched"  # it exists, and is of a kind that is compared with nobody
    NOT_FOUND = "not_found"  # expired or never made; the service does not say which
    INVENTED = "invented"  # never made, which its id alone shows
    EXPIRED = "expired"  # made, and not to be asked about any more
    NOT_CLAIMABLE = "not_claimable"  # made in the vendor's test mode
    OVERCLAIMED = "overclaimed"  # used too often
    MALFORMED = "malformed"
    MISCONFIGURED = "misconfigured"  # our key, plan or address; never the lead's fault
    UNAVAILABLE = "unavailable"  # it may answer later
    UNKNOWN = "unknown"  # it answered what we cannot read


STATUSES = {
    400: Outcome.MALFORMED,
    401: Outcome.MISCONFIGURED,
    402: Outcome.MISCONFIGURED,
    403: Outcome.MISCONFIGURED,
    404: Outcome.NOT_FOUND,
    405: Outcome.NOT_CLAIMABLE,
    406: Outcome.MALFORMED,
    408: Outcome.UNAVAILABLE,
    410: Outcome.NOT_FOUND,
    422: Outcome.OVERCLAIMED,
    429: Outcome.UNAVAILABLE,
}
PAGE_STATUSES = {
    200: Outcome.REACHABLE,
    404: Outcome.NOT_FOUND,
    408: Outcome.UNAVAILABLE,
    410: Outcome.NOT_FOUND,
    429: Outcome.UNAVAILABLE,
}
# With which status most of these come is not documented, and some come with several; without them the lead
# would be blamed for a request of ours. Matched loosely, for the vendor changes such texts.
REASONS_SAY = {
    "requires a web certificate": Outcome.UNMATCHED,
    "unavailable product": Outcome.MISCONFIGURED,
    "expected schema": Outcome.MISCONFIGURED,
    "invalid property key": Outcome.MISCONFIGURED,
    "invalid delimiter": Outcome.MISCONFIGURED,
    "no valid products": Outcome.MISCONFIGURED,
    "must contain either phone or email": Outcome.MISCONFIGURED,
    "must be a list of 3": Outcome.MISCONFIGURED,
    "fields not included in request": Outcome.MISCONFIGURED,
    "sandbox cert": Outcome.NOT_CLAIMABLE,
    "claimed too many times": Outcome.OVERCLAIMED,
    "cert has expired": Outcome.NOT_FOUND,
    "has expired or could not be found": Outcome.NOT_FOUND,
}
EXPLAINED_STATUSES = frozenset({200, 400, 422})
# The specification said `result` until February 2026; the vendor's client always read `results`.
EXPIRIES = (
    ("insights", "properties", "expires_at"),
    ("retain", "results", "expires_at"),
    ("retain", "result", "expires_at"),
)
# Members that only answers of versions 2 and 3 have; those of 4 tell of the match instead.
OLD_MEMBERS = frozenset({"cert", "fingerprints", "is_masked", "masked", "warnings"})
OLD_VERSION = (
    "TrustedForm answered as an old version of its API does, though 4.0 was asked for: have ActiveProspect "
    "set the account to 4.0."
)
REASONS = (("reason",), ("errors", "detail"), ("message",))
REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class CertificateAnswer:
    """One conversation with the service.

    `reason` is the service's own text, or that of our failure to reach it. `phone_match` and `email_match`
    are None where nothing was compared. `raw` is the JSON object as received, or {"text": its first 2,000
    characters}; a jsonb column takes it. `sandbox`: our stand-in answered. `facts` are what the certificate
    shows, `operations` what was asked, and `refused` what of it our plan does not include.
    """

    outcome: Outcome
    reason: str
    host: str
    elapsed_ms: int
    http_status: int | None = None
    expires_at: datetime | None = None
    phone_match: bool | None = None
    email_match: bool | None = None
    sandbox: bool = False
    raw: dict[str, Any] = field(default_factory=dict)
    facts: CertificateFacts = NOTHING_SHOWN
    # `page` stands for the certificate's page, which costs nothing.
    operations: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def read_operations(
    answer: HttpAnswer, operations: Collection[str] = (), *, of_web_page: bool = True
) -> CertificateAnswer:
    """The answer to a POST of these operations."""
    read = replace(read_said(answer, operations), operations=tuple(operations))
    compared = (read.phone_match, read.email_match) != (None, None)
    if read.outcome is Outcome.MISMATCH and not of_web_page and not compared:
        read = replace(read, outcome=Outcome.UNMATCHED)
    if read.outcome is Outcome.UNMATCHED:
        read = replace(read, facts=replace(read.facts, comparable=False))
    return read


def read_said(answer: HttpAnswer, operations: Collection[str]) -> CertificateAnswer:
    said = read_object(answer.body)
    if said is None:
        return describe(Outcome.UNAVAILABLE, answer, "The answer is not a JSON object.")
    if is_of_old_version(answer.status, said):
        return describe(Outcome.MISCONFIGURED, answer, OLD_VERSION, raw=said)
    facts = read_facts(said)
    return describe(
        judge(answer.status, said),
        answer,
        reason_of(said),
        raw=said,
        expires_at=expiry_of(said),
        phone_match=facts.phone_match,
        email_match=facts.email_match,
        facts=facts,
        refused=read_refused(answer.status, reason_of(said), operations),
    )


def is_of_old_version(status: int, said: dict[str, Any]) -> bool:
    """Such an answer says nothing of what was asked. That the account is answered so is ours to mend."""
    return status in {200, 201} and MATCH not in said and not OLD_MEMBERS.isdisjoint(said)


def read_refused(status: int, reason: str, operations: Collection[str]) -> tuple[str, ...]:
    """“Unavailable product requested: Verify”. Where none is named, it may be any but the match, which every
    plan includes."""
    if status != 403:
        return ()
    named = reason.partition(":")[2].strip().lower()
    return (named,) if named else tuple(name for name in operations if name != MATCH)


def read_page(answer: HttpAnswer) -> CertificateAnswer:
    """The answer to a GET of the certificate's page, which says only whether there is such a page."""
    outcome = PAGE_STATUSES.get(answer.status, Outcome.UNKNOWN)
    outcome = Outcome.UNAVAILABLE if answer.status >= 500 else outcome
    return describe(outcome, answer, "", operations=(PAGE,), facts=NOTHING_COMPARED)


def read_failure(
    failure: HttpFailure, *, elapsed: float, operations: Collection[str] = ()
) -> CertificateAnswer:
    """A failure that will not pass by itself is one of ours to mend."""
    outcome = Outcome.UNAVAILABLE if failure.temporary else Outcome.MISCONFIGURED
    asked = tuple(operations)
    return CertificateAnswer(outcome, str(failure), failure.host, round(elapsed * 1000), operations=asked)


def describe(outcome: Outcome, answer: HttpAnswer, reason: str, **facts: Any) -> CertificateAnswer:
    return CertificateAnswer(
        outcome,
        reason,
        answer.host,
        round(answer.elapsed * 1000),
        http_status=answer.status,
        sandbox=answer.headers.get("Leadping-Sandbox") == "1",
        **{"raw": first_text(answer.body), **facts},
    )


def judge(status: int, said: dict[str, Any]) -> Outcome:
    if status in EXPLAINED_STATUSES and said.get("outcome") != "success":
        reason = reason_of(said).lower()
        for words, outcome in REASONS_SAY.items():
            if words in reason:
                return outcome
    if status == 200:
        return judge_match(said)
    if status == 400 and "errors" not in said:
        # Only the body for a malformed id has `errors`. Without, it is about the request, which is ours.
        return Outcome.UNKNOWN
    return Outcome.UNAVAILABLE if status >= 500 else STATUSES.get(status, Outcome.UNKNOWN)


def judge_match(said: dict[str, Any]) -> Outcome:
    """Failures come with status 200 as well. `success` of the match means that phone or email matched.

    It is null when nothing was compared, for instance because the form recorded no contact data, which the
    vendor cannot tell from a mismatch either: the person is not shown to have made the certificate.
    """
    result = dig(said, "match_lead", "result")
    if said.get("outcome") not in ("success", "failure") or not isinstance(result, dict):
        return Outcome.UNKNOWN
    return Outcome.VERIFIED if read_boolean(result.get("success")) else Outcome.MISMATCH


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in `body`; None for anything else, also for what a jsonb column cannot hold."""
    try:
        said = json.loads(body.decode())
        # Written out once more, NaN, overflown numbers and lone surrogates raise, and a NUL shows.
        written = json.dumps(said, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and rb"\u0000" not in written else None


def first_text(body: bytes) -> dict[str, Any]:
    return {"text": body[: 4 * TEXT_LENGTH].decode(errors="replace")[:TEXT_LENGTH].replace("\0", "\ufffd")}


def reason_of(said: dict[str, Any]) -> str:
    """The first text that gives a reason. The service prints "null" for none in some of its examples."""
    for path in REASONS:
        text = dig(said, *path)
        if isinstance(text, str) and text not in {"", "null"}:
            return text[:REASON_LENGTH]
    return ""


def expiry_of(said: dict[str, Any]) -> datetime | None:
    for path in EXPIRIES:
        if isinstance(text := dig(said, *path), str):
            return read_moment(text)
    return None
