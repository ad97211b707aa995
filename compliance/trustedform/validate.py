"""Telling a certificate id that nobody ever made from one whose time is over, which a 404 to operations does
not: `GET /{id}/validate` of the certificate service.

It looks at the id alone and its 90 days. That an id is genuine does not say that the certificate can still be
used: one that nobody extended is gone after 72 hours.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Any
from urllib.parse import quote

from compliance.trustedform.answers import (
    STATUSES,
    CertificateAnswer,
    Outcome,
    describe,
    read_failure,
    read_object,
    reason_of,
)
from compliance.trustedform.client import OPERATIONS_LIMIT, headers
from leadping.http import HttpAnswer, HttpFailure, fetch

VALIDATE = "validate"
# Matched loosely, for the vendor changes such texts.
INVENTED = "invalid certificate id"
OUTLIVED = "days old"
GENUINE = re.compile(r"\bvalid\b.*\bcertificate id")


def ask_to_validate(
    certificate_id: str,
    *,
    base_url: str,
    api_key: str,
    connect_timeout: float,
    read_timeout: float,
    allow_loopback: bool,
) -> CertificateAnswer:
    """INVENTED, or EXPIRED for an id that is genuine; else what kept us from knowing. Nothing raises."""
    started = monotonic()
    try:
        return read_validity(
            fetch(
                "GET",
                f"{base_url.rstrip('/')}/{quote(certificate_id, safe='')}/{VALIDATE}",
                headers=headers(api_key),
                max_bytes=OPERATIONS_LIMIT,
                connect_timeout=connect_timeout,
                read_timeout=read_timeout,
                allow_loopback=allow_loopback,
            )
        )
    except HttpFailure as failure:
        return read_failure(failure, elapsed=monotonic() - started, operations=(VALIDATE,))


def read_validity(answer: HttpAnswer) -> CertificateAnswer:
    said = read_object(answer.body)
    if said is None:
        return describe(
            Outcome.UNAVAILABLE, answer, "The answer is not a JSON object.", operations=(VALIDATE,)
        )
    outcome = judge_validity(answer.status, said)
    return describe(outcome, answer, reason_of(said), raw=said, operations=(VALIDATE,))


def judge_validity(status: int, said: Mapping[str, Any]) -> Outcome:
    """With which status an id is called invalid is not documented, so its words decide, and where they say
    neither of the two nothing is known."""
    reason = reason_of(dict(said)).lower()
    if said.get("outcome") == "failure" and INVENTED in reason:
        return Outcome.INVENTED
    if said.get("outcome") == "failure" and OUTLIVED in reason:
        return Outcome.EXPIRED
    if said.get("outcome") == "success" and GENUINE.search(reason):
        return Outcome.EXPIRED
    if status >= 500 or STATUSES.get(status) is Outcome.UNAVAILABLE:
        return Outcome.UNAVAILABLE
    return Outcome.MISCONFIGURED if STATUSES.get(status) is Outcome.MISCONFIGURED else Outcome.UNKNOWN


def with_validity(answer: CertificateAnswer, validity: CertificateAnswer) -> CertificateAnswer:
    """The answer to the operations with what became known beyond it; both answers are kept."""
    known = validity.outcome in {Outcome.INVENTED, Outcome.EXPIRED}
    return replace(
        answer,
        outcome=validity.outcome if known else answer.outcome,
        reason=validity.reason if known else answer.reason,
        elapsed_ms=answer.elapsed_ms + validity.elapsed_ms,
        operations=(*answer.operations, *validity.operations),
        refused=(VALIDATE,) if validity.outcome is Outcome.MISCONFIGURED else answer.refused,
        raw={**answer.raw, VALIDATE: {"http_status": validity.http_status, **validity.raw}},
    )
