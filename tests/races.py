"""Several threads that begin at the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
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
