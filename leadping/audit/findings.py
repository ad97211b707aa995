"""What a verification may find, in plain words, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from leadping.ids import public_id
from leadping.models import Event

# So many findings of one chain are told one by one; the others are counted.
KEPT = 1_000


class Fault(StrEnum):
    EDITED = "edited"
    MISSING = "missing"
    SWAPPED = "swapped"
    INSERTED = "inserted"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    PUT_IN_LATE = "put in late"
    ALTERED = "row altered"
    UNCHAINED = "not in the chain"
    HEAD_CHANGED = "head changed"
    SEAL_BROKEN = "seal broken"
    UNSEALED = "not sealed"
    UNSIGNED = "unsigned"
    UNVERIFIED = "not verified"
    BAD_LINE = "line not signed by us"


@dataclass(frozen=True, slots=True)
class Finding:
    """`chain` names the business or the installation; number and event say where, if it has a place."""

    fault: Fault
    detail: str
    number: int | None = None
    event: str = ""
    chain: str = ""

    def __str__(self) -> str:
        place = f" no. {self.number}" if self.number is not None else ""
        event = f" ({self.event})" if self.event else ""
        return f"{self.chain or 'File of heads'}{place}{event}: {self.fault}. {self.detail}"


@dataclass(slots=True)
class Verified:
    """How one chain came out. Up to the number `since` an earlier verification is relied on; `count` goes on
    where `findings` are too many to be kept."""

    business_id: UUID | None
    name: str
    links: int = 0
    traffic: int = 0
    findings: list[Finding] = field(default_factory=list)
    since: int = 0
    count: int = 0

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.findings) < KEPT:
            self.findings.append(replace(finding, chain=self.name))


@dataclass(slots=True)
class Report:
    chains: list[Verified]
    # What concerns the file and no chain.
    loose: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        return [*self.loose, *(finding for chain in self.chains for finding in chain.findings)]

    def figures(self) -> Mapping[str, int]:
        return {
            "chains": len(self.chains),
            "control": sum(chain.links for chain in self.chains),
            "traffic": sum(chain.traffic for chain in self.chains),
            "findings": len(self.loose) + sum(chain.count for chain in self.chains),
        }


def name_event(event_id: UUID) -> str:
    return public_id(Event.PREFIX, event_id)


def say_count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
