"""What changed since the reader's last visit, remembered by the reader's own browser.

A signed cookie, sent to the one page alone, holds when the page was read last and what it said then in short.
Loads within half an hour of one another are one visit, so that marks outlive a reload: `was` holds what the
visit before saw differently.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from leads.api.contract import flat_fields
from leads.posting import limits
from leads.posting.banner import Banner, say_day
from leads.posting.facts import Facts

COOKIE = "posting_visit"
SALT = "leads.posting.visit"
LIFETIME = timedelta(days=365)
ONE_VISIT = timedelta(minutes=30)
# Of what browsers keep, 4,096 characters; longer values are remembered by their digest.
MOST = 3_000
LONG = 400

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    section: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Visit:
    """`since` is the day of the visit before; None on the first."""

    since: str | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def sections(self) -> set[str]:
        return {change.section for change in self.changes}


def tell(facts: Facts, banner: Banner) -> Told:
    """What the page says, by what can change."""
    terms, settings_ = facts.terms, facts.settings
    keys = facts.source.credentials.filter(revoked_at=None, retires_at=None).order_by("id")
    return {
        "status": banner.title,
        "states": terms.states,
        "products": terms.products,
        "verticals": terms.verticals,
        "certificate": terms.trustedform_required,
        "outage": limits.say_outage(terms, settings_),
        "schedule": limits.say_schedule(settings_),
        "caps": limits.say_caps(settings_),
        "rate": limits.say_rate(settings_),
        "addresses": limits.say_addresses(settings_),
        "duplicates": limits.say_duplicates(settings_),
        "keys": digest([str(pk) for pk in keys.values_list("pk", flat=True)]),
        "sample": digest(terms.example_payload),
        "fields": digest(flat_fields()),
    }


def digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def look_back(request: HttpRequest, told: Told, *, token: str, now: datetime) -> tuple[Visit, str]:
    """The visit, and the cookie that remembers it."""
    short = shortened(told)
    kept = read(request, token)
    if kept is None:
        return Visit(), seal({"at": stamp(now), "told": short}, token)
    if now - moment(kept["at"]) < ONE_VISIT:
        since, before = kept.get("since"), {**kept["told"], **kept.get("was", {})}
    else:
        since, before = kept["at"], kept["told"]
    remembered: Told = {"at": stamp(now), "told": short}
    if since is None and differing(kept["told"], short):
        # It changed while they were reading for the first time.
        since = kept["at"]
    if since is None:
        return Visit(), seal(remembered, token)
    was = differing(before, short)
    changes = list(list_changes(was, short))
    return Visit(say_day(moment(since)), changes), seal({**remembered, "since": since, "was": was}, token)


def differing(before: Told, told: Told) -> Told:
    """What was otherwise before. A memory that was too long holds digests alone."""
    same = {name: (value, digested(value)) for name, value in told.items()}
    return {name: value for name, value in before.items() if name in same and value not in same[name]}


def read(request: HttpRequest, token: str) -> Told | None:
    try:
        kept: Told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=f"{SALT}.{token}", max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return kept


def seal(remembered: Told, token: str) -> str:
    """Whatever does not fit is remembered by digest; what was before then, by nothing."""
    sealed = signing.dumps(remembered, salt=f"{SALT}.{token}", compress=True)
    if len(sealed) <= MOST:
        return sealed
    told = {name: digested(value) for name, value in remembered["told"].items()}
    return signing.dumps({"at": remembered["at"], "told": told}, salt=f"{SALT}.{token}", compress=True)


def remember(request: HttpRequest, response: HttpResponse, cookie: str) -> None:
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LIFETIME,
        path=request.path.rstrip("/"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def shortened(told: Told) -> Told:
    return {
        name: value if len(json.dumps(value)) <= LONG else digested(value) for name, value in told.items()
    }


def digested(value: Any) -> Any:
    """A list keeps its length, for a sentence about it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return {"count": len(value), "digest": digest(value)}
    return value if isinstance(value, dict) else {"digest": digest(value)}


SENTENCES = {
    "keys": "Keys were issued, rotated or revoked. Make sure that you post with the one you were given last.",
    "sample": "The example lead changed.",
    "fields": "The fields that can be sent changed.",
}
SECTIONS = {
    "status": "status",
    "keys": "credentials",
    "sample": "samples",
    "fields": "fields",
    **dict.fromkeys(("states", "products", "verticals", "certificate"), "allowed"),
    **dict.fromkeys(("outage", "schedule", "caps", "rate", "addresses", "duplicates"), "limits"),
}


def list_changes(was: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Change]:
    for name in told:
        if name in was and name in SECTIONS:
            yield Change(SECTIONS[name], SENTENCES.get(name) or say_change(name, was[name], told[name]))


def say_change(name: str, was: Any, now: Any) -> str:
    if name == "certificate":
        return (
            "A TrustedForm certificate is required now."
            if now
            else "A TrustedForm certificate is no longer required."
        )
    if isinstance(was, list) and isinstance(now, list):
        return say_list(name, was, now)
    if isinstance(was, str) and isinstance(now, str):
        title = TITLES.get(name, name.capitalize())
        return f"{title}: {(now or 'nothing').rstrip('.')}. Before: {(was or 'nothing').rstrip('.')}."
    return f"The list of {name} changed." if name in LISTS else f"What is said of {name} changed."


LISTS = frozenset({"states", "products", "verticals"})
TITLES = {"status": "Status", "outage": "Outage of TrustedForm", "addresses": "IP addresses"}


def say_list(name: str, was: list[str], now: list[str]) -> str:
    if not was:
        return f"{name.capitalize()}: any before, now only {limits.joined(now, 'and')}."
    if not now:
        return f"{name.capitalize()}: any now, before only {limits.joined(was, 'and')}."
    added = [word for word in now if word not in was]
    gone = [word for word in was if word not in now]
    said = [
        *([f"{limits.joined(added, 'and')} added"] if added else []),
        *([f"{limits.joined(gone, 'and')} removed"] if gone else []),
    ]
    return f"{name.capitalize()}: {'; '.join(said) or 'in another order'}."


def stamp(now: datetime) -> int:
    return int(now.timestamp())


def moment(stamped: int) -> datetime:
    return datetime.fromtimestamp(stamped, UTC)
