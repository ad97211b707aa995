"""Whose certificate it is: each of phone and email on its own. Pure."""

from typing import NamedTuple

from compliance.checks.check import Check, Evidence, Finding, bad, for_a_person, good, unknown

OWN = "Send the certificate of this lead, made in the form into which the person typed what you send."


class Contact(NamedTuple):
    """`absent` is the code where the certificate has none to compare with."""

    name: str
    absent: str


PHONE = Contact("phone number", "certificate_phone_absent")
EMAIL = Contact("email address", "certificate_email_absent")
# Faults that are found beside those of the checks themselves.
ABSENT = (PHONE.absent, EMAIL.absent)


def find_phone(seen: Evidence) -> Finding:
    return find_match(seen, seen.facts.phone_match, seen.claim.phone, PHONE)


def find_email(seen: Evidence) -> Finding:
    return find_match(seen, seen.facts.email_match, seen.claim.email, EMAIL)


def find_match(seen: Evidence, match: bool | None, claimed: str, what: Contact) -> Finding:
    """A demand that nothing meets is not met. But where none was recorded to compare with, which the vendor
    tells as null, and for some pages as false, there is no other person either."""
    if not claimed:
        return bad(f"The lead has no {what.name} that the certificate could show.")
    if not seen.facts.comparable:
        return unknown(f"whether the {what.name} matches", "It was compared with nobody.")
    if match is None:
        return for_a_person(
            what.absent,
            f"The certificate has no {what.name} to compare with: the form recorded none, or TrustedForm did "
            "not compare it.",
        )
    if match:
        return good(f"The lead's {what.name} was entered in the form that the certificate shows.")
    return bad(f"The lead's {what.name} is not shown to have been entered in the form.")


CHECKS = (
    Check("certificate_phone_mismatch", ("phone_match",), find_phone, OWN, field="phone"),
    Check("certificate_email_mismatch", ("email_match",), find_email, OWN, field="email"),
)
