"""The one door out: answers and failures, over real sockets."""

import gzip
import socket
import struct
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from leadping import http
from tests.unit.peer import OK, Peer, answering, get, get_failure, treating


def test_an_answer_has_status_headers_body_and_host() -> None:
    with answering(b"HTTP/1.1 404 Not Found\r\nX-Sort: none\r\nContent-Length: 4\r\n\r\ngone") as peer:
        answer = get(peer.url)

    assert (answer.status, answer.body, answer.host) == (404, b"gone", "127.0.0.1")
    assert answer.headers["x-sort"] == "none"
    assert 0 < answer.elapsed < 2


def test_the_request_carries_path_query_and_headers() -> None:
    with answering(OK) as peer:
        get(f"{peer.url}/a?b=c#d", headers={"X-Key": "k"})

    lines = peer.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /a?b=c HTTP/1.1"
    assert {f"Host: {peer.url[7:]}", "User-Agent: leadping", "X-Key: k"} <= set(lines)


@pytest.mark.parametrize("head", ["302 Found\r\nLocation: /elsewhere", "503 Busy\r\nRetry-After: 0"])
def test_nothing_is_followed_and_nothing_asked_twice(head: str) -> None:
    with answering(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode()) as peer:
        answer = get(peer.url)

    assert answer.status == int(head[:3])
    assert len(peer.requests) == 1


TEN_BYTES = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("reply", TEN_BYTES)
def test_a_body_up_to_the_cap_is_taken_whole(reply: bytes) -> None:
    with answering(reply) as peer:
        assert get(peer.url, max_bytes=10).body == b"0123456789"


@pytest.mark.parametrize("reply", TEN_BYTES)
def test_a_body_over_the_cap_is_a_failure_that_does_not_pass(reply: bytes) -> None:
    with answering(reply) as peer:
        failure = get_failure(peer.url, max_bytes=9)

    assert (str(failure), failure.temporary) == ("127.0.0.1 answered with more than 9 bytes.", False)


def test_an_endless_body_is_read_no_further_than_the_cap() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 1000] * 1000) as peer:
        assert "more than 5000 bytes" in str(get_failure(peer.url, max_bytes=5000))


def test_a_compressed_body_is_not_inflated() -> None:
    bomb = gzip.compress(b"x" * 100_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    with answering(head.encode() + bomb) as peer:
        assert get(peer.url, max_bytes=1000).body == bomb


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk",
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=["nothing", "truncated", "bad chunk", "negative chunk", "two lengths", "no HTTP", "too many headers"],
)
def test_a_broken_answer_is_a_temporary_failure(reply: bytes) -> None:
    with answering(reply, close=True) as peer:
        failure = get_failure(peer.url)

    assert (str(failure), failure.temporary) == ("127.0.0.1 broke off the conversation.", True)


def test_a_reset_is_a_temporary_failure() -> None:
    def reset(peer: Peer, sock: socket.socket) -> None:
        peer.take_request(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    with treating(reset) as peer:
        assert get_failure(peer.url).temporary


def test_a_port_that_nobody_listens_on_is_a_temporary_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    failure = get_failure(url)

    assert (str(failure), failure.temporary) == ("127.0.0.1 could not be connected to.", True)


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"x"] * 40],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", *[b"x"] * 40],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 40,
    ],
    ids=["silence", "head in drips", "body in drips", "continue and continue"],
)
def test_an_answer_that_takes_too_long_ends_at_the_deadline(pieces: list[bytes]) -> None:
    with answering(*pieces, pause=0.05) as peer:
        started = monotonic()
        failure = get_failure(peer.url, read_timeout=0.2)
        waited = monotonic() - started

    assert (str(failure), failure.temporary) == ("127.0.0.1 did not answer in time.", True)
    assert 0.2 <= waited < 1.5


def test_a_name_that_is_not_resolved_in_time_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait())
    started = monotonic()

    failure = get_failure("https://slow.example/", connect_timeout=0.1)
    released.set()

    assert (str(failure), failure.temporary) == ("slow.example could not be found by its name.", True)
    assert monotonic() - started < 1.5


@pytest.mark.parametrize("pieces", [[b"nonsense"], [], [OK[:-1]]], ids=["no HTTP", "silence", "truncated"])
def test_no_failure_shows_the_url_in_its_traceback(pieces: list[bytes]) -> None:
    with answering(*pieces, close=True) as peer:
        failure = get_failure(f"{peer.url}/certificate-id", read_timeout=0.2)

    assert "certificate-id" not in "".join(traceback.format_exception(failure))


def test_a_connection_is_kept_and_used_again() -> None:
    with answering(OK) as peer:
        for _ in range(3):
            get(peer.url)

    assert (len(peer.requests), peer.connections) == (3, 1)


def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(OK) as peer:
        get(peer.url)
        monkeypatch.setattr(http, "IDLE_SECONDS", -10.0)
        get(peer.url)

    assert peer.connections == 2


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    with answering(OK, close=True) as peer:
        for _ in range(3):
            assert get(peer.url).body == b"ok"
            sleep(0.02)  # until the end of the connection has crossed the loopback

    assert peer.connections == 3


def test_many_threads_ask_at_once_over_as_many_connections() -> None:
    with answering(OK) as peer, ThreadPoolExecutor(64) as threads:
        bodies = list(threads.map(lambda _: get(peer.url, connect_timeout=5).body, range(640)))

    assert bodies == [b"ok"] * 640
    assert peer.connections <= 64


def test_a_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with answering(OK) as peer:
        assert get(peer.url).body == b"ok"
