"""Having TrustedForm store a certificate for us. Billed; claimed again it is not stored twice.

It is stored when the answer holds the results of it, and never because the outcome sounds like it: with this
operation `failure` may mean that it is stored while the match failed, and also that it is not stored at all.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import quote

from compliance.trustedform.answers import CertificateAnswer, Outcome, read_failure, read_operations
from compliance.trustedform.client import OPERATIONS_LIMIT, headers
from compliance.trustedform.json_values import dig, read_boolean, read_moment
from compliance.trustedform.operations import national_number
from leadping.http import HttpFailure, fetch

OPERATIONS = ("match_lead", "retain")
# The specification said `result` until February 2026; the vendor's client always read `results`.
RESULTS = ("results", "result")
# Answers after which asking again brings the same.
FINAL = frozenset({Outcome.NOT_FOUND, Outcome.NOT_CLAIMABLE, Outcome.OVERCLAIMED, Outcome.MALFORMED})
# Reasons that come with status 200, whatever else the answer says.
NEVER = (
    *("cannot be retained", "could not be retained", "has expired", "too many times", "not claimable"),
    # Whether certificates of apps and of Meta can be retained at all is not documented.
    "requires a web certificate",
)
OUR_REQUEST = ("match lead fields", "expected schema", "unavailable product", "no valid products")
MASKED_URL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """What TrustedForm says of a certificate that it stored."""

    expires_at: datetime | None
    previously_retained: bool | None
    masked_url: str


@dataclass(frozen=True, slots=True)
class Service:
    """Where, with which key, and for how long we wait."""

    base_url: str
    api_key: str
    connect_timeout: float
    read_timeout: float
    allow_loopback: bool


def ask_to_retain(
    certificate_id: str, *, phone: str, email: str, reference: str, vendor: str, service: Service
) -> CertificateAnswer:
    """Whatever the service does is an answer; nothing raises. The service wants to know whose certificate it
    is: one of `phone` (E.164) and `email` is given."""
    person = {"phone": national_number(phone), "email": email.strip().lower()}
    asked = {
        "match_lead": {name: value for name, value in person.items() if value},
        "retain": {"reference": reference, "vendor": vendor},
    }
    started = monotonic()
    try:
        answer = read_operations(
            fetch(
                "POST",
                f"{service.base_url.rstrip('/')}/{quote(certificate_id, safe='')}",
                headers=headers(service.api_key),
                body=json.dumps(asked).encode(),
                max_bytes=OPERATIONS_LIMIT,
                connect_timeout=service.connect_timeout,
                read_timeout=service.read_timeout,
                allow_loopback=service.allow_loopback,
            ),
            OPERATIONS,
        )
    except HttpFailure as failure:
        answer = read_failure(failure, elapsed=monotonic() - started)
    return replace(answer, operations=OPERATIONS, raw=without_share_url(answer.raw))


def without_share_url(raw: dict[str, Any]) -> dict[str, Any]:
    """Whoever has it sees the consumer's session without signing in."""
    return {
        name: without_share_url(value) if isinstance(value, dict) else value
        for name, value in raw.items()
        if name != "share_url"
    }


def read_kept(answer: CertificateAnswer) -> Kept | None:
    """None unless it is stored."""
    results = next((found for name in RESULTS if (found := dig(answer.raw, "retain", name))), None)
    if answer.http_status != 200 or not isinstance(results, dict):
        return None
    expires_at, masked = results.get("expires_at"), results.get("masked_cert_url")
    return Kept(
        expires_at=read_moment(expires_at) if isinstance(expires_at, str) else None,
        previously_retained=read_boolean(results.get("previously_retained")),
        masked_url=masked[:MASKED_URL_LENGTH] if isinstance(masked, str) and masked != "null" else "",
    )


def is_final(answer: CertificateAnswer) -> bool:
    """Whether asking again would bring the same, for a reason that lies in the certificate."""
    return answer.outcome in FINAL or says(answer, NEVER)


def is_ours(answer: CertificateAnswer) -> bool:
    """Whether it is for us to mend: the key, the plan, or what we ask for."""
    return answer.outcome is Outcome.MISCONFIGURED or says(answer, OUR_REQUEST)


def says(answer: CertificateAnswer, words: tuple[str, ...]) -> bool:
    reason = answer.reason.lower()
    return any(word in reason for word in words)
