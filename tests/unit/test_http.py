"""The door out, against real sockets: what the other side does is scripted connection by connection."""

import gzip
import socket
import ssl
import struct
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from time import monotonic, sleep
from typing import Any

import pytest

from leadping import http
from leadping.http import HttpFailure, fetch

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """A server on loopback that gives each connection the same treatment and counts them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connections = 0
        self.requests: list[bytes] = []

    def take_request(self, sock: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (received := sock.recv(65_536)):
                return False
            request += received
        self.requests.append(request)
        return True


Scripted = Callable[..., Peer]


def close_connections() -> None:
    """Those kept alive, so that the peer's threads see their end."""
    for key in http.POOLS.pools.keys():
        http.POOLS.pools[key].close()
    http.POOLS.clear()


class PeerServer(ThreadingTCPServer):
    request_queue_size = 128


@contextmanager
def serving(treat: Callable[[Peer, socket.socket], None]) -> Iterator[Peer]:
    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            peer.connections += 1
            treat(peer, self.request)

    with PeerServer(("127.0.0.1", 0), Handler) as server:
        peer = Peer(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield peer
        finally:
            close_connections()
            server.shutdown()
            thread.join()


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Makes a peer that answers each request by sending the given pieces, `pause` seconds apart."""
    with ExitStack() as stack:

        def script(*pieces: bytes, pause: float = 0.0, close: bool = False) -> Peer:
            def treat(peer: Peer, sock: socket.socket) -> None:
                while peer.take_request(sock):
                    try:
                        for piece in pieces:
                            sock.sendall(piece)
                            sleep(pause)
                    except OSError:
                        return
                    if close:
                        return

            return stack.enter_context(serving(treat))

        yield script


def get(url: str, **options: Any) -> http.HttpAnswer:
    return fetch("GET", url, **{"headers": {}, "allow_loopback": True, "read_timeout": 0.2, **options})


def failure(url: str, **options: Any) -> HttpFailure:
    with pytest.raises(HttpFailure) as caught:
        get(url, **options)
    return caught.value


def test_an_answer_comes_with_status_headers_body_and_host(scripted: Scripted) -> None:
    peer = scripted(b"HTTP/1.1 404 Not Found\r\nX-Sort: none\r\nContent-Length: 4\r\n\r\ngone")

    answer = get(f"{peer.url}/a?b=c")

    assert (answer.status, answer.headers["x-sort"], answer.body, answer.host) == (
        404,
        "none",
        b"gone",
        "127.0.0.1",
    )
    assert 0 < answer.elapsed < 0.2


def test_the_request_carries_method_path_headers_and_body(scripted: Scripted) -> None:
    peer = scripted(OK)

    get(f"{peer.url}/a?b=c#d", headers={"X-Key": "k"})

    lines = peer.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /a?b=c HTTP/1.1"
    assert {f"Host: {peer.url[7:]}", "User-Agent: leadping", "X-Key: k"} <= set(lines)


def test_a_redirect_is_an_answer_and_is_not_followed(scripted: Scripted) -> None:
    peer = scripted(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    assert get(peer.url).status == 302
    assert len(peer.requests) == 1


def test_a_server_error_is_not_asked_twice(scripted: Scripted) -> None:
    peer = scripted(b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")

    assert get(peer.url).status == 503
    assert len(peer.requests) == 1


BODY_OF_TEN = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("reply", BODY_OF_TEN)
def test_a_body_up_to_the_cap_is_taken_whole(scripted: Scripted, reply: bytes) -> None:
    assert get(scripted(reply).url, max_bytes=10).body == b"0123456789"


@pytest.mark.parametrize("reply", BODY_OF_TEN)
def test_a_body_over_the_cap_is_a_failure_that_asking_again_does_not_cure(
    scripted: Scripted, reply: bytes
) -> None:
    caught = failure(scripted(reply).url, max_bytes=9)

    assert (str(caught), caught.temporary) == ("127.0.0.1 answered with more than 9 bytes.", False)


def test_an_endless_body_ends_at_the_cap(scripted: Scripted) -> None:
    peer = scripted(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 1000] * 1000)

    assert not failure(peer.url, max_bytes=5000, read_timeout=2).temporary


def test_a_compressed_body_is_not_inflated(scripted: Scripted) -> None:
    bomb = gzip.compress(b"x" * 100_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    assert get(scripted(head.encode() + bomb).url, max_bytes=1000).body == bomb


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
def test_a_broken_answer_is_a_temporary_failure(scripted: Scripted, reply: bytes) -> None:
    assert failure(scripted(reply, close=True).url).temporary


def test_a_reset_is_a_temporary_failure() -> None:
    def reset(peer: Peer, sock: socket.socket) -> None:
        peer.take_request(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    with serving(reset) as peer:
        assert failure(peer.url).temporary


def test_a_port_that_nobody_listens_on_is_a_temporary_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    assert (str(failure(url)), failure(url).temporary) == ("127.0.0.1 could not be connected to.", True)


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"x"] * 40],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", *[b"x"] * 40],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 40,
    ],
    ids=["silence", "head in drips", "body in drips", "never more than continue"],
)
def test_an_answer_that_takes_too_long_ends_at_the_deadline(scripted: Scripted, pieces: list[bytes]) -> None:
    peer = scripted(*pieces, pause=0.05)
    started = monotonic()

    caught = failure(peer.url, read_timeout=0.2)

    assert (str(caught), caught.temporary) == ("127.0.0.1 did not answer in time.", True)
    assert 0.2 <= monotonic() - started < 0.5


def test_a_name_that_is_not_resolved_in_time_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait())
    started = monotonic()

    caught = failure("https://slow.example/", connect_timeout=0.1)
    released.set()

    assert (str(caught), caught.temporary) == ("slow.example could not be found by its name.", True)
    assert monotonic() - started < 0.4


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "2130706433",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
        "[2002:a00:1::]",
        "[64:ff9b::a00:1]",
    ],
)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    caught = failure(f"https://{host}/")

    assert "has no address that may be called" in str(caught)
    assert not caught.temporary


def test_a_refused_address_is_not_even_connected_to(scripted: Scripted) -> None:
    peer = scripted(OK)

    failure(peer.url.replace("http:", "https:"))

    assert peer.connections == 0


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert http.is_public(http.ip_address(address))


def test_http_is_for_loopback_only_and_only_when_the_caller_says_so(scripted: Scripted) -> None:
    peer = scripted(OK)

    assert get(peer.url).body == b"ok"
    assert str(failure(peer.url, allow_loopback=False)) == "127.0.0.1 is called over https only."
    assert "has no address that may be called" in str(failure("http://1.1.1.1/"))


def test_a_name_is_resolved_once_so_it_cannot_change_its_mind(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = scripted(OK)
    real, lookups = socket.getaddrinfo, ["10.0.0.1", "127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **kind: real(lookups.pop(), *rest, **kind))

    assert get(peer.url.replace("127.0.0.1", "changing.example")).body == b"ok"
    assert lookups == ["10.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cert.example/x",
        "ftp://cert.example/x",
        "file:///etc/passwd",
        "https:///x",
        "https://user:secret@cert.example/",
        "https://cert.example\\@evil.example/",
        "https://cert.example:70000/",
        "https://cert.example/a b",
        "https://cert.example/a\r\nX: y",
        "https://cért.example/",
    ],
)
def test_what_is_no_plain_url_is_refused_without_being_repeated(url: str) -> None:
    caught = failure(url)

    assert str(caught) == "An address that is no plain http or https URL is not called."
    assert not caught.temporary


@pytest.mark.parametrize("pieces", [[b"nonsense"], [], [OK[:-1]]], ids=["no HTTP", "silence", "truncated"])
def test_no_failure_shows_the_url_in_its_traceback(scripted: Scripted, pieces: list[bytes]) -> None:
    caught = failure(f"{scripted(*pieces, close=True).url}/certificate-id")

    assert "certificate-id" not in "".join(traceback.format_exception(caught))


def test_a_connection_is_kept_and_used_again(scripted: Scripted) -> None:
    peer = scripted(OK)

    for _ in range(3):
        get(peer.url)

    assert (len(peer.requests), peer.connections) == (3, 1)


def test_a_connection_that_was_idle_for_long_is_not_trusted(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = scripted(OK)
    get(peer.url)
    monkeypatch.setattr(http, "IDLE_SECONDS", -1.0)

    get(peer.url)

    assert peer.connections == 2


def test_a_connection_that_the_server_closed_is_replaced(scripted: Scripted) -> None:
    peer = scripted(OK, close=True)

    for _ in range(3):
        assert get(peer.url).body == b"ok"
        sleep(0.02)  # the end of the connection crosses the loopback

    assert peer.connections == 3


def test_a_proxy_in_the_environment_is_ignored(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert get(scripted(OK).url).status == 200


def test_many_threads_ask_at_once(scripted: Scripted) -> None:
    peer = scripted(OK)

    with ThreadPoolExecutor(64) as threads:
        statuses = list(threads.map(lambda _: get(peer.url, read_timeout=5).status, range(640)))

    assert statuses == [200] * 640
    assert peer.connections <= 64


class LoopbackTLSConnection(http.PublicConnection):
    permits = http.is_loopback


class LoopbackTLSPool(http.PublicPool):
    ConnectionCls = LoopbackTLSConnection


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate for `localhost`, in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    extra = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(["openssl", *request.split(), *extra], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def tls_peer(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A TLS server; `requests` begin with the name that the client asked for."""
    pools = http.open_pools()
    pools.pool_classes_by_scheme = {"https": LoopbackTLSPool}
    monkeypatch.setattr(http, "POOLS", pools)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def treat(peer: Peer, sock: socket.socket) -> None:
        context.sni_callback = lambda _, name, __: peer.requests.append(str(name).encode())
        with suppress(OSError), context.wrap_socket(sock, server_side=True) as secure:
            while peer.take_request(secure):
                secure.sendall(OK)

    with serving(treat) as peer:
        peer.url = peer.url.replace("http://127.0.0.1", "https://localhost")
        yield peer


def test_tls_keeps_the_name_while_the_connection_goes_to_the_checked_address(
    tls_peer: Peer, certificate: Path
) -> None:
    http.POOLS.connection_pool_kw["ssl_context"].load_verify_locations(certificate)

    assert [get(tls_peer.url).body for _ in range(2)] == [b"ok", b"ok"]
    asked_for, first, _ = tls_peer.requests
    assert asked_for == b"localhost"
    assert f"Host: {tls_peer.url[8:]}".encode() in first
    assert tls_peer.connections == 1


def test_an_untrusted_certificate_is_a_failure_that_does_not_pass(tls_peer: Peer) -> None:
    caught = failure(tls_peer.url)

    assert (str(caught), caught.temporary) == ("localhost shows a certificate that is not trusted.", False)


def test_a_certificate_for_another_name_is_not_trusted(tls_peer: Peer, certificate: Path) -> None:
    http.POOLS.connection_pool_kw["ssl_context"].load_verify_locations(certificate)

    assert "not trusted" in str(failure(tls_peer.url.replace("localhost", "127.0.0.1")))


def test_the_deadline_holds_over_tls(
    tls_peer: Peer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.POOLS.connection_pool_kw["ssl_context"].load_verify_locations(certificate)
    monkeypatch.setattr(
        Peer, "take_request", lambda _, sock: sock.recv(1) and sock.recv(65_536) and sock.recv(1)
    )
    started = monotonic()

    assert "did not answer in time" in str(failure(tls_peer.url))
    assert monotonic() - started < 0.6
