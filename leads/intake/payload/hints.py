"""What a sender may have meant by a field that we do not know."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from compliance.evidence.registry import suggest_name
from compliance.trustedform.url import looks_like_certificate
from leadping.verdicts import Effect, Verdict, failed

# Names that other systems use, without case and separators.
ALIASES = {
    "fname": "first_name",
    "lname": "last_name",
    "mail": "email",
    "emailaddress": "email",
    "mobile": "phone",
    "phone1": "phone",
    "phonenumber": "phone",
    "telephone": "phone",
    "street": "address1",
    "address": "address1",
    "postal": "postal_code",
    "postalcode": "postal_code",
    "zip": "postal_code",
    "zipcode": "postal_code",
    "dob": "birth_date",
    "dateofbirth": "birth_date",
    "ip": "ip_address",
    "useragent": "user_agent",
    "leadid": "external_id",
    "cost": "price",
    "tags": "source_metadata",
}


def unknown_field(path: str, meant: str | None) -> Verdict:
    """A warning, with the documented path that was probably `meant`."""
    return failed(
        "field_unknown",
        f"“{path}” is not a field of this endpoint; it was kept, but not used.",
        field=path,
        hint=f"Did you mean {meant}?" if meant else None,
        effect=Effect.WARN,
    )


def guess(path: str, value: Any, paths: Mapping[str, str]) -> str | None:
    """The documented path that is nearest, if any is near. A certificate under another name is only ever a
    hint: taking it would hide a broken integration until its next change."""
    name = path.rpartition(".")[2]
    if looks_like_certificate(name, value):
        return paths["trusted_form_url"]
    if meant := suggest_name(name, value):
        return meant
    key = squeeze(name)
    known = {squeeze(field): path for field, path in paths.items()}
    if key in known:
        return known[key]
    if key in ALIASES:
        return paths[ALIASES[key]]
    near = get_close_matches(key, known, n=1, cutoff=0.8)
    return known[near[0]] if near else None


def squeeze(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
