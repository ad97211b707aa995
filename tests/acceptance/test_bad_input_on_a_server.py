"""Bad requests over a real web server, where what it does with them is part of the answer."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests

from leads.models import Lead, Submission
from tests.senders import JSON, Sender, flat_lead
from tests.servers import Server, database_of_this_test, running_server, talk, talk_and_hang_up
from tests.situations import SenderFactory, only_refusal


@pytest.fixture(scope="module")
def server(django_db_setup: None, sandbox_url: str) -> Iterator[Server]:
    with running_server(database_of_this_test(), TRUSTEDFORM_URL=sandbox_url) as server:
        yield server


@pytest.fixture
def far_sender() -> Sender:
    """Known to the real server, for its rows are committed."""
    sender: Sender = SenderFactory.create(waived=True)
    return sender


def chunked(sender: Sender, *chunks: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in sender.credentials.items())
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return (
        b"POST /leads/intake HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        + head.encode()
        + b"\r\n"
        + body
        + b"0\r\n\r\n"
    )


@pytest.mark.django_db(transaction=True)
class TestOverARealServer:
    """Where what the web server does with a request is part of the answer."""

    def test_a_chunked_body_is_read(self, server: Server, far_sender: Sender) -> None:
        body = json.dumps(flat_lead()).encode()
        answer = talk(server, chunked(far_sender, body[:10], body[10:]))
        assert answer.startswith(b"HTTP/1.1 201 ")
        assert Submission.objects.get().body == body.decode()

    def test_a_chunked_body_over_the_limit_is_413(self, server: Server, far_sender: Sender) -> None:
        answer = talk(server, chunked(far_sender, *[b"x" * 10_000] * 20))
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert only_refusal().http_status == 413

    def test_a_large_body_is_drained_so_that_its_sender_hears_the_answer(
        self, server: Server, far_sender: Sender
    ) -> None:
        response = requests.post(
            f"{server.address}/leads/intake",
            data=b"x" * 1_000_000,
            headers={**far_sender.credentials, "Content-Type": JSON},
            timeout=30,
        )
        assert (response.status_code, response.json()["code"]) == (413, "body_too_large")

    def test_a_body_without_a_length_is_an_empty_one(self, server: Server, far_sender: Sender) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in far_sender.credentials.items())
        answer = talk(
            server,
            f"POST /leads/intake HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n".encode(),
        )
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert codes_in(answer) == ["json_malformed"]

    @pytest.mark.parametrize("length", [8_001, 8_100])
    def test_an_address_over_our_limit_is_414_and_on_record(
        self, server: Server, far_sender: Sender, length: int
    ) -> None:
        query = urlencode(flat_lead(city="")).ljust(length, "x")
        response = requests.get(
            f"{server.address}/leads/intake?{query}", headers=far_sender.credentials, timeout=30
        )
        assert (response.status_code, response.json()["code"]) == (414, "address_too_long")
        only_refusal()

    def test_an_address_over_the_web_servers_limit_is_414_too(
        self, server: Server, far_sender: Sender
    ) -> None:
        response = requests.get(
            f"{server.address}/leads/intake?city={'x' * 9_000}", headers=far_sender.credentials, timeout=30
        )
        assert response.status_code == 414

    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
    def test_head_and_options_create_nothing(self, server: Server, far_sender: Sender, method: str) -> None:
        requests.request(
            method,
            f"{server.address}/leads/intake?{urlencode(flat_lead())}",
            headers=far_sender.credentials,
            timeout=30,
        )
        assert not Submission.objects.exists()
        assert not Lead.objects.exists()

    def test_chunks_that_make_no_sense_are_400_and_leave_a_submission(
        self, server: Server, far_sender: Sender
    ) -> None:
        sent = chunked(far_sender).replace(b"0\r\n\r\n", b"zz\r\n\r\n")
        assert talk(server, sent).startswith(b"HTTP/1.1 400 ")
        assert only_refusal().codes == ["body_broken"]

    def test_a_body_that_ends_early_makes_no_lead(self, server: Server, far_sender: Sender) -> None:
        """Its first half may be a whole lead by itself."""
        head = "".join(f"{name}: {value}\r\n" for name, value in far_sender.credentials.items())
        sent = (
            "POST /leads/intake HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 300\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n{head}\r\nphone=5125559911&firstName=Jord"
        )
        talk_and_hang_up(server, sent.encode())
        assert (Lead.objects.count(), only_refusal().codes) == (0, ["body_broken"])

    @pytest.mark.parametrize(
        ("line", "status"),
        [
            (b"GET /leads/intake?city=San Antonio&apiKey=SECRET HTTP/1.1\r\nHost: localhost", b"400"),
            (b"GET / HTTP/1.1\r\nX-Leadping-Source-Key SECRET", b"400"),
            (b"GET /?" + b"a" * 9000 + b"&apiKey=SECRET HTTP/1.1\r\nHost: localhost", b"414"),
        ],
        ids=["a space in the address", "a header without its colon", "a long address"],
    )
    def test_what_the_web_server_cannot_read_is_not_repeated_to_its_sender(
        self, server: Server, line: bytes, status: bytes
    ) -> None:
        answer = talk(server, line + b"\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert (b"application/problem+json" in answer, b"SECRET" in answer) == (True, False)

    @pytest.mark.parametrize("host", ["evil.example", "localhost"])
    def test_a_strange_host_or_content_type_gets_a_problem(self, server: Server, host: str) -> None:
        sent = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
        answer = talk(server, sent.encode() + b"Content-Type: a/b; charset*=bogus''%41\r\n\r\n")
        assert answer.split(b" ")[1] == (b"200" if host == "localhost" else b"400")


def codes_in(answer: bytes) -> list[str]:
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    return [error["code"] for error in body["errors"]]
