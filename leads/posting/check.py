"""One check of a lead, as its vendor reads it. Pure."""

from dataclasses import dataclass

from leads.intake.problems import CATALOGUE

REFUSED, HELD, WARNED = ("Refused", "bad"), ("Held", "warn"), ("Warning", "warn")
EFFECTS = {"refuse": REFUSED, "hold": HELD, "warn": WARNED, "keep": ("Kept as duplicate", "accent")}


@dataclass(frozen=True, slots=True)
class Check:
    """`effect` is what happens to a lead that fails, as text and tone; `codes` are those it is told by."""

    sentence: str
    effect: tuple[str, str]
    codes: tuple[str, ...]

    @property
    def statuses(self) -> str:
        if self.effect[0] != "Refused":
            return ""
        return ", ".join(dict.fromkeys(str(CATALOGUE[code].status) for code in self.codes))
