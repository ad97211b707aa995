"""Whose request it is, behind proxies or not."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from leadping import middleware
from leadping.middleware import client_ip


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "PROXIES", [ip_network("10.0.0.0/8"), ip_network("::1")])


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return client_ip(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


def test_without_a_proxy_the_header_is_anybodys_claim() -> None:
    assert address("198.51.100.1", "203.0.113.7") == "198.51.100.1"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),
    ],
)
def test_only_what_a_trusted_proxy_appended_is_believed(
    remote: str, forwarded: str | None, found: str
) -> None:
    assert address(remote, forwarded) == found


def test_a_connection_without_an_address_is_local() -> None:
    assert address("") == "127.0.0.1"
