"""gunicorn's worker: who goes on sending stays on one thread; what cannot be read gets our answer."""

from contextlib import suppress
from select import POLLIN, poll
from socket import SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, socket
from struct import pack
from typing import Any

from gunicorn.http.errors import LimitRequestLine, ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from leadping.problems import (
    ADDRESS_TOO_LONG,
    CONTENT_TYPE,
    INTERNAL_ERROR,
    REQUEST_INVALID,
    Problem,
    problem_body,
)

# For so long a thread waits for the next request of the same sender.
SOON_MS = 2
# Then others have their turn.
IN_A_ROW = 16
# A thread waits for so long for the next piece of a request, or for room for the next piece of its answer.
PATIENCE_SECONDS = 60


class Worker(ThreadWorker):
    """The stock worker repeats what it could not read, keys and certificates included, on its error page.

    It also hands a connection back to be watched after each request. A sender who goes on at once is served
    by the same thread, which spares both of them three changes of thread a request.
    """

    def handle(self, conn: Any) -> Any:
        limit_waiting(conn.sock, PATIENCE_SECONDS)
        for _ in range(IN_A_ROW):
            goes_on = super().handle(conn)
            if goes_on is not True or not self.alive or not is_readable_soon(conn.sock):
                return goes_on
        return True

    def handle_error(self, req: Any, client: socket, addr: Any, exc: BaseException) -> None:
        if isinstance(exc, ParseException):
            self.log.warning("A request could not be read: %s", type(exc).__name__)
        else:
            self.log.error("A request failed outside the product", exc_info=exc)
        # Whoever hung up needs no answer.
        with suppress(OSError):
            write_nonblock(client, raw_answer(problem_behind(exc)))


def limit_waiting(client: socket, seconds: int) -> None:
    """Has the kernel end calls that wait longer: gunicorn makes the socket a blocking one for each request,
    and whoever stops in the middle would keep the thread for good."""
    limit = pack("ll", seconds, 0)
    client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, limit)
    client.setsockopt(SOL_SOCKET, SO_SNDTIMEO, limit)


def is_readable_soon(client: socket) -> bool:
    watch = poll()
    watch.register(client, POLLIN)
    return bool(watch.poll(SOON_MS))


def problem_behind(error: BaseException) -> Problem:
    if isinstance(error, LimitRequestLine):
        return ADDRESS_TOO_LONG
    return REQUEST_INVALID if isinstance(error, ParseException) else INTERNAL_ERROR


def raw_answer(problem: Problem) -> bytes:
    body = problem_body(problem).encode()
    head = (
        f"HTTP/1.1 {problem.status} {problem.title}\r\nConnection: close\r\n"
        f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
