"""How a person is reached, as a lead says it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers
from phonenumbers import PhoneNumberFormat

from leads.models.lead import ERASED, Lead
from leads.pages.moments import LocalTime, local_time


@dataclass(frozen=True, slots=True)
class Contact:
    """`phone` for reading, `phone_number` in E.164 for dialling."""

    name: str
    phone: str
    phone_number: str
    phone_facts: str
    local_time: LocalTime | None
    email: str
    address: list[str]
    born: str
    gender: str


def describe_contact(lead: Lead, *, now: datetime) -> Contact:
    line = [lead.phone_line_type.capitalize(), lead.phone_carrier]
    place = " ".join(filter(None, [lead.state, lead.postal_code]))
    address = [lead.address1, lead.address2, ", ".join(filter(None, [lead.city, place]))]
    return Contact(
        name=full_name(lead),
        phone=pretty_phone(lead.phone, lead.phone_extension),
        phone_number=lead.phone,
        phone_facts=" · ".join(filter(None, line)),
        local_time=local_time(lead.phone_time_zones, now=now),
        email=lead.email,
        address=[text for text in address if text],
        born=f"{lead.birth_date} ({age(lead.birth_date, today=now.date())})" if lead.birth_date else "",
        gender=lead.gender,
    )


def full_name(lead: Lead) -> str:
    unnamed = ERASED if lead.erased_at else "No name"
    return " ".join(filter(None, [lead.first_name, lead.last_name])) or unnamed


def pretty_phone(number: str, extension: str = "") -> str:
    """`(512) 555-0123` for the stored E.164; empty for none."""
    if not number:
        return ""
    national = phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)
    return f"{national} ext. {extension}" if extension else national


def age(born: date, *, today: date) -> str:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{years} years old"
