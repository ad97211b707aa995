"""The one form in which contacts are suppressed and looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.suppression.contacts import ContactFault, ContactPoint, contacts_of, read_contact, read_phone
from leads.intake.payload.phones import Phone
from leads.intake.payload.phones import read_phone as read_at_the_doors

PHONE = ContactPoint("phone", "+15125550123")


@pytest.mark.parametrize(
    "text",
    [
        *("+15125550123", "5125550123", "(512) 555-0123", "1-512-555-0123", " 512.555.0123 "),
        "512 555 0123 ext. 4",
    ],
)
def test_a_phone_is_the_same_in_any_notation(text: str) -> None:
    assert read_contact(text) == PHONE


def test_a_foreign_phone_can_be_suppressed_too() -> None:
    assert read_contact("+44 20 7946 0018").value == "+442079460018"


@pytest.mark.parametrize("text", ["Jordan@Example.COM", " jordan@example.com\n"])
def test_an_email_is_the_same_in_any_case(text: str) -> None:
    assert read_contact(text) == ContactPoint("email", "jordan@example.com")


@pytest.mark.parametrize(
    "text", ["", " ", "12", "jordan", "@", "a@b", "\x00", "+1512555012345678", "j o@example.com", "=1+1"]
)
def test_what_is_neither_is_told_so(text: str) -> None:
    with pytest.raises(ContactFault, match=r"neither|not a phone|not an email"):
        read_contact(text)


@given(st.from_regex(r"\+?1?[ (-]{0,2}[2-9][0-9]{2}[ )-]{0,2}[2-9][0-9]{2}[ .-]?[0-9]{4}", fullmatch=True))
def test_it_reads_a_phone_as_the_doors_do(text: str) -> None:
    at_the_doors = read_at_the_doors(text)
    if isinstance(at_the_doors, Phone):
        assert read_phone(text).value == at_the_doors.number


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        contact = read_contact(text)
    except ContactFault:
        return
    assert read_contact(contact.value) == contact


def test_of_a_lead_it_takes_what_there_is() -> None:
    assert contacts_of("", "") == []
    assert contacts_of("+15125550123", "A@b.example") == [PHONE, ContactPoint("email", "a@b.example")]
