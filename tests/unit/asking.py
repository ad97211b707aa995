"""Asking a certificate service that stands on this machine."""

from typing import Any

from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.client import ask


def ask_at(base_url: str, certificate_id: str, **changes: Any) -> CertificateAnswer:
    """With the seeds' person and the key `key`, unless `changes` say otherwise."""
    request: dict[str, Any] = {
        "phone": "+15555550123",
        "email": "Jordan@Example.com",
        "insights": (),
        "base_url": base_url,
        "api_key": "key",
        "connect_timeout": 1.0,
        "read_timeout": 2.0,
        "allow_loopback": True,
    }
    return ask(certificate_id, **request | changes)
