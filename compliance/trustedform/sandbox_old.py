"""Answers in the shapes of versions 2 and 3, as an account that was never moved to 4.0 might get them."""

from datetime import datetime, timedelta
from typing import Any

from compliance.trustedform.sandbox_certificates import iso

OLD = ("version-2", "version-3")
FINGERPRINTS = {"matching": ["d511850d569bcd7802c30f54de34bb9f2b31eede"], "non_matching": []}


def answer_of_old(scenario: str, *, now: datetime) -> dict[str, Any]:
    """Both say that all is well, and one of them that the person matches: what nobody may believe."""
    created, expires = iso(now - timedelta(seconds=90)), iso(now + timedelta(days=90))
    common: dict[str, Any] = {"fingerprints": FINGERPRINTS, "warnings": [], "masked_cert_url": None}
    if scenario == "version-2":
        return {
            **common,
            "id": "533c80270218239ec3000012",
            "created_at": created,
            "expires_at": expires,
            "age": 60,
            "masked": False,
            "cert": {"created_at": created, "expires_at": expires, "ip": "203.0.113.7", "framed": False},
        }
    return {
        **common,
        "outcome": "success",
        "reason": None,
        "is_masked": False,
        "cert": {"age_seconds": 60, "created_at": created, "expires_at": expires, "domain": "example.com"},
    }
