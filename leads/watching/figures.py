"""What came in during some time, in figures. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# The columns of a tally that are plain numbers.
NUMBERS = (
    *("accepted", "held", "duplicates", "refused", "replayed", "dry_runs", "bad_certificates"),
    *("opt_outs", "complaints", "disputes"),
)


@dataclass(slots=True)
class Figures:
    """As answered at the time: a held lead that is released later stays counted as held."""

    accepted: int = 0
    held: int = 0
    duplicates: int = 0
    refused: int = 0
    replayed: int = 0
    dry_runs: int = 0
    bad_certificates: int = 0
    opt_outs: int = 0
    complaints: int = 0
    disputes: int = 0
    spent: Decimal = Decimal(0)
    held_codes: Counter[str] = field(default_factory=Counter)
    refused_codes: Counter[str] = field(default_factory=Counter)

    def add(self, tally: Mapping[str, Any]) -> None:
        """What is missing is nought."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + (tally.get(name) or 0))
        self.spent += tally.get("spent") or 0
        self.held_codes.update(tally.get("held_codes") or {})
        self.refused_codes.update(tally.get("refused_codes") or {})

    @property
    def requests(self) -> int:
        """Real ones: neither dry runs nor repetitions that got the first answer again."""
        return self.taken + self.refused

    @property
    def taken(self) -> int:
        return self.accepted + self.held + self.duplicates

    @property
    def raised(self) -> int:
        return self.complaints + self.disputes

    @property
    def accepted_share(self) -> float | None:
        return share(self.accepted, self.requests)

    @property
    def cost_per_lead(self) -> Decimal | None:
        return self.spent / self.taken if self.taken else None

    @property
    def cost_per_accepted(self) -> Decimal | None:
        return self.spent / self.accepted if self.accepted else None

    @property
    def top_refusal(self) -> str:
        """A code, or empty."""
        return next((code for code, _ in self.refused_codes.most_common(1)), "")


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
