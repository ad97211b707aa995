"""Every JSON shape and status of the vendor's published facts about Certificate API v4.0, section 2, written
out as the service sends them, and what we read from each.

Where `name` is that of one of the sandbox's certificates, the sandbox must answer alike.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from compliance.trustedform.answers import Outcome

PHONE, EMAIL = "5555550123", "jordan@example.com"
GONE = "TrustedForm certificate has expired or could not be found"
EXPIRY = datetime(2026, 9, 12, 11, 42, 30, tzinfo=UTC)
CREATED = datetime(2026, 6, 14, 11, 42, 30, tzinfo=UTC)
ALL_PROPERTIES = (
    *("age_seconds", "approx_ip_geo", "bot_detected", "browser", "confirmed_owner", "created_at", "domain"),
    *("expires_at", "form_input_kpm", "form_input_method", "form_input_wpm", "ip", "is_framed", "is_masked"),
    *("num_sensitive_content_elements", "num_sensitive_form_elements", "os", "page_url"),
    *("parent_page_url", "seconds_on_page"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`asked` are operations beyond the match. `facts` are those to be read; `said` is a body, or text where
    it is no JSON."""

    said: dict[str, Any] | str
    outcome: Outcome
    status: int = 200
    name: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None

    @property
    def body(self) -> bytes:
        return (self.said if isinstance(self.said, str) else json.dumps(self.said)).encode()


def match(email: Any, phone: Any, success: Any) -> dict[str, Any]:
    result = {"email_match": email, "phone_match": phone, "success": success}
    return {"match_lead": {"email": EMAIL, "phone": PHONE, "result": result}}


def ok(**parts: Any) -> dict[str, Any]:
    return {"outcome": "success", "reason": None, **match(True, True, True), **parts}


def fails(reason: str | None, **parts: Any) -> dict[str, Any]:
    return {"outcome": "failure", "reason": reason, **match(True, True, True), **parts}


def error(reason: str) -> dict[str, Any]:
    return {"outcome": "error", "reason": reason}


def insights(**properties: Any) -> dict[str, Any]:
    return {"insights": {"properties": properties}}


def scanned(required: Any, forbidden: Any, success: Any) -> dict[str, Any]:
    result = {"required": required, "forbidden": forbidden, "success": success}
    return {"insights": {"properties": {}, "scans": {"required": "I agree", "result": result}}}


def verified(languages: Any = None, **result: Any) -> dict[str, Any]:
    return {"verify": {"languages": languages or [], "result": result}}


def asks(*properties: str) -> dict[str, Any]:
    return {"insights": {"properties": list(properties)}}


SCANS = {"insights": {"properties": [], "scans": {"required": ["I agree"], "forbidden": ["gift card"]}}}
FULL = {
    "age_seconds": 1036,
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
    "browser": {
        "full": "Firefox 140.0",
        "name": "Firefox",
        "user_agent": "Mozilla/5.0",
        "version": {"full": "140.0", "major": "140", "minor": "0", "patch": None},
    },
    "confirmed_owner": "No Verified ActiveProspect Account Identified",
    "created_at": "2026-06-14T11:42:30Z",
    "domain": "example.com",
    "expires_at": "2026-09-12T11:42:30Z",
    "form_input_kpm": 212.5,
    "form_input_method": ["typing", "autofill"],
    "form_input_wpm": 42.5,
    "ip": "203.0.113.7",
    "is_framed": False,
    "is_masked": False,
    "num_sensitive_content_elements": 0,
    "num_sensitive_form_elements": 1,
    "os": {"full": "Windows 11", "is_mobile": False, "name": "Windows"},
    "page_url": "https://example.com/quote",
    "parent_page_url": None,
    "seconds_on_page": 27.4,
}
MOBILE = {
    "age_seconds": 60,
    "approx_ip_geo": {"city": None, "country_code": "us", "state": "TX", "postal_code": None},
    "confirmed_owner": "ActiveProspect Verified Account",
    "created_at": "2026-06-14T11:42:30Z",
    "expires_at": "2026-09-12T11:42:30Z",
    "ip": "203.0.113.7",
    "is_masked": False,
    "os": {"is_mobile": True},
    "seconds_on_page": 12,
    "page_url": None,
    "domain": None,
    "bot_detected": None,
}
V = Outcome

