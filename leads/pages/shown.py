"""What a certificate shows, in plain words: what was asked for, and what came of it. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compliance.checks.facts import CertificateFacts
from leadping.states import NAMES
from leads.pages.moments import exact

OPERATIONS = {
    "match_lead": "the person",
    "insights": "page and visit",
    "verify": "the consent",
    "validate": "whether it was ever made",
    "retain": "to keep it",
    "page": "whether its page answers",
}
YES_OR_NO = {True: "yes", False: "no"}


def say_yes_or_no(value: bool) -> str:
    return YES_OR_NO[value]


def say_seconds(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:,.0f} seconds"
    if seconds < 2 * 3600:
        return f"{seconds / 60:,.0f} minutes"
    return f"{seconds / 3600:,.0f} hours" if seconds < 48 * 3600 else f"{seconds / 86400:,.0f} days"


def say_listed(values: tuple[str, ...]) -> str:
    return ", ".join(values) or "none"


# Of each fact its name and how it is said, in the order in which they are told.
SAYINGS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "page_url": ("Page", str),
    "parent_page_url": ("Page around it", str),
    "domain": ("Domain the person saw", str),
    "masked": ("Masked", say_yes_or_no),
    "framed": ("In a frame", say_yes_or_no),
    "owner": ("Made by", lambda owner: owner or "no verified account"),
    "created_at": ("Page loaded", exact),
    "age_seconds": ("Person last active", lambda seconds: f"{say_seconds(seconds)} before it was asked"),
    "ip": ("Person's IP address", str),
    "state": ("Where that is", lambda state: NAMES.get(state, state)),
    "country": ("Country", str),
    "user_agent": ("Person's browser", str),
    "system": ("Person's device", str),
    "bot": ("Program seen at work", say_yes_or_no),
    "seconds_on_page": ("Time on the page", say_seconds),
    "keys_per_minute": ("Typed", lambda keys: f"{keys:,.0f} keys a minute"),
    "input_methods": ("Filled in by", say_listed),
    "hidden_elements": ("Hidden parts of the page", str),
    "submitted": ("Form submitted", say_yes_or_no),
    "wordings": ("Consent wording", say_listed),
    "wording_approved": ("Wording approved", say_yes_or_no),
    "advertiser_named": ("Seller named", say_yes_or_no),
    "opt_in_allowed": ("Kind of opt-in allowed", say_yes_or_no),
    "font_satisfied": ("Large enough", say_yes_or_no),
    "contrast_satisfied": ("Dark enough", say_yes_or_no),
    "phrases_missing": ("Required phrases missing", say_listed),
    "phrases_forbidden": ("Forbidden phrases found", say_listed),
}


def list_shown(facts: CertificateFacts) -> list[tuple[str, str]]:
    """Name and value of all that it tells; what it was asked for and does not tell, together at the end."""
    said = [
        (name, say(value))
        for fact, (name, say) in SAYINGS.items()
        if (value := getattr(facts, fact)) is not None
    ]
    silent = list(list_silent(facts))
    return [*said, ("Not available", ", ".join(silent).lower())] if silent else said


def list_silent(facts: CertificateFacts) -> Iterator[str]:
    for fact, (name, _) in SAYINGS.items():
        if fact in facts.told and getattr(facts, fact) is None and fact != "parent_page_url":
            yield name


def say_operations(operations: list[str] | None) -> str:
    return ", ".join(OPERATIONS.get(one, one) for one in operations or [])
