"""A server on loopback that does what a test tells it, and calls to it through the one door."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from time import sleep
from typing import Any

import pytest

from leadping import http
from leadping.http import HttpAnswer, HttpFailure, fetch

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """What the server has seen so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connections = 0
        self.requests: list[bytes] = []

    def take_request(self, sock: socket.socket) -> bool:
        """False when the client has left."""
        request = b""
        while b"\r\n\r\n" not in request:
            if not (received := sock.recv(65_536)):
                return False
            request += received
        self.requests.append(request)
        return True


class PeerServer(ThreadingTCPServer):
    request_queue_size = 128


@contextmanager
def treating(treat: Callable[[Peer, socket.socket], None]) -> Iterator[Peer]:
    """A server that gives each connection this treatment, in a thread of its own."""

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
            close_kept_connections()
            server.shutdown()
            thread.join()


def answering(*pieces: bytes, pause: float = 0.0, close: bool = False) -> AbstractContextManager[Peer]:
    """A server that answers each request with these pieces, `pause` seconds apart."""

    def answer(peer: Peer, sock: socket.socket) -> None:
        while peer.take_request(sock):
            try:
                for piece in pieces:
                    sock.sendall(piece)
                    sleep(pause)
            except OSError:
                return
            if close:
                return

    return treating(answer)


def close_kept_connections() -> None:
    """Else the server's threads would wait for their end."""
    for key in http.POOLS.pools.keys():  # noqa: SIM118 (this container refuses to be iterated)
        http.POOLS.pools[key].close()
    http.POOLS.clear()


def get(url: str, **options: Any) -> HttpAnswer:
    return fetch("GET", url, **{"headers": {}, "allow_loopback": True, "read_timeout": 2.0, **options})


def get_failure(url: str, **options: Any) -> HttpFailure:
    with pytest.raises(HttpFailure) as caught:
        get(url, **options)
    return caught.value
