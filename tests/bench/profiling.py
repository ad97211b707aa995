"""Where the milliseconds of one intake request go: in this process, through the WSGI application, no sockets.

First the steps of intake, each timed; then the profiler, which slows Python down but not the database.
"""

import cProfile
import io
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from typing import Any
from unittest.mock import patch
from wsgiref.util import setup_testing_defaults

from leadping.wsgi import application
from leads.intake import examine, receive
from tests.bench.cast import Headers, prepare
from tests.bench.load import lead_body

WARM_UP = 200
REQUESTS = 2000
SHOWN = 60
FIRST_NUMBER = 2_122_000_000

# What the steps of `leads.intake.examine` are for.
SECTIONS = {
    "admit": "judging",
    "weigh": "judging",
    "read": "reading",
    "recognise": "recognising",
    "judge": "judging",
    "ask": "judging",
}
WHOLE = "all"

# Seconds on the clock and of this thread's own work, by section.
Times = dict[str, tuple[float, float]]


def profile() -> None:
    headers = prepare().waived
    numbers = iter(range(FIRST_NUMBER, FIRST_NUMBER + WARM_UP + 2 * REQUESTS))
    profiler = cProfile.Profile()
    # Log lines are written as in production, and read by nobody.
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        post_leads(headers, numbers, WARM_UP)
        times = time_sections(headers, numbers)
        profiler.runcall(post_leads, headers, numbers, REQUESTS)
    sys.stdout.write(show(times))
    pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("cumulative").print_stats(SHOWN)


def time_sections(headers: Headers, numbers: Iterator[int]) -> Times:
    times: Times = {}
    with timed_intake(times):
        timed(times, WHOLE, post_leads)(headers, numbers, REQUESTS)
    return times


@contextmanager
def timed_intake(times: Times) -> Iterator[None]:
    steps = tuple(timed(times, SECTIONS[step.__name__], step) for step in examine.STEPS)
    functions = {
        "read_credentials": "authentication",
        "authenticate": "authentication",
        "record": "recording",
    }
    with ExitStack() as patches:
        patches.enter_context(patch.object(examine, "STEPS", steps))
        for name, section in functions.items():
            patches.enter_context(patch.object(receive, name, timed(times, section, getattr(receive, name))))
        yield


def timed(times: Times, section: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        clock, work = time.perf_counter(), time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            earlier = times.get(section, (0.0, 0.0))
            times[section] = (
                earlier[0] + time.perf_counter() - clock,
                earlier[1] + time.thread_time() - work,
            )

    return call


def show(times: Times) -> str:
    """Milliseconds of one request, on the clock and of work in Python; the rest of both is waiting."""
    clock, work = times.pop(WHOLE)
    rest = (clock - sum(one for one, _ in times.values()), work - sum(one for _, one in times.values()))
    rows = {**times, "Django, middleware, the door": rest, WHOLE: (clock, work)}
    lines = [f"{'a request, mean of ' + format(REQUESTS, ','):30}{'ms':>8}{'of work':>9}"]
    lines += [f"{name:30}{of_one(one):>8.3f}{of_one(other):>9.3f}" for name, (one, other) in rows.items()]
    return "\n".join([*lines, "", ""])


def of_one(seconds: float) -> float:
    return seconds * 1000 / REQUESTS


def post_leads(headers: Headers, numbers: Iterator[int], count: int) -> None:
    template = lead_body()
    for _ in range(count):
        status = post(headers, template.replace("{number}", str(next(numbers))).encode())
        assert status.startswith("201"), status


def post(headers: Headers, body: bytes) -> str:
    """The status line with which the application answers."""
    statuses: list[str] = []

    def start_response(status: str, *_: Any) -> Callable[[bytes], object]:
        statuses.append(status)
        return io.BytesIO().write

    response = application(environ(headers, body), start_response)
    # As servers do; only then does the database connection go back to the pool.
    b"".join(response)
    response.close()
    return statuses[0]


def environ(headers: Headers, body: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/leads/intake",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }
    setup_testing_defaults(told)
    return told
