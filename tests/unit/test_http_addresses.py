"""The one door out: which addresses may be called, and that a name stays what it was when it was checked."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

import pytest

from leadping import http
from tests.unit.peer import OK, Peer, answering, get, get_failure, treating


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
        "[2002:101:101::]",
        "[64:ff9b:1::1]",
        "[64:ff9b::a00:1]",
    ],
)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    failure = get_failure(f"https://{host}/")

    assert str(failure) == f"{host.strip('[]')} has no address that may be called from here."
    assert not failure.temporary


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert http.is_public(ip_address(address))


def test_a_refused_address_is_not_even_connected_to() -> None:
    with answering(OK) as peer:
        get_failure(peer.url.replace("http:", "https:"))

    assert peer.connections == 0


def test_plain_http_is_for_loopback_when_the_caller_says_so() -> None:
    with answering(OK) as peer:
        assert get(peer.url).body == b"ok"
        assert str(get_failure(peer.url, allow_loopback=False)) == "127.0.0.1 is called over https only."
    assert str(get_failure("http://1.1.1.1/")) == "1.1.1.1 has no address that may be called from here."


def test_a_name_is_resolved_once_so_it_cannot_change_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    real, lookups = socket.getaddrinfo, ["10.0.0.1", "127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **kind: real(lookups.pop(), *rest, **kind))

    with answering(OK) as peer:
        answer = get(peer.url.replace("127.0.0.1", "changing.example"))

    assert (answer.host, answer.body) == ("changing.example", b"ok")
    assert lookups == ["10.0.0.1"]


def test_of_several_addresses_the_first_that_is_permitted_and_answers_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, addresses = socket.getaddrinfo, ["10.0.0.1", "127.0.0.2", "127.0.0.1"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, port, **kind: [real(one, port, **kind)[0] for one in addresses]
    )

    with answering(OK) as peer:
        assert get(peer.url.replace("127.0.0.1", "several.example")).body == b"ok"


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
    failure = get_failure(url)

    assert str(failure) == "An address that is no plain http or https URL is not called."
    assert not failure.temporary


class LoopbackTLSConnection(http.PublicConnection):
    permits = http.is_loopback


class LoopbackTLSPool(http.PublicPool):
    ConnectionCls = LoopbackTLSConnection


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate for `localhost`, in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    request = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    )
    output = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([*request.split(), *output], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def tls_peer(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A TLS server on loopback, which the pools of the test may call; `/silence` is not answered.

    The first of its `requests` is the name that the client asked the certificate for.
    """
    pools = http.open_pools()
    pools.pool_classes_by_scheme = {"https": LoopbackTLSPool}
    monkeypatch.setattr(http, "POOLS", pools)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(peer: Peer, sock: socket.socket) -> None:
        context.sni_callback = lambda _, name, __: peer.requests.append(str(name).encode())
        with suppress(OSError), context.wrap_socket(sock, server_side=True) as secure:
            while peer.take_request(secure):
                if b"/silence" not in peer.requests[-1]:
                    secure.sendall(OK)

    with treating(answer) as peer:
        peer.url = peer.url.replace("http://127.0.0.1", "https://localhost")
        yield peer


@pytest.fixture
def trusted_peer(tls_peer: Peer, certificate: Path) -> Peer:
    http.POOLS.connection_pool_kw["ssl_context"].load_verify_locations(certificate)
    return tls_peer


def test_tls_asks_by_name_on_the_address_that_was_checked(trusted_peer: Peer) -> None:
    assert [get(trusted_peer.url).body for _ in range(2)] == [b"ok", b"ok"]

    name, request, _ = trusted_peer.requests
    assert name == b"localhost"
    assert f"Host: {trusted_peer.url[8:]}".encode() in request
    assert trusted_peer.connections == 1


def test_an_untrusted_certificate_is_a_failure_that_does_not_pass(tls_peer: Peer) -> None:
    failure = get_failure(tls_peer.url)

    assert (str(failure), failure.temporary) == ("localhost shows a certificate that is not trusted.", False)


def test_a_certificate_for_another_name_is_not_trusted(trusted_peer: Peer) -> None:
    failure = get_failure(trusted_peer.url.replace("localhost", "127.0.0.1"))

    assert (str(failure), failure.temporary) == ("127.0.0.1 shows a certificate that is not trusted.", False)


def test_the_deadline_holds_over_tls(trusted_peer: Peer) -> None:
    started = monotonic()
    failure = get_failure(f"{trusted_peer.url}/silence", read_timeout=0.2)

    assert str(failure) == "localhost did not answer in time."
    assert monotonic() - started < 1.5
