"""Whom a letter goes to."""

import pytest

from sources.letters import find_addresses


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("", []),
        ("Ada, +1 512 555 0100", []),
        ("ada@example.com", ["ada@example.com"]),
        ("Ada Example <ada@example.com>, +1 512 555 0100", ["ada@example.com"]),
        ("mailto:ada@example.com.", ["ada@example.com"]),
        ("a@example.com; b@example.com / a@example.com", ["a@example.com", "b@example.com"]),
        ("a@x.com b@x.com c@x.com d@x.com", ["a@x.com", "b@x.com", "c@x.com"]),
        ("ada@", []),
        ("@example.com", []),
        ("ada@example.com\r\nBcc: eve@example.com", ["ada@example.com", "eve@example.com"]),
        ("ada@exa mple", []),
        ("=ada@example.com\x00", []),
    ],
)
def test_the_addresses_in_a_contact_are_written_to(contact: str, found: list[str]) -> None:
    assert find_addresses(contact) == found
