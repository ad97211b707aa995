"""The stand-in for the certificate service, as its users meet it."""

import base64
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from time import monotonic

import pytest
from django.core.management.base import CommandError

from compliance.management.commands.trustedform_sandbox import Command
from compliance.trustedform.answers import Outcome
from compliance.trustedform.sandbox import running_sandbox
from leadping.http import HttpAnswer, fetch
from tests.unit.asking import ask_at
from tests.unit.peer import close_kept_connections, get

PERSON = b'{"match_lead": {"phone": "5555550123"}}'


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with running_sandbox() as url:
        yield url
        close_kept_connections()


def post(url: str, *, credentials: str = "API:key", body: bytes = PERSON) -> HttpAnswer:
    authorization = "Basic " + base64.b64encode(credentials.encode()).decode()
    return fetch("POST", url, headers={"Authorization": authorization}, body=body, allow_loopback=True)


def say(sandbox: str, request: bytes) -> bytes:
    """What comes back on a connection of its own until it is closed."""
    port = int(sandbox.rpartition(":")[2])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as sock:
        sock.sendall(request)
        return b"".join(iter(lambda: sock.recv(65_536), b""))


def test_it_answers_on_loopback_only(sandbox: str) -> None:
    assert sandbox.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "path", ["example", "nobody-knows-this", "error", "healthz", "phone-lookup/+15555550123"]
)
def test_every_answer_says_that_it_comes_from_the_sandbox(sandbox: str, path: str) -> None:
    assert get(f"{sandbox}/{path}").headers["Leadping-Sandbox"] == "1"
    assert post(f"{sandbox}/{path}").headers["Leadping-Sandbox"] == "1"


def test_it_says_that_it_is_healthy(sandbox: str) -> None:
    answer = get(f"{sandbox}/healthz")

    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("credentials", ["API:wrong", "API:", "key"])
def test_a_wrong_key_is_unauthorized(sandbox: str, credentials: str) -> None:
    answer = post(f"{sandbox}/example", credentials=credentials)

    assert (answer.status, json.loads(answer.body)) == (401, {"outcome": "error", "reason": "Unauthorized"})


@pytest.mark.parametrize("authorization", ["", "Bearer QVBJOmtleQ==", "Basic !!", "Basic é"])
def test_what_is_no_basic_authentication_is_unauthorized(sandbox: str, authorization: str) -> None:
    answer = fetch(
        "POST",
        f"{sandbox}/example",
        headers={"Authorization": authorization},
        body=PERSON,
        allow_loopback=True,
    )

    assert answer.status == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"{}",
        b'{"match_lead": {}}',
        b'{"match_lead": {"phone": 5}}',
        b'{"retain": {}}',
    ],
)
def test_a_request_of_another_shape_is_refused(sandbox: str, body: bytes) -> None:
    answer = post(f"{sandbox}/example", body=body)

    assert (answer.status, json.loads(answer.body)["outcome"]) == (400, "error")


def test_a_flaky_certificate_fails_the_first_time_and_is_valid_from_then_on(sandbox: str) -> None:
    outcomes = [ask_at(sandbox, name).outcome for name in ("flaky-1", "flaky-1", "flaky-2", "flaky-1")]

    assert outcomes == [Outcome.UNAVAILABLE, Outcome.VERIFIED, Outcome.UNAVAILABLE, Outcome.VERIFIED]


@pytest.mark.parametrize(
    ("certificate_id", "seconds"), [("delay-120", 0.12), ("delay-120-x", 0.12), ("slow", 1.0)]
)
def test_a_slow_certificate_answers_after_its_time(sandbox: str, certificate_id: str, seconds: float) -> None:
    answer = post(f"{sandbox}/{certificate_id}")

    assert answer.status == 200
    assert seconds <= answer.elapsed < seconds + 1


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("+15555550120", "mobile"),
        ("+15555550126", "mobile"),
        ("+15555550127", "landline"),
        ("15555550129", "voip"),
    ],
)
def test_the_last_digit_of_a_number_chooses_its_line(sandbox: str, number: str, line: str) -> None:
    answer = get(f"{sandbox}/phone-lookup/{number}")

    assert json.loads(answer.body) == {"lineType": line, "carrier": "Example Wireless"}


def test_what_is_no_number_has_no_line(sandbox: str) -> None:
    assert get(f"{sandbox}/phone-lookup/abc").status == 404


def test_hundreds_wait_at_the_same_time(sandbox: str) -> None:
    names = [f"delay-200-{number}" for number in range(300)]
    started = monotonic()
    with ThreadPoolExecutor(300) as threads:
        answers = list(threads.map(lambda name: ask_at(sandbox, name, connect_timeout=5.0), names))

    assert {answer.outcome for answer in answers} == {Outcome.VERIFIED}
    assert monotonic() - started < 10


def test_a_request_in_pieces_is_one_request(sandbox: str) -> None:
    port = int(sandbox.rpartition(":")[2])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as sock:
        for piece in (b"GET /hea", b"lthz HTTP/1.1\r\nContent-Len", b"gth: 2\r\n\r", b"\nx", b"y"):
            sock.sendall(piece)
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_requests_in_one_packet_are_answered_in_their_order(sandbox: str) -> None:
    first, last = b"GET /delay-50 HTTP/1.1\r\n\r\n", b"GET /error HTTP/1.1\r\nConnection: close\r\n\r\n"

    assert re.findall(rb"HTTP/1.1 (\d+)", say(sandbox, first + last)) == [b"200", b"500"]


@pytest.mark.parametrize("request_text", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff\xfe / x\r\n\r\n"])
def test_what_is_no_request_is_answered_like_one_for_nothing(sandbox: str, request_text: bytes) -> None:
    closing_request = request_text[:-2] + b"Connection: close\r\n\r\n"

    assert say(sandbox, closing_request).startswith((b"HTTP/1.1 4", b"HTTP/1.1 200"))


def test_a_port_that_is_taken_gives_one_sentence(sandbox: str) -> None:
    port = int(sandbox.rpartition(":")[2])

    with pytest.raises(CommandError, match=f"Port {port} cannot be used: Address already in use"):
        Command().handle(port=port)


def test_it_stops_although_someone_still_waits_for_an_answer() -> None:
    with running_sandbox() as url:
        sock = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5)
        sock.sendall(b"GET /hang HTTP/1.1\r\n\r\n")
        get(f"{url}/healthz")
    with closing(sock), suppress(ConnectionError):
        assert sock.recv(1) == b""
