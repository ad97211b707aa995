"""TrustedForm's say in many cases, several of which are asked about at a time."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from leads.intake.asking import ask
from leads.intake.case import Case

# Of one bringer at a time.
AT_ONCE = 16
# Of all that come in bulk through this process; the doors ask on threads of their own.
THREADS = ThreadPoolExecutor(3 * AT_ONCE, thread_name_prefix="bulk-asking")


def ask_all(cases: Sequence[Case]) -> None:
    """Returns when each has its answer; no database connection is held meanwhile."""
    waiting = deque(case for case in cases if case.asks and not case.refusals and not case.original)
    askers = [THREADS.submit(work_off, waiting) for _ in range(min(AT_ONCE, len(waiting)))]
    for asker in askers:
        asker.result()


def work_off(waiting: deque[Case]) -> None:
    with suppress(IndexError):
        while True:
            ask(waiting.popleft())
