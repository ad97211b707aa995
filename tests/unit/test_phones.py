"""Phone numbers as senders write them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.timezone import time_zones_for_number

from leads.intake.payload.phones import MOST_ZONES, REGIONS, USUAL, Phone, PhoneFault, parse, read_phone

AUSTIN = Phone("+15125550123", region="US")


@pytest.mark.parametrize(
    "written",
    [
        "+15125550123",
        "15125550123",
        "5125550123",
        "(512) 555-0123",
        "512.555.0123",
        "512-555-0123",
        "+1 512 555 0123",
        "1-512-555-0123",
        "tel:+1-512-555-0123",
        "\uff15\uff11\uff12\uff15\uff15\uff15\uff10\uff11\uff12\uff13",
    ],
)
def test_one_number_is_read_however_it_is_written(written: str) -> None:
    assert read_phone(written) == AUSTIN


def test_the_number_of_the_samples_passes_though_its_region_is_unknown() -> None:
    assert read_phone("+15555550123") == Phone("+15555550123")


@pytest.mark.parametrize("written", ["512-555-0123 x45", "512-555-0123 ext. 45", "+15125550123;ext=45"])
def test_an_extension_is_kept_apart(written: str) -> None:
    assert read_phone(written) == Phone("+15125550123", "45", "US")


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("+17872345678", "PR"),
        ("+13403456789", "VI"),
        ("+16712345678", "GU"),
        ("+16842345678", "AS"),
        ("+16702345678", "MP"),
    ],
)
def test_the_territories_are_taken(written: str, region: str) -> None:
    reading = read_phone(written)
    assert isinstance(reading, Phone)
    assert (reading.number, reading.region) == (written, region)


def test_a_number_has_the_time_zone_of_its_area() -> None:
    reading = read_phone("512-555-0123")
    assert isinstance(reading, Phone)
    assert reading.time_zones == ("America/Chicago",)


def test_a_toll_free_number_has_no_time_zone_of_its_own() -> None:
    reading = read_phone("+18005550199")
    assert isinstance(reading, Phone)
    assert reading.time_zones == ()


@pytest.mark.parametrize(
    "written",
    ["+14165550123", "416-555-0123", "+18765550123", "+18095550123", "+442079460018", "+33123456789"],
)
def test_numbers_of_other_countries_are_not_taken(written: str) -> None:
    reading = read_phone(written)
    assert isinstance(reading, PhoneFault)
    assert reading.code == "phone_not_us"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("555-01", "The phone number has too few digits."),
        ("5550123", "The phone number lacks its area code."),
        ("+151255501234", "The phone number has too many digits."),
        ("+9995550123", "This is not a phone number."),
        ("none", "This is not a phone number."),
        ("", "This is not a phone number."),
        ("1" * 300, "This is not a phone number."),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_a_reason(written: str, message: str) -> None:
    reading = read_phone(written)
    assert isinstance(reading, PhoneFault)
    assert (reading.code, reading.message) == ("phone_invalid", message)


@given(st.text() | st.text("+0123456789 ()-.xX;ext=,#*", max_size=40))
def test_no_text_makes_it_raise(text: str) -> None:
    reading = read_phone(text)
    assert isinstance(reading, Phone | PhoneFault)


@given(st.from_regex(USUAL, fullmatch=True))
def test_the_usual_notation_is_read_as_the_library_reads_any(text: str) -> None:
    assert parse(text) == phonenumbers.parse(text, "US")


@given(st.from_regex(USUAL, fullmatch=True))
def test_the_usual_notation_has_the_region_and_the_zones_that_the_library_finds(text: str) -> None:
    number = phonenumbers.parse(text, "US")
    region = phonenumbers.region_code_for_number(number)
    zones = tuple(zone for zone in time_zones_for_number(number) if zone != "Etc/Unknown")
    reading = read_phone(text)
    assert phonenumbers.is_possible_number(number)
    if isinstance(reading, Phone):
        assert (reading.region, reading.extension) == (region or "", "")
        assert reading.number == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert reading.time_zones == (zones if len(zones) <= MOST_ZONES else ())
    else:
        assert region not in REGIONS
