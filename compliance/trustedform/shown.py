"""What an answer shows of a certificate; the names that the service gives to it stop here. Pure."""

from typing import Any

from compliance.checks.facts import CertificateFacts
from compliance.trustedform.json_values import (
    dig,
    read_boolean,
    read_moment,
    read_number,
    read_text,
    read_texts,
)
from compliance.trustedform.operations import PROPERTIES, SCANNED, VERIFIED
from leadping.states import read_state

# The wording of this changed within a week of its coming, so it is matched loosely.
NOBODY = "no verified"


def read_facts(said: dict[str, Any]) -> CertificateFacts:
    """`said` is the answer to operations, also as a check keeps it."""
    seen = dig(said, "insights", "properties")
    seen = seen if isinstance(seen, dict) else {}
    return CertificateFacts(
        phone_match=read_boolean(dig(said, "match_lead", "result", "phone_match")),
        email_match=read_boolean(dig(said, "match_lead", "result", "email_match")),
        **read_times(seen),
        **read_page_of(seen),
        **read_visitor(seen),
        **read_behaviour(seen),
        **read_consent(said),
        **read_scans(said),
        told=frozenset(list_told(said, seen)),
    )


def read_times(seen: dict[str, Any]) -> dict[str, Any]:
    age = read_number(seen.get("age_seconds"))
    return {
        "age_seconds": None if age is None else int(age),
        "created_at": read_moment(seen.get("created_at")),
        "expires_at": read_moment(seen.get("expires_at")),
    }


def read_page_of(seen: dict[str, Any]) -> dict[str, Any]:
    owner = read_text(seen.get("confirmed_owner"))
    return {
        "page_url": read_text(seen.get("page_url")),
        "parent_page_url": read_text(seen.get("parent_page_url")),
        "domain": read_text(seen.get("domain")),
        "masked": read_boolean(seen.get("is_masked")),
        "framed": read_boolean(seen.get("is_framed")),
        "owner": "" if owner and NOBODY in owner.lower() else owner,
    }


def read_visitor(seen: dict[str, Any]) -> dict[str, Any]:
    """The state comes as a full name for web certificates and as a code for those of apps."""
    state = read_text(dig(seen, "approx_ip_geo", "state"))
    country = read_text(dig(seen, "approx_ip_geo", "country_code"))
    return {
        "ip": read_text(seen.get("ip")),
        "state": (read_state(state) or state) if state else None,
        "country": country.upper() if country else None,
        "user_agent": read_text(dig(seen, "browser", "user_agent")),
        "system": read_text(dig(seen, "os", "name")),
    }


def read_behaviour(seen: dict[str, Any]) -> dict[str, Any]:
    hidden = [
        count for name in PROPERTIES["hidden_elements"] if (count := read_number(seen.get(name))) is not None
    ]
    return {
        "bot": read_boolean(seen.get("bot_detected")),
        "seconds_on_page": read_number(seen.get("seconds_on_page")),
        "keys_per_minute": read_number(seen.get("form_input_kpm")),
        "input_methods": read_texts(seen.get("form_input_method")),
        "hidden_elements": int(sum(hidden)) if hidden else None,
    }


def read_consent(said: dict[str, Any]) -> dict[str, Any]:
    languages = dig(said, "verify", "languages")
    texts = read_texts([dig(one, "text") for one in languages]) if isinstance(languages, list) else None
    found = {fact: read_boolean(dig(said, "verify", "result", name)) for fact, name in VERIFIED.items()}
    return {**found, "wordings": texts}


def read_scans(said: dict[str, Any]) -> dict[str, Any]:
    """Where a scan tells neither of found nor of missing phrases, the page could not be scanned."""
    missing, found = (scan_of(said, name) for name in ("required", "forbidden"))
    return {
        "phrases_missing": None if missing is None else missing[1],
        "phrases_forbidden": None if found is None else found[0],
    }


def scan_of(said: dict[str, Any], name: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The phrases found and those not found."""
    result = dig(said, "insights", "scans", "result", name)
    found = read_texts(dig(result, "found")) or ()
    missing = read_texts(dig(result, "not_found")) or ()
    return (found, missing) if found or missing else None


def list_told(said: dict[str, Any], seen: dict[str, Any]) -> list[str]:
    """The facts that were asked for, as far as the answer shows it."""
    told = [fact for fact, names in PROPERTIES.items() if seen.keys() >= set(names)]
    if isinstance(dig(said, "match_lead", "result"), dict):
        told += ["phone_match", "email_match"]
    if isinstance(result := dig(said, "verify", "result"), dict):
        told += [fact for fact, name in VERIFIED.items() if name in result]
        told.append("wordings")
    if isinstance(scans := dig(said, "insights", "scans"), dict):
        told += [fact for fact, name in SCANNED.items() if name in scans]
    return told
