"""Whose certificate it is: each of phone and email on its own. Pure."""

from compliance.checks.check import Check, Evidence, Finding, bad, good, unknown

OWN = "Send the certificate of this lead, made in the form into which the person typed what you send."


def find_phone(seen: Evidence) -> Finding:
    return find_match(seen, seen.facts.phone_match, seen.claim.phone, "phone number")


def find_email(seen: Evidence) -> Finding:
    return find_match(seen, seen.facts.email_match, seen.claim.email, "email address")


def find_match(seen: Evidence, match: bool | None, claimed: str, what: str) -> Finding:
    """A demand that nothing meets is not met: neither by a lead that has none, nor by a form into which none
    was typed, for which the vendor tells null as well as false."""
    if not claimed:
        return bad(f"The lead has no {what} that the certificate could show.")
    if not seen.facts.comparable:
        return unknown(f"whether the {what} matches", "It was compared with nobody.")
    if match:
        return good(f"The lead's {what} was entered in the form that the certificate shows.")
    return bad(f"The lead's {what} is not shown to have been entered in the form.")


CHECKS = (
    Check("certificate_phone_mismatch", ("phone_match",), find_phone, OWN, field="phone"),
    Check("certificate_email_mismatch", ("email_match",), find_email, OWN, field="email"),
)
