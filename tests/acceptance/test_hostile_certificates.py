"""Whatever a sender writes as the certificate's URL, no connection is opened anywhere but to the one host
that is allowed. Counted at the sockets of this process, through the real door."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Response

from leadping import http
from tests.hostile import HEX, REAL, Trap, hostile_urls, odd_urls, trapping, watching
from tests.senders import Sender, certificate, flat_lead
from tests.unit.peer import close_kept_connections

# What DNS might say of the allowed host once it is in the wrong hands.
INSIDE = (
    *("127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
)


@pytest.fixture
def trap() -> Iterator[Trap]:
    with trapping() as found:
        yield found


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No name is remembered, and no connection kept, from one test to the next."""
    http.look_up.cache_clear()
    close_kept_connections()
    yield
    http.look_up.cache_clear()
    close_kept_connections()


def address_of(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
    return host, int(port)


def test_at_least_300_hostile_urls_open_no_connection_at_all(
    sender: Sender, sandbox: str, trap: Trap
) -> None:
    urls = hostile_urls(trap.address)
    assert len(urls) >= 300
    taken = []
    with watching() as watch:
        for url in urls:
            response = sender.post(flat_lead(trustedFormUrl=url))
            told = {error["code"] for error in response.json().get("errors", [])}
            if response.status_code != 400 or not told:
                taken.append(url)
    assert taken == []
    assert (watch.connected, watch.looked_up, trap.caught()) == ([], [], False)


def test_odd_but_honest_urls_are_asked_about_at_the_allowed_host_alone(
    sender: Sender, sandbox: str, trap: Trap
) -> None:
    with watching() as watch:
        statuses = {url: sender.post(flat_lead(trustedFormUrl=url)).status_code for url in odd_urls()}
    assert set(statuses.values()) == {201}, statuses
    assert set(watch.connected) == {address_of(sandbox)}
    assert set(watch.looked_up) == {"127.0.0.1"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("key", ["key", ""])
def test_a_redirect_of_the_service_itself_leads_nowhere(
    sender: Sender,
    sandbox: str,
    settings: Settings,
    httpserver: HTTPServer,
    trap: Trap,
    status: int,
    key: str,
) -> None:
    settings.TRUSTEDFORM_URL, settings.TRUSTEDFORM_API_KEY = httpserver.url_for("").rstrip("/"), key
    location = f"http://{trap.address}/{HEX}"
    httpserver.expect_request(f"/{HEX}").respond_with_response(Response("", status, {"Location": location}))
    with watching() as watch:
        body = sender.post(flat_lead(trustedFormUrl=f"https://{REAL}/{HEX}")).json()
    assert (body["status"], body["trustedForm"]["outcome"]) == ("audit", "pending")
    assert {port for _, port, *_ in watch.connected} == {httpserver.port}
    assert not trap.caught()


@pytest.mark.parametrize("address", INSIDE)
def test_where_dns_points_inside_nobody_is_called(
    sender: Sender, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.TRUSTEDFORM_URL, settings.TRUSTEDFORM_API_KEY = f"https://{REAL}", "key"
    settings.ALLOW_TRUSTEDFORM_SANDBOX = False
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **kind: real(address, *rest, **kind))
    with watching() as watch:
        body = sender.post(flat_lead(trustedFormUrl=certificate())).json()
    assert (body["status"], body["trustedForm"]["outcome"]) == ("audit", "pending")
    assert watch.connected == []


def test_a_name_that_changes_its_mind_is_called_only_where_it_was_looked_at(
    sender: Sender, sandbox: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = address_of(sandbox)[1]
    settings.TRUSTEDFORM_URL = f"http://rebinding.example:{port}"
    answers, real = ["127.0.0.1", *["10.0.0.1"] * 20], socket.getaddrinfo

    def look_up(_: str, *rest: Any, **kind: Any) -> Any:
        return real(answers.pop(0), *rest, **kind)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with watching() as watch:
        for _ in range(5):
            sender.post(flat_lead(trustedFormUrl=certificate()))
            close_kept_connections()
            http.look_up.cache_clear()
    assert set(watch.connected) == {("127.0.0.1", port)}
    assert len(answers) < 20
