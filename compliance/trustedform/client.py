"""Asking the certificate service: Certificate API v4.0, or the certificate's page while no API key is set."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import quote

from compliance.trustedform.answers import CertificateAnswer, read_failure, read_operations, read_page
from leadping.http import HttpFailure, fetch

OPERATIONS_LIMIT = 2**18
PAGE_LIMIT = 2**22


def ask(
    certificate_id: str,
    *,
    phone: str,
    email: str,
    insights: Sequence[str],
    base_url: str,
    api_key: str,
    connect_timeout: float,
    read_timeout: float,
    allow_loopback: bool,
) -> CertificateAnswer:
    """What the service at `base_url` says of the certificate. Whatever it does is an outcome; nothing raises.

    `phone` is an E.164 number of country code 1; it or `email` may be "", not both. `insights` are names of
    properties: each is billed, and a plan without them answers 403 to the whole request. Both time-outs are
    in seconds, and the call ends within their sum.
    """
    started = monotonic()
    asked = operations(phone, email, insights)
    url = f"{base_url.rstrip('/')}/{quote(certificate_id, safe='')}"
    call = partial(
        fetch, connect_timeout=connect_timeout, read_timeout=read_timeout, allow_loopback=allow_loopback
    )
    try:
        if not api_key:
            said = read_page(call("GET", url, headers={"Accept": "text/html"}, max_bytes=PAGE_LIMIT))
        else:
            body = json.dumps(asked).encode()
            said = read_operations(
                call("POST", url, headers=headers(api_key), body=body, max_bytes=OPERATIONS_LIMIT)
            )
    except HttpFailure as failure:
        said = read_failure(failure, elapsed=monotonic() - started)
    return replace(said, operations=tuple(asked) if api_key else ("page",))


def operations(phone: str, email: str, insights: Sequence[str]) -> dict[str, Any]:
    """The operations to run; each one named is billed."""
    person = {"phone": national_number(phone), "email": email.strip().lower()}
    asked: dict[str, Any] = {"match_lead": {name: value for name, value in person.items() if value}}
    if insights:
        asked["insights"] = {"properties": list(insights)}
    return asked


def national_number(phone: str) -> str:
    """Ten digits, as in the vendor's own tests; whether the service drops a +1 is not documented."""
    return phone.removeprefix("+1")


def headers(api_key: str) -> dict[str, str]:
    """Without Api-Version an account may be answered in the shape of an older version."""
    credentials = base64.b64encode(f"API:{api_key}".encode()).decode()
    return {
        "Authorization": f"Basic {credentials}",
        "Api-Version": "4.0",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
