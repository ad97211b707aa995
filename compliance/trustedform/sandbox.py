"""A stand-in for the certificate service on this machine's loopback address.

`running_sandbox()` for tests, `manage.py trustedform_sandbox` for people and benchmarks. Hand-made on asyncio
because it must keep hundreds of connections open and cost little beside the product it is measured with.
"""

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from compliance.trustedform.sandbox_replies import Reply, Request, Silence, reply_to

HOST = "127.0.0.1"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.I)
AUTHORIZATION = re.compile(rb"\r\nauthorization:[ \t]*([^\r\n]*)", re.I)
CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.I)
# Closing a socket that lingers for no time sends a reset instead of an orderly end.
LINGER_NOT = struct.pack("ii", 1, 0)


class Sandbox:
    """What the connections of one running sandbox share."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.connections: set[Connection] = set()

    def close(self) -> None:
        for connection in tuple(self.connections):
            connection.transport.abort()


class Connection(asyncio.Protocol):
    """One client, kept alive; a request that comes while another is unanswered waits for its turn."""

    transport: asyncio.Transport

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.received = b""
        self.answering = False
        self.last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sandbox.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.sandbox.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.answer_next()

    def answer_next(self) -> None:
        while not self.answering and (request := self.take_request()):
            self.answering = True
            self.answer(reply_to(request, now=datetime.now(UTC), seen=self.sandbox.seen))

    def take_request(self) -> Request | None:
        """The next whole request, or None while it has not all arrived."""
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.received[:end]
        length = CONTENT_LENGTH.search(head)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self.received) < whole:
            return None
        body = self.received[end + 4 : whole]
        self.received = self.received[whole:]
        self.last = CLOSE.search(head) is not None
        authorization = AUTHORIZATION.search(head)
        method, path, *_ = [*head.partition(b"\r\n")[0].decode("latin-1").split(" "), "", ""]
        return Request(method, path, authorization[1].decode("latin-1") if authorization else "", body)

    def answer(self, reply: Reply | Silence) -> None:
        if reply is Silence.HANG:
            return
        if reply is Silence.RESET:
            self.reset()
        elif reply.delay:
            asyncio.get_running_loop().call_later(reply.delay, self.finish_late, reply)
        else:
            self.finish(reply)

    def reset(self) -> None:
        raw: socket.socket = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()

    def finish_late(self, reply: Reply) -> None:
        if not self.transport.is_closing():
            self.finish(reply)
            self.answer_next()

    def finish(self, reply: Reply) -> None:
        self.transport.write(encode(reply))
        self.answering = False
        if self.last:
            self.transport.close()


def encode(reply: Reply) -> bytes:
    head = (
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n"
        f"Content-Type: {reply.content_type}\r\n"
        f"Content-Length: {len(reply.body)}\r\n"
        "Leadping-Sandbox: 1\r\n\r\n"
    )
    return head.encode("latin-1") + reply.body


async def serve(listening: socket.socket, stop: asyncio.Event) -> None:
    sandbox = Sandbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(sandbox), sock=listening)
    await stop.wait()
    server.close()
    sandbox.close()
    await server.wait_closed()


@contextmanager
def running_sandbox(port: int = 0) -> Iterator[str]:
    """A sandbox in a thread of this process; gives its base URL. Port 0 takes a free one.

    Raises OSError when the port is taken.
    """
    listening = socket.create_server((HOST, port), backlog=1024)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[serve(listening, stop)], daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
