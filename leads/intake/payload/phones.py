"""Phone numbers as senders write them, read by Google's metadata (`phonenumbers`)."""

import re
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult, timezone

UNITED_STATES = 1
# The United States and the territories that share its country code.
REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "UM"})
# A toll-free number belongs to every zone of the country code; that many zones say nothing.
MOST_ZONES = 6

# Ten digits or E.164, of a number as the United States write them.
USUAL = re.compile(r"(?:\+1)?([2-9][0-9]{9})")

NOT_A_PHONE = "phone_invalid"
NOT_US = "phone_not_us"


@dataclass(frozen=True, slots=True)
class Phone:
    """A possible U.S. number in E.164, its extension apart. An unknown region is empty."""

    number: str
    extension: str = ""
    region: str = ""
    parsed: phonenumbers.PhoneNumber | None = field(default=None, compare=False, repr=False)

    @property
    def time_zones(self) -> tuple[str, ...]:
        """Found when asked for: it takes as long as reading the number, and only a stored lead needs it."""
        return time_zones(self.parsed) if self.parsed else ()


@dataclass(frozen=True, slots=True)
class PhoneFault:
    code: str
    message: str
    hint: str


REASONS = {
    ValidationResult.TOO_SHORT: "The phone number has too few digits.",
    ValidationResult.TOO_LONG: "The phone number has too many digits.",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "The phone number lacks its area code.",
    ValidationResult.INVALID_COUNTRY_CODE: "The phone number's country code does not exist.",
    ValidationResult.INVALID_LENGTH: "The phone number has the wrong number of digits.",
}
HINT = "Send ten digits or E.164, for example +15125550123."


def parse(text: str) -> phonenumbers.PhoneNumber:
    """As `phonenumbers.parse` does; the notation that we ask for takes it a tenth of the intake's work."""
    if usual := USUAL.fullmatch(text):
        return phonenumbers.PhoneNumber(country_code=UNITED_STATES, national_number=int(usual[1]))
    return phonenumbers.parse(text, "US")


def is_usual(number: phonenumbers.PhoneNumber) -> bool:
    """Ten digits without anything else, of which the library would have to look up what to say."""
    return (
        number.country_code == UNITED_STATES
        and 2 * 10**9 <= (number.national_number or 0) < 10**10
        and not number.italian_leading_zero
    )


def read_phone(text: str) -> Phone | PhoneFault:
    try:
        number = parse(text)
    except phonenumbers.NumberParseException:
        return PhoneFault(NOT_A_PHONE, "This is not a phone number.", HINT)
    usual = is_usual(number)
    reason = ValidationResult.IS_POSSIBLE if usual else phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        return PhoneFault(NOT_A_PHONE, REASONS[reason], HINT)
    region = phonenumbers.region_code_for_number(number)
    if number.country_code != UNITED_STATES or (region and region not in REGIONS):
        return PhoneFault(NOT_US, "The phone number is not a U.S. number.", "Only U.S. numbers are taken.")
    return Phone(
        f"+{UNITED_STATES}{number.national_number}"
        if usual
        else phonenumbers.format_number(number, PhoneNumberFormat.E164),
        number.extension or "",
        region or "",
        number,
    )


def time_zones(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    zones = timezone.time_zones_for_number(number)
    known = tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)
    return known if len(known) <= MOST_ZONES else ()
