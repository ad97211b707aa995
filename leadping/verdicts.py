"""What a check found: the one shape in which every room states its findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any


class Effect(StrEnum):
    """What a failed check does to the lead; the order is the order of gravity."""

    OFF = "off"
    WARN = "warn"
    KEEP = "keep"  # stored, with the status `duplicate`
    HOLD = "hold"
    REFUSE = "refuse"


GRAVITY = tuple(Effect)


def graver_of(*effects: Effect) -> Effect:
    return max(effects, key=GRAVITY.index)


def milder_of(*effects: Effect) -> Effect:
    return min(effects, key=GRAVITY.index)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's finding.

    `code` is that of the failure even when the check passed, so that one name means one check.
    `field` is ours (`email`) until the answer names it as the sender wrote it.
    """

    code: str
    passed: bool
    effect: Effect = Effect.REFUSE
    detail: str = ""
    field: str | None = None
    hint: str | None = None

    def as_row(self) -> dict[str, Any]:
        """The verdict as stored; what is empty is left out."""
        row: dict[str, Any] = {"code": self.code, "passed": self.passed}
        if not self.passed:
            row["effect"] = self.effect.value
        for name in ("detail", "field", "hint"):
            if value := getattr(self, name):
                row[name] = value
        return row


@lru_cache(maxsize=1024)
def passed(code: str, detail: str = "") -> Verdict:
    """Nearly all that is found of a lead, in the same few words; a verdict never changes."""
    return Verdict(code, True, detail=detail)


def failed(
    code: str,
    detail: str,
    *,
    field: str | None = None,
    hint: str | None = None,
    effect: Effect = Effect.REFUSE,
) -> Verdict:
    return Verdict(code, False, effect, detail, field, hint)


def is_refused(verdicts: Iterable[Verdict]) -> bool:
    """Asked after every finding, so a plain loop, which takes half of what a generator does."""
    for verdict in verdicts:  # noqa: SIM110
        if not verdict.passed and verdict.effect is Effect.REFUSE:
            return True
    return False


def failures(verdicts: Iterable[Verdict], effect: Effect) -> list[Verdict]:
    return [verdict for verdict in verdicts if not verdict.passed and verdict.effect is effect]
