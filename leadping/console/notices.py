"""What the front page says needs somebody now."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeLine:
    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One card. `figure` is the number that matters, as text since it may be “100+”; `url` shows all.
    The gravest come first, and what is only `told` comes after all that waits for somebody."""

    title: str
    figure: str
    url: str
    tone: str = "warn"
    lines: Sequence[NoticeLine] = ()
    told: bool = False


def capped(count: int, cap: int) -> str:
    """A count that was made by looking at no more than `cap` + 1 rows."""
    return f"{cap}+" if count > cap else str(count)
