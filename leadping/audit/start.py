"""Where the walk along a chain begins: at its first link, or where it last held."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from leadping.audit.links import Link, Walk
from leadping.audit.seals import CHUNK, SEALED
from leadping.audit.traffic import Seal, read_seal
from leadping.chain import CANONICAL, events_of
from leadping.heads import SignedChain
from leadping.models import ChainHead, Event

VERIFIED = "audit.verified"


@dataclass(slots=True)
class Start:
    """`traffic` leaves out what lies before the first of `seals`."""

    walk: Walk
    seals: list[Seal] = field(default_factory=list)
    traffic: Q = field(default_factory=Q)


def begin(business_id: UUID | None, head: ChainHead | None, told: SignedChain, *, full: bool) -> Start:
    start = Start(Walk(told.hashes, began=head.pk if head else UUID(int=0)))
    last = None if full else last_good(business_id)
    # Where the file lost lines since, only the whole walk can tell what they were.
    if last is None or last.chain_number is None or max(told.hashes, default=0) < last.chain_number:
        return start
    stored = bytes(last.chain_hash or b"")
    walk = start.walk
    walk.number, walk.stored, walk.last_id = last.chain_number, stored, last.pk
    walk.befores, walk.anchor = frozenset({stored}), (last.chain_number, stored)
    walk.highest_id, walk.highest_at = last.pk, last.at
    start.seals = last_seal(business_id, last.chain_number)
    # The last seal is looked at again, for the head speaks of it.
    if start.seals and start.seals[0].after >= 0:
        start.traffic = Q(id__gt=UUID(int=start.seals[0].after))
    return start


def last_good(business_id: UUID | None) -> Event | None:
    """The link up to which the last verification found nothing; None where it found something."""
    links = chain_of(business_id)
    verified = links.filter(kind=VERIFIED).last()
    if verified is None or verified.data.get("findings") != 0:
        return None
    return links.filter(chain_number=verified.data.get("number")).first()


def last_seal(business_id: UUID | None, number: int) -> list[Seal]:
    sealed = chain_of(business_id).filter(kind=SEALED, chain_number__lte=number)
    rows = sealed.annotate(canonical=CANONICAL).values_list("chain_number", "id", "canonical")
    row = rows.last()
    seal = read_seal(row[0] or 0, row[1], row[2]) if row else None
    return [seal] if seal else []


def chain_of(business_id: UUID | None) -> QuerySet[Event]:
    return events_of(business_id).filter(chain_number__isnull=False).order_by("chain_number")


def links_of(business_id: UUID | None, seals: list[Seal], *, after: int) -> Iterator[Link]:
    """In the order of their numbers; seals are gathered on the way."""
    rows = (
        chain_of(business_id)
        .filter(chain_number__gt=after)
        .annotate(canonical=CANONICAL)
        .values_list("chain_number", "id", "at", "chain_hash", "canonical", "kind", "pending")
    )
    for number, event_id, at, stored, canonical, kind, pending in rows.iterator(chunk_size=CHUNK):
        # Nothing waits for a control event, so the mark is part of what it must not become.
        said = canonical + ("pending" if pending else "")
        link = Link(number or 0, event_id, at, bytes(stored or b""), said)
        if kind == SEALED and (seal := read_seal(link.number, event_id, canonical)):
            seals.append(seal)
        yield link
