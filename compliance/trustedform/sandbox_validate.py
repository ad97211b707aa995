"""What the sandbox says of an id alone, at `/{id}/validate`. The certificate id chooses here too."""

from typing import Any

from compliance.trustedform.sandbox_certificates import Kind

INVALID = (200, {"outcome": "failure", "reason": "This is an invalid certificate id"})
OUTLIVED = (200, {"outcome": "failure", "reason": "Certificate is more than 90 days old"})
HANGS = "validate-hang"
# Of certificates that operations find nowhere.
VALIDITIES: dict[str, tuple[int, dict[str, Any]]] = {
    "invented": INVALID,
    "not-found": INVALID,
    "malformed": INVALID,
    "expired": OUTLIVED,
    "validate-odd": (200, {"outcome": "failure", "reason": "The moon is full"}),
    "validate-forbidden": (403, {"outcome": "error", "reason": "Unavailable product requested: Validate"}),
    "validate-error": (500, {"outcome": "error", "reason": "Internal server error"}),
}
# `gone` lived for 72 hours and not for 90 days, so its id is as good as any.
LOST = ("invented", "gone", HANGS, *(name for name in VALIDITIES if name.startswith("validate-")))
TYPES = {Kind.WEB: "Web", Kind.MOBILE: "Mobile", Kind.META: "Facebook"}


def say_validity(scenario: str, kind: Kind) -> tuple[int, dict[str, Any]]:
    genuine = {"outcome": "success", "reason": f"This is a valid {TYPES[kind]} certificate id"}
    return VALIDITIES.get(scenario, (200, genuine))
