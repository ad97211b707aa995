"""Answers of versions 2 and 3, section 3 of the vendor's published facts, as an account that was never moved
to 4.0 might get them. Whatever they say of the certificate, none of it is believed."""

from typing import Any

MATCHING = {"matching": ["d511850d569bcd7802c30f54de34bb9f2b31eede"], "non_matching": []}
OTHERS = {"matching": [], "non_matching": ["d511850d569bcd7802c30f54de34bb9f2b31eede"]}
PLACE = {
    **{"lat": 30.27, "lon": -97.74, "city": "Austin", "state": "TX", "postal_code": "78701"},
    **{"country_code": "US", "time_zone": "America/Chicago"},
}
VERSION_2: dict[str, Any] = {
    "id": "533c80270218239ec3000012",
    "created_at": "2014-04-02T21:24:55Z",
    "expires_at": "2019-04-02T21:24:55Z",
    "age": 172800,
    "page_id": "533c80270218239ec3000013",
    "reference": "",
    "vendor": "",
    "warnings": [],
    "masked": False,
    "masked_cert_url": "https://cert.trustedform.com/ff5e209f324c43e2cf57ce1a080e778fecbf8285",
    "share_url": "https://cert.trustedform.com/2605ec3a?shared_token=abc",
    "scans": {"found": ["free iPod"], "not_found": []},
    "fingerprints": MATCHING,
    "cert": {
        "cert_id": "2605ec3a321e1b3a41addf0bba1213505ef57985",
        "created_at": "2014-04-02T21:24:22Z",
        "expires_at": "2014-04-05T21:24:22Z",
        "ip": "127.0.0.1",
        "location": "http://activeprospect.com/",
        "parent_location": None,
        "framed": False,
        "browser": "Chrome 33.0.1750",
        "operating_system": "Linux x86_64",
        "user_agent": "Mozilla/5.0",
        "geo": PLACE,
        "event_duration": 7999,
        "claims": [],
    },
}
VERSION_3: dict[str, Any] = {
    "outcome": "success",
    "reason": None,
    "is_masked": False,
    "masked_cert_url": "https://cert.trustedform.com/ff5e209f324c43e2cf57ce1a080e778fecbf8285",
    "warnings": [],
    "fingerprints": MATCHING,
    "scans": {
        **{"required_found": [], "required_not_found": []},
        **{"forbidden_found": [], "forbidden_not_found": []},
    },
}
VERSION_3_DATA: dict[str, Any] = {
    **VERSION_3,
    "cert": {
        **{"age_seconds": 60, "approx_ip_geo": PLACE, "browser": {"name": "Firefox"}, "is_mobile": False},
        **{"is_framed": False, "event_duration_ms": 7999, "form_input_method": ["typing"], "kpm": 150.0},
        **{"wpm": 30.0, "page_id": "533c", "page_url": "https://example.com/", "parent_page_url": None},
        **{"domain": "example.com", "user_agent": "Mozilla/5.0", "cert_id": "2605ec3a"},
        **{"created_at": "2023-04-02T21:24:22Z", "expires_at": "2023-06-05T21:24:22Z"},
    },
}
WARNED = {**VERSION_2, "fingerprints": OTHERS, "warnings": ["none of the provided fingerprints match"]}
FAILED = {
    **{"outcome": "failure", "reason": "none of the provided fingerprints match", "fingerprints": OTHERS},
    **{"is_masked": None, "warnings": ["none of the provided fingerprints match"]},
}
# By title, with the status and the sandbox's name for it.
OLD_SHAPES: dict[str, tuple[int, dict[str, Any], str]] = {
    "version 2": (201, VERSION_2, "version-2"),
    "version 2, nobody matches": (201, WARNED, ""),
    "version 3": (201, VERSION_3, ""),
    "version 3 with data": (201, VERSION_3_DATA, "version-3"),
    "version 3, nobody matches": (201, FAILED, ""),
    "version 3 with 200": (200, VERSION_3_DATA, ""),
    "version 3, masked as of old": (201, {**FAILED, "masked": True}, ""),
}
