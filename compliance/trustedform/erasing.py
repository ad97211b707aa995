"""What stays of an answer of TrustedForm's once the person in it is erased: what was found, not about whom.

What may stay is listed; whatever else the service said goes, also what nobody thought of. Pure.
"""

from collections.abc import Mapping
from typing import Any

ERASED = "[erased]"
# Under this name an answer says since when it is no more than its shape.
MARK = "erased"

# Members of version 4.0 that hold what was found, or when.
FOUND = frozenset(
    {
        *("outcome", "success", "result", "results", "match_lead", "retain", "insights", "verify"),
        *("properties", "phone_match", "email_match", "expires_at", "created_at", "previously_retained"),
        *(
            "age_seconds",
            "seconds_on_page",
            "is_framed",
            "is_masked",
            "bot_detected",
            "num_sensitive_content_elements",
        ),
        *("num_sensitive_form_elements", "language_approved", "form_submitted", "one_to_one"),
        *("min_font_size_px_satisfied", "min_contrast_ratio_satisfied", "opt_in_types_satisfied"),
        *("scans", "form_input_method", "validate", "http_status"),
    }
)
WORDS = frozenset(
    {"success", "failure", "error", "typing", "autofill", "paste", "pre-populated", "true", "false"}
)


def erase_answer(raw: Mapping[str, Any], *, at: str) -> dict[str, Any]:
    """Who or what matched stays, and until when the certificate can be used."""
    return {**shape_of(raw), MARK: at}


def shape_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape_of_member(name, member) for name, member in value.items() if name in FOUND}
    if isinstance(value, list):
        return [shape_of(member) for member in value]
    if isinstance(value, str):
        return value if value in WORDS else ERASED
    return value


def shape_of_member(name: str, member: Any) -> Any:
    """Times are told by their names, for nothing but a time can be read from what looks like one."""
    if name in {"expires_at", "created_at"} and isinstance(member, str):
        return member if is_moment(member) else ERASED
    return shape_of(member)


def is_moment(text: str) -> bool:
    return len(text) <= 40 and set(text) <= set("0123456789-:.+TZ ")
