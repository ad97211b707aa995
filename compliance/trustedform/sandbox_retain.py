"""How the sandbox retains. The certificate id chooses: one that begins with a name of `STORED` or `REFUSED`
below answers so, any other that is valid is stored, and from the second time on was stored before."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

# Stored at once, in the shapes that the vendor is known to answer with.
STORED = ("retain-result", "retain-before")
# Not stored, and each time the same, but for the one that fails once.
REFUSED = {
    "retain-late": (500, "error", "Internal server error"),
    "retain-never": (200, "failure", "The cert could not be retained"),
    "retain-expired": (200, "failure", "The cert has expired"),
    "retain-overclaimed": (200, "failure", "The cert has been claimed too many times"),
    "retain-sandbox": (200, "failure", "Sandbox certs cannot be retained"),
    "retain-unpaid": (402, "error", "Account is inactive"),
    "retain-unavailable": (403, "error", "Unavailable product requested: Retain"),
    # The outcome alone says nothing: the results are missing.
    "retain-silent": (200, "success", None),
}
NAMED = re.compile(rf"(?P<name>{'|'.join([*STORED, *REFUSED])})(-.*)?")
ALONE = "Match Lead fields not included in request."
KEPT = timedelta(days=90)

Wish = dict[str, Any] | None


def is_about_retaining(certificate_id: str) -> bool:
    return NAMED.fullmatch(certificate_id) is not None


def take_wish(body: bytes) -> tuple[bytes, Wish]:
    """The request without the wish to retain, and the wish."""
    try:
        asked = json.loads(body)
    except ValueError:
        return body, None
    if not isinstance(asked, dict) or not isinstance(asked.get("retain"), dict):
        return body, None
    rest = {name: value for name, value in asked.items() if name != "retain"}
    return json.dumps(rest).encode(), {**asked["retain"], "alone": "match_lead" not in asked}


def answer_wish(
    status: int, said: bytes, wish: Wish, certificate_id: str, *, now: datetime, seen: set[str]
) -> tuple[int, bytes]:
    """The answer to the rest of the request, with that to the wish. `seen` keeps what was asked to be
    retained so far, and is added to. What is refused anyway is not retained either."""
    if wish is None or (status != 200 and not wish["alone"]):
        return status, said
    if wish["alone"]:
        return 400, write("error", ALONE)
    named = NAMED.fullmatch(certificate_id)
    name = named["name"] if named else ""
    key = f"retain {certificate_id}"
    before = key in seen
    seen.add(key)
    if name in REFUSED and not (name == "retain-late" and before):
        refused, outcome, reason = REFUSED[name]
        echoed = json.loads(said) if refused == 200 else {}
        return refused, json.dumps(echoed | {"outcome": outcome, "reason": reason} | echo(wish)).encode()
    results = stored(name, certificate_id, before=before, now=now)
    return status, json.dumps(json.loads(said) | echo(wish, **results)).encode()


def stored(name: str, certificate_id: str, *, before: bool, now: datetime) -> dict[str, Any]:
    masked = f"https://cert.trustedform.com/{certificate_id[::-1][:40].rjust(40, '0')}"
    results: dict[str, Any] = {
        "expires_at": (now + KEPT).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "previously_retained": before or name == "retain-before",
        "masked_cert_url": masked,
        "share_url": f"https://cert.trustedform.com/{certificate_id}?shared_token=a-secret-of-the-sandbox",
    }
    if name == "retain-result":
        # As the specification printed it until February 2026.
        return {"result": results | {"previously_retained": "false", "masked_cert_url": "null"}}
    return {"results": results}


def echo(wish: dict[str, Any], **results: Any) -> dict[str, Any]:
    return {"retain": {"reference": wish.get("reference"), "vendor": wish.get("vendor"), **results}}


def write(outcome: str, reason: str) -> bytes:
    return json.dumps({"outcome": outcome, "reason": reason}).encode()
