"""What is asked of the service for the facts that are needed. Each operation, and each property of
`insights`, is billed whenever it is asked for, so nothing is asked that nobody looks at. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from compliance.checks.demands import Claim, Demands

MATCH, INSIGHTS, VERIFY, PAGE = "match_lead", "insights", "verify", "page"

# From a fact to the properties of `insights` that tell it.
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "age_seconds": ("age_seconds",),
    "created_at": ("created_at",),
    "expires_at": ("expires_at",),
    "page_url": ("page_url",),
    "parent_page_url": ("parent_page_url",),
    "domain": ("domain",),
    "masked": ("is_masked",),
    "framed": ("is_framed",),
    "owner": ("confirmed_owner",),
    "ip": ("ip",),
    "state": ("approx_ip_geo",),
    "country": ("approx_ip_geo",),
    "user_agent": ("browser",),
    "system": ("os",),
    "bot": ("bot_detected",),
    "seconds_on_page": ("seconds_on_page",),
    "keys_per_minute": ("form_input_kpm",),
    "input_methods": ("form_input_method",),
    "hidden_elements": ("num_sensitive_content_elements", "num_sensitive_form_elements"),
}
# From a fact to the part of `verify`'s result that tells it.
VERIFIED = {
    "submitted": "form_submitted",
    "wording_approved": "language_approved",
    "advertiser_named": "one_to_one",
    "opt_in_allowed": "opt_in_types_satisfied",
    "font_satisfied": "min_font_size_px_satisfied",
    "contrast_satisfied": "min_contrast_ratio_satisfied",
}
SCANNED = {"phrases_missing": "required", "phrases_forbidden": "forbidden"}


def build_operations(claim: Claim, demands: Demands, needed: Collection[str]) -> dict[str, Any]:
    """The body of the request. The match is always asked for: it says whose certificate it is."""
    person = {"phone": national_number(claim.phone), "email": claim.email.strip().lower()}
    asked: dict[str, Any] = {MATCH: {name: value for name, value in person.items() if value}}
    properties = sorted({name for fact in needed for name in PROPERTIES.get(fact, ())})
    scans = build_scans(demands, needed)
    if properties or scans:
        asked[INSIGHTS] = {"properties": properties, **({"scans": scans} if scans else {})}
    if not VERIFIED.keys().isdisjoint(needed):
        asked[VERIFY] = build_verify(demands, needed)
    return asked


def national_number(phone: str) -> str:
    """Ten digits, as in the vendor's own tests; whether the service drops a +1 is not documented."""
    return phone.removeprefix("+1")


def build_scans(demands: Demands, needed: Collection[str]) -> dict[str, list[str]]:
    phrases = {"phrases_missing": demands.phrases_required, "phrases_forbidden": demands.phrases_forbidden}
    return {name: list(phrases[fact]) for fact, name in SCANNED.items() if fact in needed and phrases[fact]}


def build_verify(demands: Demands, needed: Collection[str]) -> dict[str, Any]:
    """What is not handed in is judged by the criteria of our account with the vendor, or not at all."""
    criteria = {
        "advertiser_named": ("advertiser_name", demands.advertiser),
        "opt_in_allowed": ("opt_in_types_allowed", list(demands.opt_in_types)),
        "font_satisfied": ("min_font_size_px_required", demands.font_px_least),
        "contrast_satisfied": ("min_contrast_ratio_required", demands.contrast_least),
    }
    return {name: value for fact, (name, value) in criteria.items() if fact in needed and value}
