"""A server on loopback that does what a test tells it, and calls to it through the door."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from time import sleep
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
    for key in http.POOLS.pools.keys():  # noqa: SIM118 (this container refuses to be iterated)
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


def get(url: str, **options: Any) -> http.HttpAnswer:
    return fetch("GET", url, **{"headers": {}, "allow_loopback": True, "read_timeout": 0.2, **options})


def failure(url: str, **options: Any) -> HttpFailure:
    with pytest.raises(HttpFailure) as caught:
        get(url, **options)
    return caught.value


