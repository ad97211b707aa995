"""What the sandbox's certificates show. Each has a name; `valid` is what all others differ from.

Property sets by type follow the vendor's documentation: those of apps and of Meta tell less.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

MOBILE_TELLS = frozenset(
    {
        *("age_seconds", "approx_ip_geo", "confirmed_owner", "created_at", "expires_at", "ip", "is_masked"),
        *("os", "seconds_on_page"),
    }
)
META_TELLS = frozenset({"age_seconds", "confirmed_owner", "created_at", "expires_at"})
# Of `verify`; only a page of the web has a form whose letters and boxes can be looked at.
PAGE_CRITERIA = frozenset(
    {
        *("one_to_one", "min_font_size_px_satisfied", "min_contrast_ratio_satisfied"),
        "opt_in_types_satisfied",
    }
)
META_SHAPE = re.compile(r"0(\.[-_A-Za-z0-9]+){3}")
WEB_SHAPE = re.compile(r"[0-9a-f]{40}")
CONSENT = "By clicking “Get my quote” I agree to be contacted by Example Insurance by phone and text."


class Kind(Enum):
    WEB = "web"
    MOBILE = "mobile"
    META = "meta"

    def tells(self, name: str) -> bool:
        match self:
            case Kind.MOBILE:
                return name in MOBILE_TELLS
            case Kind.META:
                return name in META_TELLS
        return True


@dataclass(frozen=True, slots=True)
class Shown:
    """`seen` are properties that differ, `verified` results of `verify` that do. `languages`: whether consent
    wording was found; `words_missing` and `words_forbidden`: whether scans for phrases go ill."""

    kind: Kind = Kind.WEB
    phone: bool | None = True
    email: bool | None = True
    seen: Mapping[str, Any] = field(default_factory=dict)
    verified: Mapping[str, bool | None] = field(default_factory=dict)
    languages: bool = True
    words_missing: bool = False
    words_forbidden: bool = False


OTHER_PLACE = {"city": "Tulsa", "country_code": "US", "postal_code": "74103", "state": "Oklahoma"}
BY_APP = {"city": "Austin", "country_code": "US", "postal_code": "78701", "state": "TX"}

CERTIFICATES: Mapping[str, Shown] = {
    "valid": Shown(),
    "mismatch": Shown(phone=False, email=False),
    # No contact data was recorded, so nothing could be compared.
    "match-null": Shown(phone=None, email=None),
    "phone-only": Shown(email=False),
    "email-only": Shown(phone=False),
    # The form recorded none of the two.
    "phone-absent": Shown(phone=None),
    "email-absent": Shown(email=None),
    "old": Shown(seen={"age_seconds": 2 * 24 * 3600}),
    "masked": Shown(
        seen={
            "is_masked": True,
            "domain": "m-5f1c.masked.example",
            "page_url": "https://m-5f1c.masked.example/",
        }
    ),
    "framed": Shown(seen={"is_framed": True, "parent_page_url": "https://example.com/offers"}),
    "framed-elsewhere": Shown(
        seen={
            "is_framed": True,
            "domain": "deals.example.net",
            "parent_page_url": "https://deals.example.net/",
        }
    ),
    "other-page": Shown(seen={"domain": "deals.example.net", "page_url": "https://deals.example.net/win"}),
    "other-state": Shown(seen={"approx_ip_geo": OTHER_PLACE}),
    "other-ip": Shown(seen={"ip": "198.51.100.99"}),
    "other-device": Shown(seen={"browser": {"name": "Chrome", "user_agent": "Mozilla/5.0 (other)"}}),
    "bot": Shown(seen={"bot_detected": True}),
    "fast": Shown(seen={"seconds_on_page": 1, "form_input_kpm": 4200.0, "form_input_wpm": 840.0}),
    "pasted": Shown(seen={"form_input_method": ["paste", "pre-populated"]}),
    "hidden": Shown(seen={"num_sensitive_content_elements": 2, "num_sensitive_form_elements": 1}),
    "owned": Shown(seen={"confirmed_owner": "Example Media LLC"}),
    # All that can be unavailable is.
    "nulls": Shown(
        seen=dict.fromkeys(
            [
                *("approx_ip_geo", "bot_detected", "browser", "domain", "form_input_kpm", "page_url", "ip"),
                *("form_input_method", "form_input_wpm", "is_framed", "is_masked", "seconds_on_page"),
                *("age_seconds", "confirmed_owner", "num_sensitive_content_elements", "os"),
                "num_sensitive_form_elements",
            ]
        ),
        verified=dict.fromkeys([*PAGE_CRITERIA, "form_submitted"]),
    ),
    "no-consent": Shown(languages=False, words_missing=True, verified={"language_approved": False}),
    "unapproved": Shown(verified={"language_approved": False}),
    "forbidden-words": Shown(words_forbidden=True),
    "advertiser-missing": Shown(verified={"one_to_one": False}),
    "untagged": Shown(verified={"one_to_one": None}),
    "pre-selected": Shown(verified={"opt_in_types_satisfied": False}),
    "small-print": Shown(
        verified={"min_font_size_px_satisfied": False, "min_contrast_ratio_satisfied": False}
    ),
    "not-submitted": Shown(verified={"form_submitted": False, "one_to_one": False}),
    "mobile": Shown(kind=Kind.MOBILE, seen={"approx_ip_geo": BY_APP}),
    "mobile-android": Shown(
        kind=Kind.MOBILE, seen={"approx_ip_geo": BY_APP, "os": {"is_mobile": True, "name": "Android"}}
    ),
    "meta": Shown(kind=Kind.META),
}


def shown_by(scenario: str, certificate_id: str) -> Shown:
    """What has no name of its own is valid, and of the type whose shape its id has."""
    if scenario != "valid" or certificate_id.startswith("valid"):
        return CERTIFICATES.get(scenario, CERTIFICATES["valid"])
    if META_SHAPE.fullmatch(certificate_id):
        return CERTIFICATES["meta"]
    return CERTIFICATES["valid" if WEB_SHAPE.fullmatch(certificate_id) else "mobile"]


def properties_of(shown: Shown, *, now: datetime) -> dict[str, Any]:
    """All properties; those that its type does not tell are null."""
    seen = {**usual_properties(now), **shown.seen}
    return {name: value if shown.kind.tells(name) else None for name, value in seen.items()}


def usual_properties(now: datetime) -> dict[str, Any]:
    """A page in Texas, filled in by hand a minute ago; the API may be asked for 72 hours."""
    created = now - timedelta(seconds=90)
    return {
        "age_seconds": 60,
        "approx_ip_geo": {
            "city": "Austin",
            "country_code": "US",
            "lat": 30.2672,
            "lon": -97.7431,
            "postal_code": "78701",
            "state": "Texas",
            "time_zone": "America/Chicago",
        },
        "bot_detected": False,
        "browser": {"full": "Firefox 140.0", "name": "Firefox", "user_agent": "Mozilla/5.0"},
        "confirmed_owner": "No Verified ActiveProspect Account Identified",
        "created_at": iso(created),
        "domain": "example.com",
        "expires_at": iso(created + timedelta(hours=72)),
        "form_input_kpm": 150.0,
        "form_input_method": ["typing"],
        "form_input_wpm": 30.0,
        "ip": "203.0.113.7",
        "is_framed": False,
        "is_masked": False,
        "num_sensitive_content_elements": 0,
        "num_sensitive_form_elements": 0,
        "os": {"full": "Windows 11", "is_mobile": False, "name": "Windows"},
        "page_url": "https://example.com/quote",
        "parent_page_url": None,
        "seconds_on_page": 30,
    }


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
