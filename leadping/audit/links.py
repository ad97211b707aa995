"""Walking along one chain of control events, and telling what was done to it where it does not hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

from leadping.audit.findings import Fault, Finding, name_event
from leadping.chain import GENESIS, hash_link
from leadping.ids import id_after

# So many places are looked at together to tell a swap from two edits; past them the chain is simply broken.
DOUBTS = 200
# Events join the chain as soon as they are committed, and no transaction stays open for so long.
LATE = timedelta(hours=1)
NO_ID = UUID(int=0)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    number: int
    event_id: UUID
    at: datetime
    stored: bytes
    canonical: str

    def hashed(self, before: bytes, number: int | None = None) -> bytes:
        return hash_link(before, self.number if number is None else number, self.canonical)

    def finding(self, fault: Fault, detail: str) -> Finding:
        return Finding(fault, detail, self.number, name_event(self.event_id))


@dataclass(slots=True)
class Doubt:
    """A link whose hash is not that of its content after any of the hashes that may stand before it."""

    link: Link
    befores: frozenset[bytes]
    signed: bytes | None
    fault: Fault = Fault.EDITED
    detail: str = "The event is not what it was when its hash was made."


@dataclass(slots=True)
class Walk:
    """`signed` are the hashes that the file of heads knows, by number."""

    signed: Mapping[int, bytes]
    # Of the number whose absence from the file matters, the event; told after the walk.
    first_unsigned: UUID | None = None
    number: int = 0
    stored: bytes = GENESIS
    # What may stand before the next link; nothing where a link before it is missing.
    befores: frozenset[bytes] = frozenset({GENESIS})
    # How far the numbers of what follows were moved, and the last link that held, by its true number.
    moved: int = 0
    anchor: tuple[int, bytes] = (0, GENESIS)
    doubts: list[Doubt] = field(default_factory=list)
    last_id: UUID | None = None
    rewriting: bool = False
    # The id that the head was given when the chain began: what is older was linked all at once, by id.
    began: UUID = NO_ID
    highest_id: UUID = NO_ID
    highest_at: datetime = LONG_AGO

    def along(self, links: Iterable[Link]) -> Iterator[Finding]:
        last_signed = max(self.signed, default=0)
        for link in links:
            if link.number > self.number + 1:
                yield self.missing(link)
            yield from self.examine(link)
            if link.number == last_signed + 1:
                self.first_unsigned = link.event_id
            self.number, self.stored, self.last_id = link.number, link.stored, link.event_id
        yield from resolve(self.doubts)

    def missing(self, link: Link) -> Finding:
        first, last = self.number + 1, link.number - 1
        after = f"after {name_event(self.last_id)}" if self.last_id else "at the beginning"
        which = f"Number {first} is" if first == last else f"Numbers {first} to {last} are"
        known = self.signed.get(last)
        self.befores = frozenset({known} if known else ())
        self.anchor = (last, known or GENESIS)
        return Finding(Fault.MISSING, f"{which} gone, {after} and before {name_event(link.event_id)}.", first)

    def examine(self, link: Link) -> Iterator[Finding]:
        true_number = link.number + self.moved
        signed = self.signed.get(true_number)
        results = {link.hashed(before, true_number) for before in self.befores}
        if link.stored in results or not self.befores:
            yield from self.compare(link, signed)
            yield from self.late(link)
            self.befores = frozenset({link.stored, signed} if signed else {link.stored})
            self.anchor = (true_number, link.stored)
        elif self.resume(link):
            self.befores = frozenset({link.stored})
        else:
            self.doubt(link, signed, results)
            self.befores = frozenset({link.stored, *results, *({signed} if signed else ())})

    def late(self, link: Link) -> Iterator[Finding]:
        """Holds, but says it is much older than what stands before it: we link no such event."""
        if id_after(link.event_id, LATE) < self.highest_id or self.highest_at - link.at > LATE:
            yield link.finding(
                Fault.PUT_IN_LATE,
                "The event says it is older than those before it: it was written into the table by hand, "
                "or the clock was set back.",
            )
        self.highest_id = max(self.highest_id, link.event_id)
        if link.event_id >= self.began:
            self.highest_at = max(self.highest_at, link.at)

    def compare(self, link: Link, signed: bytes | None) -> Iterator[Finding]:
        """Holds by itself; but is it what was signed? Only the first of a run is told."""
        if signed is None or signed == link.stored:
            self.rewriting = self.rewriting and signed is None
            return
        if not self.rewriting:
            agreed = max((number for number in self.signed if number < link.number), default=0)
            where = f"between number {agreed + 1} and here" if agreed + 1 < link.number else "here"
            yield link.finding(
                Fault.REWRITTEN,
                f"The chain holds, but its signed head says otherwise: events were replaced {where} "
                "and the hashes made anew.",
            )
        self.rewriting = True

    def resume(self, link: Link) -> bool:
        """Whether the chain goes on here under other numbers, since one was put in or taken out before."""
        if not self.doubts:
            return False
        anchored, before = self.anchor
        expected = link.number + self.moved
        last = self.doubts[-1]
        for true_number, hash_before in ((anchored + 1, before), (expected + 1, self.stored)):
            if true_number == expected or link.hashed(hash_before, true_number) != link.stored:
                continue
            if last.link.hashed(link.stored, true_number + 1) == last.link.stored:
                # The two merely changed places.
                continue
            if true_number < expected:
                last.fault = Fault.INSERTED
                last.detail = "The event was put in here, and what follows was numbered anew."
            else:
                last.fault = Fault.MISSING
                last.detail = "The event of this number is gone, and what followed moved up."
            self.moved = true_number - link.number
            self.anchor = (true_number, link.stored)
            return True
        return False

    def doubt(self, link: Link, signed: bytes | None, results: set[bytes]) -> None:
        if len(self.doubts) < DOUBTS:
            found = Doubt(link, self.befores, signed)
            if signed and signed != link.stored and signed in results:
                found.detail = "Its content is what was signed; the hash kept with it was changed."
            self.doubts.append(found)


def resolve(doubts: list[Doubt]) -> Iterator[Finding]:
    """Swaps are told from edits; who only stands after something changed is let go."""
    for one, other in permutations([doubt for doubt in doubts if doubt.fault is Fault.EDITED], 2):
        if other.fault is Fault.EDITED and belongs(other.link, one):
            for doubt, place in ((one, other.link.number), (other, one.link.number)):
                doubt.fault = Fault.SWAPPED
                doubt.detail = f"The event that belongs here stands at number {place}."
    strays = {doubt.link.stored for doubt in doubts}
    for doubt in doubts:
        if doubt.fault is not Fault.EDITED or not stands_after(doubt, strays - {doubt.link.stored}):
            yield doubt.link.finding(doubt.fault, doubt.detail)


def belongs(link: Link, place: Doubt) -> bool:
    """Whether the link, wherever it stands now, is the one that was at this place."""
    rightful = {place.link.stored, link.stored, place.signed}
    return any(link.hashed(before, place.link.number) in rightful for before in place.befores)


def stands_after(doubt: Doubt, strays: set[bytes]) -> bool:
    """Whether the link holds after a hash that was moved elsewhere."""
    return any(doubt.link.hashed(before) == doubt.link.stored for before in strays)
