"""Doing the same to many, where one that fails, for whatever reason, must not keep the others from it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

log = structlog.get_logger("leadping.one_by_one")

Item = TypeVar("Item")


def one_by_one(items: Iterable[Item], do: Callable[[Item], int], *, otherwise: str) -> int:
    """The sum of what `do` gives; a failure goes to the log under the words of `otherwise`."""
    done = 0
    for item in items:
        try:
            done += do(item)
        except Exception:
            log.exception(otherwise, item=getattr(item, "public_id", str(item)))
    return done
