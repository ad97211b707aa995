"""A person is recognised in whatever encoding a request came, and taken for nobody else."""

import json
import re
from urllib.parse import quote, quote_plus

import pytest

from leads.retention.people import Person, UnknownPersonError, read_person


def matches(text: str, person: Person) -> bool:
    return re.search(person.pattern, text, re.IGNORECASE) is not None


@pytest.mark.parametrize(
    "text",
    [
        '{"phone": "+15125550123"}',
        '{"phone": 5125550123}',
        '{"phone": "1 (512) 555-0123"}',
        f"phone={quote('(512) 555-0123')}",
        f"phone={quote_plus('+1 512.555.0123')}&state=TX",
        '{"phone": "\\u002b1\\u0035125550123"}',
        "Call from you on 512-555-0123, says she.",
    ],
)
def test_a_phone_is_found_in_every_writing(text: str) -> None:
    assert matches(text, read_person("(512) 555-0123", ""))


@pytest.mark.parametrize(
    "text", ["955125550123", "51255501234", "512555012", "5125550124", "lead_5125550a23"]
)
def test_another_number_is_not_the_phone(text: str) -> None:
    assert not matches(text, read_person("5125550123", ""))


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "Jordan+Quote@Example.com"}',
        f"email={quote('jordan+quote@example.com')}&x=1",
        json.dumps({"email": "jordan+quote@example.com"}).replace("@", "\\u0040"),
        "Write to jordan+quote@example.com.",
    ],
)
def test_an_email_is_found_in_every_encoding(text: str) -> None:
    assert matches(text, read_person("", " Jordan+quote@example.com"))


@pytest.mark.parametrize(
    "text",
    ["ajordan@example.com", "x.jordan@example.com", "x%2Bjordan%40example.com", "jordan@example.com.au"],
)
def test_a_longer_address_is_somebody_elses(text: str) -> None:
    assert not matches(text, read_person("", "jordan@example.com"))


@pytest.mark.parametrize(
    ("phone", "email"), [("", ""), ("12", ""), ("", "nobody"), ("+442079460000", ""), ("\0", "")]
)
def test_what_names_nobody_is_said(phone: str, email: str) -> None:
    with pytest.raises(UnknownPersonError):
        read_person(phone, email)