SHAPES: dict[str, Shape] = {
    # 2.2, the envelope, and 2.3, the match
    "success": Shape(ok(), V.VERIFIED, name="valid", facts={"phone_match": True, "email_match": True}),
    "reason is the text null": Shape({**ok(), "reason": "null"}, V.VERIFIED),
    "booleans are texts": Shape(
        {**ok(), **match("true", "false", "true")},
        V.VERIFIED,
        facts={"email_match": True, "phone_match": False},
    ),
    "any match is a success": Shape(
        ok() | match(True, False, True),
        V.VERIFIED,
        name="email-only",
        facts={"email_match": True, "phone_match": False},
    ),
    "only the phone matches": Shape(ok() | match(False, True, True), V.VERIFIED, name="phone-only"),
    "failure comes with 200": Shape(
        fails("No matches found") | match(False, False, False), V.MISMATCH, name="mismatch"
    ),
    "nothing could be compared": Shape(
        fails("No matches found") | match(None, None, None), V.MISMATCH, name="match-null"
    ),
    "error comes with 200": Shape(error("Something unexpected"), V.UNKNOWN),
    # 2.4, retain: read by either key, and never needed for a match
    "retain by results": Shape(
        ok(retain={"reference": "r", "vendor": "v", "results": {"expires_at": "2026-09-12T11:42:30Z"}}),
        V.VERIFIED,
        expires_at=EXPIRY,
    ),
    "retain by result": Shape(
        ok(
            retain={
                "result": {
                    "expires_at": "2026-09-12T11:42:30Z",
                    "previously_retained": "false",
                    "masked_cert_url": None,
                }
            }
        ),
        V.VERIFIED,
        expires_at=EXPIRY,
    ),
    "retain that failed": Shape(fails("The cert could not be retained"), V.VERIFIED),
    "retain of an expired one": Shape(fails("The cert has expired"), V.NOT_FOUND),
    "retain of one in test mode": Shape(fails("Sandbox certs cannot be retained"), V.NOT_CLAIMABLE),
    "retain too often": Shape(fails("The cert has been claimed too many times"), V.OVERCLAIMED),
    # 2.5, insights
    "all properties": Shape(
        ok(insights={"properties": FULL}),
        V.VERIFIED,
        asked=asks(*ALL_PROPERTIES),
        expires_at=EXPIRY,
        facts={
            "age_seconds": 1036,
            "created_at": CREATED,
            "expires_at": EXPIRY,
            "state": "TX",
            "country": "US",
            "bot": False,
            "user_agent": "Mozilla/5.0",
            "owner": "",
            "domain": "example.com",
            "page_url": "https://example.com/quote",
            "parent_page_url": None,
            "keys_per_minute": 212.5,
            "input_methods": ("typing", "autofill"),
            "ip": "203.0.113.7",
            "framed": False,
            "masked": False,
            "hidden_elements": 1,
            "seconds_on_page": 27.4,
        },
    ),
    "of an app": Shape(
        ok(insights={"properties": MOBILE}),
        V.VERIFIED,
        expires_at=EXPIRY,
        facts={
            "state": "TX",
            "country": "US",
            "owner": "ActiveProspect Verified Account",
            "page_url": None,
            "domain": None,
            "bot": None,
            "framed": None,
            "seconds_on_page": 12,
        },
    ),
    "of Meta": Shape(
        ok(**insights(age_seconds=5, confirmed_owner="Example Media", created_at="2026-06-14T11:42:30Z")),
        V.VERIFIED,
        facts={"age_seconds": 5, "owner": "Example Media", "ip": None, "bot": None, "masked": None},
    ),
    "texts where booleans and numbers belong": Shape(
        ok(**insights(is_masked="true", is_framed="false", age_seconds="12", seconds_on_page="null")),
        V.VERIFIED,
        facts={"masked": True, "framed": False, "age_seconds": 12, "seconds_on_page": None},
    ),
    "one way of filling in as a text": Shape(
        ok(**insights(form_input_method="paste")), V.VERIFIED, facts={"input_methods": ("paste",)}
    ),
    "a state that is none of ours": Shape(
        ok(**insights(approx_ip_geo={"state": "Ontario", "country_code": "CA"})),
        V.VERIFIED,
        facts={"state": "Ontario", "country": "CA"},
    ),
    "all properties null": Shape(
        ok(insights={"properties": dict.fromkeys(ALL_PROPERTIES)}),
        V.VERIFIED,
        facts=dict.fromkeys(["age_seconds", "state", "masked", "owner", "hidden_elements", "input_methods"]),
    ),
    "insights null": Shape(ok(insights=None), V.VERIFIED, facts={"age_seconds": None}),
    # 2.5, scans
    "scans of lists": Shape(
        ok(
            **scanned(
                {"found": ["I agree"], "not_found": []}, {"found": [], "not_found": ["gift card"]}, True
            )
        ),
        V.VERIFIED,
        name="valid",
        asked=SCANS,
        facts={"phrases_missing": (), "phrases_forbidden": ()},
    ),
    "scans of texts": Shape(
        fails(
            "Insights page scans unsuccessful",
            **scanned(
                {"found": None, "not_found": "I agree"}, {"found": "gift card", "not_found": None}, "false"
            ),
        ),
        V.VERIFIED,
        facts={"phrases_missing": ("I agree",), "phrases_forbidden": ("gift card",)},
    ),
    "scans that could not be made": Shape(
        ok(**scanned({"found": [], "not_found": []}, None, None)),
        V.VERIFIED,
        facts={"phrases_missing": None, "phrases_forbidden": None},
    ),
    # 2.6, verify
    "verify": Shape(
        ok(
            **verified(
                [{"text": "I agree to be called."}],
                success=True,
                language_approved=True,
                form_submitted=True,
                one_to_one=True,
                min_font_size_px_satisfied=True,
                min_contrast_ratio_satisfied=None,
                opt_in_types_satisfied="true",
            )
        ),
        V.VERIFIED,
        facts={
            "wording_approved": True,
            "wordings": ("I agree to be called.",),
            "submitted": True,
            "advertiser_named": True,
            "font_satisfied": True,
            "contrast_satisfied": None,
            "opt_in_allowed": True,
        },
    ),
    "verify without a wording": Shape(
        fails(
            "Consent language not detected in the certificate.",
            **verified(success=False, language_approved=False, one_to_one=None),
        ),
        V.VERIFIED,
        name="no-consent",
        asked={"verify": {}},
        facts={"wording_approved": False, "advertiser_named": None, "wordings": ()},
    ),
    "verify null": Shape(ok(verify=None), V.VERIFIED, facts={"wording_approved": None}),
    # 2.7, errors by status
    "malformed id": Shape(
        {
            "errors": {"detail": "Malformed certificate id"},
            "message": "Malformed certificate id",
            **error("Malformed certificate id"),
        },
        V.MALFORMED,
        400,
        name="malformed",
    ),
    "wrong key": Shape(error("Unauthorized"), V.MISCONFIGURED, 401, name="wrong-key"),
    "no funds": Shape(error("Account is inactive"), V.MISCONFIGURED, 402, name="inactive"),
    "no such product": Shape(
        error("Unavailable product requested"), V.MISCONFIGURED, 403, name="unavailable-product"
    ),
    "no insights": Shape(
        error("Unavailable product requested: Insights"),
        V.MISCONFIGURED,
        403,
        name="no-insights",
        asked=asks("is_masked"),
    ),
    "no verify": Shape(
        error("Unavailable product requested: Verify"),
        V.MISCONFIGURED,
        403,
        name="no-verify",
        asked={"verify": {}},
    ),
    "unavailable product with 200": Shape(error("Unavailable product requested: Verify"), V.MISCONFIGURED),
    "gone or never made": Shape(error(GONE), V.NOT_FOUND, 404, name="not-found"),
    "gone, as message": Shape({"message": GONE}, V.NOT_FOUND, 404),
    "gone, as detail": Shape({"errors": {"detail": "Not Found"}}, V.NOT_FOUND, 404),
    "gone, with 200": Shape(error("Certificate has expired or could not be found."), V.NOT_FOUND),
    "test mode": Shape(error("Certificate is not claimable"), V.NOT_CLAIMABLE, 405, name="sandbox"),
    "bad id of older versions": Shape({"message": "bad id"}, V.MALFORMED, 406),
    "about to be deleted": Shape({}, V.NOT_FOUND, 410),
    "claimed too often": Shape(
        error("Certificate has been claimed too many times"), V.OVERCLAIMED, 422, name="overclaimed"
    ),
    "too many requests": Shape(error("slow down"), V.UNAVAILABLE, 429),
    "server trouble": Shape(error("Internal server error"), V.UNAVAILABLE, 500, name="error"),
    "gateway trouble": Shape("<html>Bad gateway</html>", V.UNAVAILABLE, 502),
    "maintenance": Shape("", V.UNAVAILABLE, 503),
    "a page of HTML with 200": Shape("<!doctype html><p>Sign in", V.UNAVAILABLE),
    "an unknown status": Shape(error("teapot"), V.UNKNOWN, 418),
    # 2.7, reasons that come with statuses which nobody states
    "schema, 400": Shape(
        error("The request cannot be processed because it does not meet the expected schema."),
        V.MISCONFIGURED,
        400,
    ),
    "schema, 422": Shape(
        error("The request cannot be processed because it does not meet the expected schema."),
        V.MISCONFIGURED,
        422,
        name="bad-schema",
    ),
    "unknown property": Shape(
        error("Invalid property key(s) requested"),
        V.MISCONFIGURED,
        400,
        name="valid",
        asked=asks("shoe_size"),
    ),
    "delimiter with space": Shape(
        error("Invalid delimiter contains whitespace characters"), V.MISCONFIGURED, 422
    ),
    "delimiter too long": Shape(error("Invalid delimiter length"), V.MISCONFIGURED, 400),
    "nothing asked": Shape(error("No valid products detected"), V.MISCONFIGURED, 400),
    "no contact": Shape(error("match_lead must contain either phone or email keys"), V.MISCONFIGURED, 400),
    "too many phones": Shape(
        error("match_lead phone must be a list of 3 or less values"), V.MISCONFIGURED, 422
    ),
    "no match with retain": Shape(error("Match Lead fields not included in request."), V.MISCONFIGURED, 400),
    "of no web page": Shape(
        error("match_lead requires a web certificate"), V.UNMATCHED, 400, name="unmatchable"
    ),
    "of no web page, 422": Shape(error("match_lead requires a web certificate"), V.UNMATCHED, 422),
}
