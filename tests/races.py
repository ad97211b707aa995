"""Several threads that begin at the same instant, and one that works on meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(count: int, deed: Callable[[int], Result]) -> list[Result]:
    """What `deed` gave to each thread, in their order; it gets the thread's number."""
    barrier = Barrier(count)

    def take_part(number: int) -> Result:
        barrier.wait(timeout=60)
        try:
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(take_part, range(count)))


@contextmanager
def meanwhile(deed: Callable[[], None]) -> Iterator[None]:
    """Does it again and again in a thread of its own, as a worker would."""
    over = Event()

    def go_on() -> None:
        while not over.wait(0.1):
            deed()
            connection.close()

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
