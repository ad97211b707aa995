"""Asking a certificate service that stands on this machine."""

from typing import Any

from compliance.checks.demands import Claim, Demands
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.client import ask
from compliance.trustedform.operations import build_operations


def ask_at(base_url: str, certificate_id: str, **changes: Any) -> CertificateAnswer:
    """With the seeds' person and the key `key`, unless `changes` say otherwise. `insights` are properties,
    `verify` and `scans` the criteria of those operations."""
    person = {"phone": "+15555550123", "email": "Jordan@Example.com"}
    claim = Claim(**{name: changes.pop(name, value) for name, value in person.items()})
    operations = build_operations(claim, Demands(), ())
    insights, scans = changes.pop("insights", ()), changes.pop("scans", None)
    if insights or scans:
        operations["insights"] = {"properties": list(insights), **({"scans": scans} if scans else {})}
    if (verify := changes.pop("verify", None)) is not None:
        operations["verify"] = verify
    request: dict[str, Any] = {
        "operations": operations,
        "base_url": base_url,
        "api_key": "key",
        "connect_timeout": 1.0,
        "read_timeout": 2.0,
        "allow_loopback": True,
    }
    return ask(certificate_id, **request | changes)
