"""Fewer looks for memory to be given back, for jobs that make and let go of much in little time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects after which the young ones are looked at, and how often that is before the older ones are.
# Python's own 700 would be a few leads.
SELDOM = (50_000, 20, 20)
USUAL = gc.get_threshold()


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """What is let go of is freed at once as ever; only what refers to itself waits, some megabytes of it.

    It holds for the whole process, where another job does not mind.
    """
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)
