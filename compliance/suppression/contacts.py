"""The one form in which a phone or an email is suppressed and looked for, however somebody wrote it. Pure."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumbers import PhoneNumberFormat

from leadping.contact_hash import Kind, contact_hash, contact_hashes

# A number of the North American plan without anything else.
USUAL_PHONE = re.compile(r"(?:\+?1)?([2-9][0-9]{9})")
LONGEST = 320
NOT_A_PHONE = "This is not a phone number; write ten digits, or E.164 such as +15125550123."
NOT_AN_EMAIL = "This is not an email address; an example is jordan@example.com."
NEITHER = "This is neither a phone number nor an email address; examples are +15125550123 and jo@example.com."


class ContactFault(ValueError):  # noqa: N818 (told to a person)
    """The message says what is wrong with what was written."""


@dataclass(frozen=True, slots=True, order=True)
class ContactPoint:
    """`value` is a phone in E.164 or an email in lower case."""

    kind: Kind
    value: str

    @property
    def hash(self) -> bytes:
        return contact_hash(self.kind, self.value)

    @property
    def hashes(self) -> list[bytes]:
        """Under every key that may have been in use."""
        return contact_hashes(self.kind, self.value)


def read_phone(text: str) -> ContactPoint:
    """Of any country: whoever asks us to stop need not be somebody whose leads we take.

    Raises ContactFault.
    """
    if usual := USUAL_PHONE.fullmatch(text):
        # Nearly all of a long file; the library takes a hundred times as long to say the same.
        return ContactPoint("phone", f"+1{usual[1]}")
    try:
        number = phonenumbers.parse(text.strip(), "US")
    except phonenumbers.NumberParseException as error:
        raise ContactFault(NOT_A_PHONE) from error
    if not phonenumbers.is_possible_number(number):
        raise ContactFault(NOT_A_PHONE)
    return ContactPoint("phone", phonenumbers.format_number(number, PhoneNumberFormat.E164))


def read_email(text: str) -> ContactPoint:
    """Raises ContactFault."""
    address = unicodedata.normalize("NFC", text.strip())
    try:
        validate_email(address)
    except ValidationError as error:
        raise ContactFault(NOT_AN_EMAIL) from error
    address = address.lower()
    if len(address) > LONGEST:
        raise ContactFault(NOT_AN_EMAIL)
    return ContactPoint("email", address)


def read_contact(text: str) -> ContactPoint:
    """Whichever of the two it is. Raises ContactFault."""
    if "@" in text:
        return read_email(text)
    if not re.search(r"\d", text):
        raise ContactFault(NEITHER)
    return read_phone(text)


def contacts_of(phone: str, email: str) -> list[ContactPoint]:
    """Of a lead, whose values were read when it came."""
    given: list[tuple[Kind, str]] = [("phone", phone), ("email", email.lower())]
    return [ContactPoint(kind, value) for kind, value in given if value]
