"""What the front page says needs somebody now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

# Lines of a card, and what is counted exactly.
TOLD, MANY = 5, 100
Row = TypeVar("Row", bound=Model)


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


def look_at(found: QuerySet[Row]) -> tuple[list[Row], str]:
    """The first few rows, and how many there are as far as anybody wants to know. A hundred may follow, each
    of them long, so those are only counted."""
    rows = list(found[: TOLD + 1])
    if len(rows) <= TOLD:
        return rows, str(len(rows))
    return rows[:TOLD], capped(found.order_by().values("pk")[: MANY + 1].count(), MANY)


def capped(count: int, cap: int) -> str:
    """A count that was made by looking at no more than `cap` + 1 rows."""
    return f"{cap}+" if count > cap else str(count)
