"""Holding the traffic of one business against the seals on it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from leadping.audit.findings import Fault, Finding, name_event, say_count
from leadping.audit.seals import Digest
from leadping.ids import parse_public_id
from leadping.models import Event

# Where the canonical form keeps `data`.
DATA = 7


@dataclass(frozen=True, slots=True)
class Seal:
    number: int
    event_id: UUID
    after: int
    until: int
    count: int
    digest: str


def read_seal(number: int, event_id: UUID, canonical: str) -> Seal | None:
    """None for one that was spoilt; the chain tells of that."""
    try:
        data = json.loads(canonical)[DATA]
        after, until = (id_number(data[name]) for name in ("after", "until"))
        return Seal(number, event_id, after, until, int(data["count"]), str(data["digest"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def id_number(text: str) -> int:
    if not text:
        return -1
    row_id = parse_public_id(Event.PREFIX, str(text))
    if row_id is None:
        raise ValueError(text)
    return row_id.int


@dataclass(slots=True)
class Inspection:
    """`settled`: events up to this id ought to be sealed by now."""

    seals: Sequence[Seal]
    settled: UUID
    events: int = 0
    unsealed: int = 0
    first_unsealed: UUID | None = None
    position: int = 0
    digest: Digest = field(default_factory=Digest)

    def along(self, traffic: Iterable[tuple[UUID, str]]) -> Iterator[Finding]:
        for event_id, canonical in traffic:
            self.events += 1
            while self.position < len(self.seals) and event_id.int > self.seals[self.position].until:
                yield from self.close()
            if self.position < len(self.seals) and event_id.int > self.seals[self.position].after:
                self.digest.add(event_id, canonical)
            elif event_id < self.settled:
                self.unsealed += 1
                self.first_unsealed = self.first_unsealed or event_id
        while self.position < len(self.seals):
            yield from self.close()
        if self.first_unsealed:
            yield self.tell_unsealed(self.first_unsealed)

    def close(self) -> Iterator[Finding]:
        seal, found = self.seals[self.position], self.digest
        if (found.count, found.hexadecimal()) != (seal.count, seal.digest):
            yield Finding(
                Fault.SEAL_BROKEN, self.explain(seal, found.count), seal.number, name_event(seal.event_id)
            )
        self.position += 1
        self.digest = Digest()

    def explain(self, seal: Seal, count: int) -> str:
        first = f"after {name_event(UUID(int=seal.after))}" if seal.after >= 0 else "from the beginning"
        sealed = f"It covers the traffic {first} up to {name_event(UUID(int=seal.until))}: "
        if count == seal.count:
            return f"{sealed}{say_count(count, 'event')}, as many as were sealed, but not the same."
        return f"{sealed}{say_count(seal.count, 'event')} sealed, {count:,} there now."

    def tell_unsealed(self, first: UUID) -> Finding:
        return Finding(
            Fault.UNSEALED,
            f"{say_count(self.unsealed, 'event')} of traffic, this one first, ought to be under a seal. "
            "Does the worker run?",
            event=name_event(first),
        )
