"""gunicorn's worker, with answers of ours to requests that are too broken to reach the product."""

from contextlib import suppress
from socket import socket
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


class Worker(ThreadWorker):
    """The stock worker repeats what it could not read, keys and certificates included, on its error page."""

    def handle_error(self, req: Any, client: socket, addr: Any, exc: BaseException) -> None:
        if isinstance(exc, ParseException):
            self.log.warning("A request could not be read: %s", type(exc).__name__)
        else:
            self.log.error("A request failed outside the product", exc_info=exc)
        # Whoever hung up needs no answer.
        with suppress(OSError):
            write_nonblock(client, raw_answer(problem_behind(exc)))


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
