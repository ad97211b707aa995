"""Asking the certificate service: Certificate API v4.0, or the certificate's page while no API key is set."""

import base64
import json
from collections.abc import Mapping
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import quote

from compliance.trustedform.answers import CertificateAnswer, read_failure, read_operations, read_page
from compliance.trustedform.operations import PAGE
from compliance.trustedform.url import is_of_web_page
from leadping.http import HttpFailure, fetch

OPERATIONS_LIMIT = 2**18
PAGE_LIMIT = 2**22


def ask(
    certificate_id: str,
    *,
    operations: Mapping[str, Any],
    base_url: str,
    api_key: str,
    connect_timeout: float,
    read_timeout: float,
    allow_loopback: bool,
) -> CertificateAnswer:
    """What the service at `base_url` says of the certificate. Whatever it does is an outcome; nothing raises.

    `operations` is the body of the request: one that our plan does not include is answered 403 to the whole.
    Both time-outs are in seconds, and the call ends within their sum.
    """
    started = monotonic()
    url = f"{base_url.rstrip('/')}/{quote(certificate_id, safe='')}"
    call = partial(
        fetch, connect_timeout=connect_timeout, read_timeout=read_timeout, allow_loopback=allow_loopback
    )
    try:
        if not api_key:
            return read_page(call("GET", url, headers={"Accept": "text/html"}, max_bytes=PAGE_LIMIT))
        body = json.dumps(operations).encode()
        answer = call("POST", url, headers=headers(api_key), body=body, max_bytes=OPERATIONS_LIMIT)
        return read_operations(answer, tuple(operations), of_web_page=is_of_web_page(certificate_id))
    except HttpFailure as failure:
        asked = tuple(operations) if api_key else (PAGE,)
        return read_failure(failure, elapsed=monotonic() - started, operations=asked)


def headers(api_key: str) -> dict[str, str]:
    """Without Api-Version an account may be answered in the shape of an older version."""
    credentials = base64.b64encode(f"API:{api_key}".encode()).decode()
    return {
        "Authorization": f"Basic {credentials}",
        "Api-Version": "4.0",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
