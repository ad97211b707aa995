"""What proves that a control event was there and is unchanged: its link in the chain, and a signed head."""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q

from leadping.audit.findings import name_event
from leadping.audit.seals import SEALED
from leadping.chain import CANONICAL, GENESIS, events_of, of_business
from leadping.heads import lines_of, read_line
from leadping.models import ChainHead, Event
from leads.models import Lead

log = structlog.get_logger("leads.dossier")

# What of a source's log bears on its leads: whether it might send, and on which terms.
SOURCE_KINDS = tuple(
    f"source.{what}" for what in ("created", "changed", "paused", "resumed", "deleted", "restored")
)
# So many a dossier holds at most, the newest; and so many seals are looked through for the one on an event.
MOST, SEALS = 500, 50
COUNT = re.compile(r'"count": (\d+)')


@dataclass(frozen=True, slots=True)
class Link:
    """Its hash is SHA-256 of `before`, the number in eight bytes and `canonical`.

    `head` is the first signed line of the file of heads that covers it; None where the file has none.
    """

    event: Event
    canonical: str
    before: bytes
    head: Mapping[str, Any] | None

    @property
    def number(self) -> int:
        return self.event.chain_number or 0

    @property
    def hash(self) -> str:
        return bytes(self.event.chain_hash or b"").hex()


@dataclass(frozen=True, slots=True)
class Chain:
    """`last` is the newest signed head of the business's chain, whatever it covers. `seals` are the numbers
    of the links that seal the lead's own events, by their ids; an event of the last minutes has none."""

    name: str
    links: Sequence[Link]
    last: Mapping[str, Any] | None
    seals: Mapping[str, int]


def read_chain(
    lead: Lead, events: Sequence[Event], *, terms: Collection[str], complaints: Collection[str]
) -> Chain:
    """`terms` and `complaints` are the ids of those that the source's log is asked about."""
    head = ChainHead.objects.filter(**of_business(lead.business_id)).first()
    seals = {event.public_id: seal for event in events if (seal := seal_on(event))}
    about = Q(kind__in=SOURCE_KINDS) | Q(kind__startswith="terms.", data__terms__in=list(terms))
    about |= Q(kind__startswith="complaint.", data__complaint__in=list(complaints))
    source = Q(subject=lead.source.public_id) & about
    # Whoever passed over failed evidence did it to the lead itself.
    overridden = Q(subject=lead.public_id, kind__startswith="override.")
    chained = events_of(lead.business_id).filter(chain_number__isnull=False)
    newest = chained.filter(source | overridden).order_by("-id").values_list("pk", flat=True)[:MOST]
    wanted = {*newest, *(seal.pk for seal in seals.values())}
    found = chained.filter(pk__in=wanted).annotate(canonical=CANONICAL).order_by("chain_number")
    name = head.public_id if head else ""
    return Chain(
        name,
        link_up(list(found), heads := SignedLines.of(name)),
        heads.last(),
        {event_id: seal.chain_number or 0 for event_id, seal in seals.items()},
    )


def seal_on(event: Event) -> Event | None:
    """The control event that seals this one's traffic."""
    later = events_of(event.business_id).filter(chain_number__isnull=False, id__gt=event.pk, kind=SEALED)
    name = name_event(event.pk)
    # Ids sort as the moments they were made at, as text too.
    return next((seal for seal in later.order_by("id")[:SEALS] if covers(seal, name)), None)


def covers(seal: Event, name: str) -> bool:
    return str(seal.data.get("after", "")) < name <= str(seal.data.get("until", ""))


def link_up(events: Sequence[Any], heads: "SignedLines") -> list[Link]:
    if not events:
        return []
    numbers = [event.chain_number - 1 for event in events]
    business_id = events[0].business_id
    before = events_of(business_id).filter(chain_number__in=numbers).values_list("chain_number", "chain_hash")
    hashes = {number: bytes(stored or b"") for number, stored in before}
    return [
        Link(
            event,
            event.canonical,
            hashes.get(event.chain_number - 1, GENESIS),
            heads.covering(event.chain_number),
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class SignedLines:
    """The lines about one chain in the file of heads, by the number they go up to. The file grows with every
    control event of the house, so a signature is looked at only where its line is wanted."""

    numbers: Sequence[int]
    lines: Mapping[int, str]

    @classmethod
    def of(cls, chain: str) -> "SignedLines":
        told = lines_of([Path(settings.AUDIT_HEADS_FILE)]) if chain else ()
        try:
            lines = first_lines((text for _, _, text in told), f'"{chain}"')
        except OSError as error:
            log.error("audit heads not readable", file=settings.AUDIT_HEADS_FILE, why=str(error))
            lines = {}
        return cls(sorted(lines), lines)

    def covering(self, number: int) -> Mapping[str, Any] | None:
        at = bisect_left(self.numbers, number)
        return next(filter(None, map(self.read, self.numbers[at : at + SEALS])), None)

    def last(self) -> Mapping[str, Any] | None:
        return next(filter(None, map(self.read, reversed(self.numbers[-SEALS:]))), None)

    def read(self, number: int) -> Mapping[str, Any] | None:
        """As it stands in the file, if it is one that we signed."""
        line = self.lines[number]
        return json.loads(line) if read_line(line) else None


def first_lines(texts: Iterable[str], chain: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for text in texts:
        if chain in text and (count := COUNT.search(text)):
            found.setdefault(int(count[1]), text)
    return found
