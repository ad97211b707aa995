"""Whom a request is about, and how their traces are recognised in texts of any encoding. Pure."""

import re
from dataclasses import dataclass

from django.db.models import Q

from leadping.contact_hash import contact_hash, contact_hashes
from leadping.verbs import VerbError
from leads.intake.payload.phones import PhoneFault, read_phone

# What may stand between the digits of a phone as people and forms write it.
BETWEEN = r"(?:%[0-9a-f]{2}|\\u[0-9a-f]{4}|[^0-9a-z\"]){0,4}"
COUNTRY = "+1"
# Digits and letters are seldom encoded, for they need not be.
ENCODED_DIGITS = r"%3[0-9]|\\u003"
ENCODED_LETTERS = r"%[46][1-9a-fA-F]|%[57][0-9aA]|\\u00[4-7]"


class UnknownPersonError(VerbError):
    """The message says to a person what is wrong with the phone or the email."""


@dataclass(frozen=True, slots=True)
class Person:
    """Known by phone (E.164), email (lower case) or both; whoever has either is meant."""

    phone: str = ""
    email: str = ""

    @property
    def hashes(self) -> list[bytes]:
        """As they are kept."""
        return [contact_hash(kind, value) for kind, value in self.known]  # type: ignore[arg-type]

    @property
    def every_hash(self) -> list[bytes]:
        """As they may have been kept, under keys of before too."""
        return [one for kind, value in self.known for one in contact_hashes(kind, value)]  # type: ignore[arg-type]

    @property
    def known(self) -> list[tuple[str, str]]:
        pairs = [("phone", self.phone), ("email", self.email)]
        return [(kind, value) for kind, value in pairs if value]

    @property
    def lead_rule(self) -> Q:
        """Their leads, by the indexes of both columns."""
        rule = Q(phone=self.phone) & ~Q(phone="") if self.phone else Q()
        return rule | (Q(email_key=self.email) & ~Q(email_key="")) if self.email else rule

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL's, to be compared regardless of case."""
        return "|".join(write_pattern(kind, value) for kind, value in self.known)

    def said_in(self, column: str) -> Q:
        """The rows whose text names them. The pattern is slow, so it is only tried where a part of the phone
        or the email stands as it is, or where signs are encoded."""
        rule = Q()
        for kind, value in self.known:
            part, encoded = (
                (value[-4:], ENCODED_DIGITS) if kind == "phone" else (longest(value), ENCODED_LETTERS)
            )
            near = Q((f"{column}__icontains", part)) | Q((f"{column}__regex", encoded))
            rule |= near & Q((f"{column}__iregex", write_pattern(kind, value)))
        return rule

    def __str__(self) -> str:
        return " · ".join(value for _, value in self.known)


def read_person(phone: str, email: str) -> Person:
    """Raises UnknownPersonError."""
    if "\0" in phone + email:
        raise UnknownPersonError("A phone or an email has no such characters.")
    number = ""
    if phone.strip():
        reading = read_phone(phone)
        if isinstance(reading, PhoneFault):
            raise UnknownPersonError(f"{reading.message} {reading.hint}")
        number = reading.number
    address = email.strip().lower()
    if address and not re.fullmatch(r"[^\s@]{1,100}@[^\s@]{1,200}", address):
        raise UnknownPersonError("This is not an email address.")
    if not number and not address:
        raise UnknownPersonError("Give a phone, an email, or both.")
    return Person(number, address)


def longest(address: str) -> str:
    """The longest part of an address that no form encodes."""
    return max(re.split(r"[^a-z0-9]", address), key=len)


def write_pattern(kind: str, value: str) -> str:
    return phone_pattern(value) if kind == "phone" else email_pattern(value)


def phone_pattern(number: str) -> str:
    """With or without the country's code, however it is divided; not as a part of a longer number."""
    digits = number.removeprefix(COUNTRY).lstrip("+")
    spelled = BETWEEN.join(f"(?:{digit}|%3{digit}|\\\\u003{digit})" for digit in digits)
    return f"(?:^|[^0-9]|(?:^|[^0-9])1|%2b1|\\\\u002b1){BETWEEN}{spelled}(?![0-9])"


def email_pattern(address: str) -> str:
    """Each sign as it is, percent-encoded or escaped for JSON; not as a part of a longer address."""
    before = r"(?:^|[^a-z0-9._+-]|%(?!2[bde]|5f)[0-9a-f]{2}|\\u(?!002[bde]|005f)[0-9a-f]{4})"
    return before + "".join(map(spell_sign, address)) + r"(?!\.?[a-z0-9-])"


def spell_sign(sign: str) -> str:
    code = ord(sign)
    ways = [re.escape(sign), *([rf"\\u{code:04x}"] if code < 0x10000 else [])]
    return f"(?:{'|'.join([*ways, percent(sign)])})"


def percent(sign: str) -> str:
    return "".join(f"%{byte:02x}" for byte in sign.encode())
