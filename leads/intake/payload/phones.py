"""Phone numbers as senders write them, read by Google's metadata (`phonenumbers`)."""

import re
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult, timezone

UNITED_STATES = 1
# The United States and the territories that share its country code.
REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "UM"})
# A toll-free number belongs to every zone of the country code; that many zones say nothing.
MOST_ZONES = 6

# Ten digits or E.164, of a number as the United States write them.
USUAL = re.compile(r"(?:\+1)?([2-9][0-9]{9})")

# What the library tries in turn, for a number of ten digits, before it takes it for one of a place.
UNPLACED = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


def pattern_of_places() -> re.Pattern[str]:
    """The national numbers of places in the United States, which nearly all phones are: one look for what the
    library finds out in a dozen, each time that it is asked for the region or the time zones."""
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region("US")
    assert metadata.same_mobile_and_fixed_line_pattern
    unplaced = filter(None, (getattr(metadata, name) for name in UNPLACED))
    others = "|".join(kind.national_number_pattern for kind in unplaced if kind.national_number_pattern)
    return re.compile(f"(?!(?:{others})$)(?=[0-9]{{10}}$)(?:{metadata.fixed_line.national_number_pattern})")


OF_A_PLACE = pattern_of_places()

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


def read_phone(text: str) -> Phone | PhoneFault:
    try:
        number = parse(text)
    except phonenumbers.NumberParseException:
        return PhoneFault(NOT_A_PHONE, "This is not a phone number.", HINT)
    if is_of_a_place(number):
        return Phone(f"+1{number.national_number}", number.extension or "", "US", number)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        return PhoneFault(NOT_A_PHONE, REASONS[reason], HINT)
    region = phonenumbers.region_code_for_number(number)
    if number.country_code != UNITED_STATES or (region and region not in REGIONS):
        return PhoneFault(NOT_US, "The phone number is not a U.S. number.", "Only U.S. numbers are taken.")
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        number.extension or "",
        region or "",
        number,
    )


def is_of_a_place(number: phonenumbers.PhoneNumber) -> bool:
    return (
        number.country_code == UNITED_STATES
        and not number.italian_leading_zero
        and OF_A_PLACE.fullmatch(str(number.national_number)) is not None
    )


def time_zones(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    if is_of_a_place(number):
        zones = timezone.time_zones_for_geographical_number(number)
    else:
        zones = timezone.time_zones_for_number(number)
    known = tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)
    return known if len(known) <= MOST_ZONES else ()
