"""The one door out: every socket that the product opens to the outside is opened by `fetch`.

A redirect is an answer like any other, nothing is asked twice, and proxies of the environment are ignored.
The address that was checked is the address connected to, so a name that changes its mind in between gains
nothing.
"""

import re
import socket
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic
from typing import Any, ClassVar

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError, SSLError

# No userinfo, no backslash, no space and nothing but ASCII: what is read here is what gets called.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[-_.0-9A-Za-z]+|\[[:.0-9A-Fa-f]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[!\"$-\[\]-~]*)?"
)
NAT64 = IPv6Network("64:ff9b::/96")
# Python's versions disagree about these: 6to4, which is retired, and the NAT64 prefix for local use.
NEVER_PUBLIC = (IPv6Network("2002::/16"), IPv6Network("64:ff9b:1::/48"))
# Firewalls forget a silent connection without a word; the next request on it would wait for nothing.
IDLE_SECONDS = 60.0
# Connections kept to one host; a sender more than that opens one of its own.
POOL_SIZE = 256

# For so long what a look-up brought is good for other connections too, and so is its failure.
RESOLVED_SECONDS = 10.0

# getaddrinfo takes no time-out, so it runs aside and is given up on.
RESOLVERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolver")

IPAddress = IPv4Address | IPv6Address
Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` are found in any case; `elapsed` is in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str
    elapsed: float


class HttpFailure(Exception):  # noqa: N818 (the house tells failures from refusals)
    """There is no answer. `temporary` says whether the same call may succeed later without a change.

    The message names the host and never the URL, which may be a certificate's and must reach no log.
    """

    def __init__(self, host: str, complaint: str, *, temporary: bool) -> None:
        super().__init__(f"{host} {complaint}")
        self.host = host
        self.temporary = temporary


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    connect_timeout: float = 1.0,
    read_timeout: float = 2.0,
    max_bytes: int = 2**20,
    allow_loopback: bool = False,
) -> HttpAnswer:
    """The answer to one request, within `connect_timeout` plus `read_timeout` seconds.

    `url` is https, at a public address that shows a trusted certificate; with `allow_loopback` it may be
    http at a loopback address. The body comes as it was sent, not decompressed. Raises HttpFailure; an
    answer of more than `max_bytes` is one that is not temporary, for asking again would bring the same.
    """
    started = monotonic()
    scheme, host, port, path = read_url(url, allow_loopback=allow_loopback)
    try:
        with POOLS.connection_from_host(host, port, scheme).urlopen(
            method,
            path,
            body=body,
            headers={"User-Agent": "leadping", **headers},
            timeout=Timeout(connect=connect_timeout, read=read_timeout),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        ) as response:
            received = read_capped(response, max_bytes)
    except (HTTPError, ValueError) as error:
        # urllib3 names the URL in what it says, hence `from None`. ValueError: broken framing of the answer.
        raise translate(error, host) from None
    if len(received) > max_bytes:
        raise HttpFailure(host, f"answered with more than {max_bytes} bytes.", temporary=False)
    return HttpAnswer(response.status, response.headers, received, host, monotonic() - started)


def read_url(url: str, *, allow_loopback: bool) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and path of a URL that may be called."""
    parts = URL.fullmatch(url.partition("#")[0])
    port = int(parts["port"]) if parts and parts["port"] else None
    if parts is None or (port or 0) > 65_535:
        raise HttpFailure("An address", "that is no plain http or https URL is not called.", temporary=False)
    host = parts["host"].strip("[]").lower()
    if parts["scheme"] == "http" and not allow_loopback:
        raise HttpFailure(host, "is called over https only.", temporary=False)
    return parts["scheme"], host, port, parts["path"] or "/"


def read_capped(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """The body, or its first `max_bytes` + 1 bytes when it is longer."""
    body = b""
    while len(body) <= max_bytes and (more := response.read(max_bytes + 1 - len(body))):
        body += more
    return body


def translate(error: Exception, host: str) -> HttpFailure:
    if isinstance(error, ReadTimeoutError):
        return HttpFailure(host, "did not answer in time.", temporary=True)
    if isinstance(error, SSLError) and isinstance(error.args[0], ssl.SSLCertVerificationError):
        return HttpFailure(host, "shows a certificate that is not trusted.", temporary=False)
    return HttpFailure(host, "broke off the conversation.", temporary=True)


class TimedSocket(socket.socket):
    """Its time-out is for all reads that follow together, so an answer in drips cannot hold a thread."""

    deadline = 0.0

    def settimeout(self, value: float | None) -> None:
        self.deadline = monotonic() + (value or 0.0)
        super().settimeout(value)

    def recv_into(self, *arguments: Any) -> int:
        super().settimeout(seconds_until(self.deadline))
        return super().recv_into(*arguments)


class TimedTLSSocket(TimedSocket, ssl.SSLSocket):
    pass


class CheckedConnection(HTTPConnection):
    """Connects only to an IP address that `permits` allows."""

    permits: ClassVar[Callable[[IPAddress], bool]]

    def _new_conn(self) -> TimedSocket:
        assert self.timeout is not None  # fetch gives one
        deadline = monotonic() + self.timeout
        found = resolve(self.host, self.port, deadline)
        permitted = [entry for entry in found if type(self).permits(ip_address(entry[4][0]))]
        if not permitted:
            raise HttpFailure(self.host, "has no address that may be called from here.", temporary=False)
        return connect(self.host, permitted, deadline)

    @property
    def is_connected(self) -> bool:
        fresh = isinstance(self.sock, TimedSocket) and monotonic() < self.sock.deadline + IDLE_SECONDS
        return fresh and super().is_connected


def is_loopback(ip: IPAddress) -> bool:
    return ip.is_loopback


def is_public(ip: IPAddress) -> bool:
    """Whether the address is one of the internet, and also the IPv4 address that it may carry inside."""
    if any(ip in network for network in NEVER_PUBLIC):
        return False
    carried = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None
    return ip.is_global and not ip.is_multicast and (carried is None or is_public(carried))


class LoopbackConnection(CheckedConnection):
    permits = is_loopback


class PublicConnection(CheckedConnection, HTTPSConnection):
    permits = is_public


class LoopbackPool(HTTPConnectionPool):
    ConnectionCls = LoopbackConnection


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


def resolve(host: str, port: int, deadline: float) -> list[Found]:
    try:
        return look_up(host, port, int(monotonic() / RESOLVED_SECONDS)).result(seconds_until(deadline))
    except (OSError, UnicodeError):
        raise HttpFailure(host, "could not be found by its name.", temporary=True) from None


@lru_cache(maxsize=256)
def look_up(host: str, port: int, era: int) -> Future[list[Found]]:
    """One look-up for all who ask in the same `era`, or hundreds at once would queue for theirs."""
    return RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)


def connect(host: str, found: list[Found], deadline: float) -> TimedSocket:
    """A socket to the first address that takes us; each gets an equal share of the time that is left."""
    for index, entry in enumerate(found):
        with suppress(OSError):
            sock = open_socket(entry, seconds_until(deadline) / (len(found) - index))
            sock.settimeout(seconds_until(deadline))  # for the TLS handshake
            return sock
    raise HttpFailure(host, "could not be connected to.", temporary=True)


def open_socket(entry: Found, timeout: float) -> TimedSocket:
    family, kind, protocol, _, address = entry
    sock = TimedSocket(family, kind, protocol)
    try:
        sock.settimeout(timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def seconds_until(deadline: float) -> float:
    """Raises TimeoutError when the deadline has passed."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def open_pools() -> PoolManager:
    context = ssl.create_default_context()
    context.sslsocket_class = TimedTLSSocket
    pools = PoolManager(num_pools=64, maxsize=POOL_SIZE, block=False, ssl_context=context)
    pools.pool_classes_by_scheme = {"http": LoopbackPool, "https": PublicPool}
    return pools


POOLS = open_pools()
