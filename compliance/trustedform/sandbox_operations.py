"""Operations as the sandbox runs them on one of its certificates: a status and a body."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from compliance.trustedform.sandbox_certificates import CONSENT, PAGE_CRITERIA, Kind, Shown, properties_of

Said = tuple[int, dict[str, Any]]
SCHEMA = "The request cannot be processed because it does not meet the expected schema."


class Asked(BaseModel):
    """The part of the published request that Leadping sends; anything else is a mistake of ours."""

    model_config = ConfigDict(extra="forbid")


class Person(Asked):
    email: str | None = None
    phone: str | None = None


class Scans(Asked):
    required: str | list[str] | None = None
    forbidden: str | list[str] | None = None
    delimiter: str | None = None


class Insights(Asked):
    properties: list[str]
    scans: Scans | None = None


class Verify(Asked):
    advertiser_name: str | None = None
    min_font_size_px_required: float | None = None
    min_contrast_ratio_required: float | None = None
    opt_in_types_allowed: list[str] | None = None


class Operations(Asked):
    match_lead: Person
    insights: Insights | None = None
    verify: Verify | None = None


def run_operations(body: bytes, shown: Shown, *, unavailable: frozenset[str], now: datetime) -> Said:
    """`unavailable`: operations that the account has not contracted."""
    try:
        asked = Operations.model_validate_json(body)
    except ValidationError:
        return refusal(400, SCHEMA)
    if not (asked.match_lead.email or asked.match_lead.phone):
        return refusal(400, "match_lead must contain either phone or email keys")
    for name in ("insights", "verify"):
        if name in unavailable and getattr(asked, name) is not None:
            return refusal(403, f"Unavailable product requested: {name.capitalize()}")
    answer: dict[str, Any] = {"match_lead": match_lead(asked.match_lead, shown)}
    if asked.insights:
        known = properties_of(shown, now=now)
        if not known.keys() >= set(asked.insights.properties):
            return refusal(400, "Invalid property key(s) requested")
        answer["insights"] = insights(asked.insights, known, shown)
    if asked.verify:
        answer["verify"] = verify(asked.verify, shown)
    faults = list(list_faults(answer))
    return 200, {
        "outcome": "failure" if faults else "success",
        "reason": faults[0] if faults else None,
        **answer,
    }


def refusal(status: int, reason: str) -> Said:
    return status, {"outcome": "error", "reason": reason}


def list_faults(answer: dict[str, Any]) -> Iterator[str]:
    if not answer["match_lead"]["result"]["success"]:
        yield "No matches found"
    scans = answer.get("insights", {}).get("scans")
    if scans and scans["result"]["success"] is False:
        yield "Insights page scans unsuccessful"
    verified = answer.get("verify")
    if verified and not verified["result"]["success"]:
        if not verified["languages"]:
            yield "Consent language not detected in the certificate."
        else:
            yield "Consent languages found were not approved or did not meet the criteria."


def match_lead(person: Person, shown: Shown) -> dict[str, Any]:
    """Both inputs are echoed; one that was not supplied is not compared, hence null."""
    email = shown.email if person.email else None
    phone = shown.phone if person.phone else None
    compared = [match for match in (email, phone) if match is not None]
    return {
        "email": person.email,
        "phone": person.phone,
        "result": {
            "email_match": email,
            "phone_match": phone,
            # Any match will do.
            "success": any(compared) if compared else None,
        },
    }


def insights(asked: Insights, known: dict[str, Any], shown: Shown) -> dict[str, Any]:
    answer: dict[str, Any] = {"properties": {name: known[name] for name in asked.properties}}
    if asked.scans:
        answer["scans"] = scan(asked.scans, shown)
    return answer


def scan(asked: Scans, shown: Shown) -> dict[str, Any]:
    required, forbidden = listed(asked.required), listed(asked.forbidden)
    missing = required if shown.words_missing else []
    found = forbidden if shown.words_forbidden else []
    return {
        **asked.model_dump(exclude_none=True),
        "result": {
            "required": {"found": [one for one in required if one not in missing], "not_found": missing},
            "forbidden": {"found": found, "not_found": [one for one in forbidden if one not in found]},
            "success": not (missing or found),
        },
    }


def listed(phrases: str | list[str] | None) -> list[str]:
    return [phrases] if isinstance(phrases, str) else phrases or []


def verify(asked: Verify, shown: Shown) -> dict[str, Any]:
    """What no criterion was given for is null, and what cannot be looked at on a page of this type."""
    judged: dict[str, bool | None] = {
        "language_approved": True,
        "form_submitted": True,
        "one_to_one": asked.advertiser_name is not None or None,
        "min_font_size_px_satisfied": asked.min_font_size_px_required is not None or None,
        "min_contrast_ratio_satisfied": asked.min_contrast_ratio_required is not None or None,
        "opt_in_types_satisfied": asked.opt_in_types_allowed is not None or None,
    }
    judged |= {name: value for name, value in shown.verified.items() if judged[name] is not None}
    if shown.kind is not Kind.WEB:
        judged |= dict.fromkeys(PAGE_CRITERIA)
    weighed = {name: value for name, value in judged.items() if name != "form_submitted"}
    return {
        **asked.model_dump(exclude_none=True),
        "languages": [{"text": CONSENT}] if shown.languages else [],
        "result": {"success": all(value is not False for value in weighed.values()), **judged},
    }
