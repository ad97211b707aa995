"""Sealing traffic: what intake wrote is counted and hashed in batches, and each seal is a control event.

A seal covers the ids after `after` up to and with `until`. Seals of one business leave no room between them,
and one is made each day even where nothing came in, so that nothing can be put in later with an older id.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from leadping.accounts.models import Business
from leadping.audit.findings import name_event
from leadping.chain import CANONICAL, events_of, lock_head
from leadping.events import SYSTEM, record_event
from leadping.ids import LATENESS, first_id_at, moment_of, public_id
from leadping.models import ChainHead, Event, traffic_rule
from leadping.one_by_one import one_by_one

SEALED = "events.sealed"
# So many events a seal at most: a broken one names a place no wider than this.
BATCH = 10_000
CHUNK = 2_000
QUIET = timedelta(days=1)


def traffic_of(business_id: UUID | None) -> QuerySet[Event]:
    return events_of(business_id).filter(traffic_rule(), chain_number__isnull=True).order_by("id")


@dataclass(slots=True)
class Digest:
    """SHA-256 over the canonical forms, each followed by the end of a line."""

    count: int = 0
    last: UUID | None = None
    hash: Any = field(default_factory=sha256)

    def add(self, event_id: UUID, canonical: str) -> None:
        self.hash.update(canonical.encode())
        self.hash.update(b"\n")
        self.count += 1
        self.last = event_id

    def hexadecimal(self) -> str:
        return self.hash.hexdigest()


def seal_everything(*, now: datetime) -> int:
    """Seals what is old enough in all businesses and gives the number of events sealed."""
    bound = settled_before(now=now)
    businesses: Iterable[UUID | None] = Business.objects.values_list("pk", flat=True)
    return one_by_one(
        [*businesses, None],
        lambda business_id: seal_business(business_id, bound, now=now),
        otherwise="traffic not sealed",
    )


def settled_before(*, now: datetime) -> UUID:
    """Before this id nobody writes any more: older by LATENESS than now and than each open transaction that
    has written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        [(oldest,)] = cursor.fetchall()
    return first_id_at(min(now, oldest or now) - LATENESS)


def seal_business(business_id: UUID | None, bound: UUID, *, now: datetime) -> int:
    sealed = 0
    while count := seal_batch(business_id, bound, now=now):
        sealed += count
        if count < BATCH:
            break
    return sealed


@transaction.atomic
def seal_batch(business_id: UUID | None, bound: UUID, *, now: datetime) -> int:
    """The head is locked, so that two workers never seal the same events."""
    head = lock_head(business_id)
    traffic = traffic_of(business_id).filter(id__lt=bound)
    if head.sealed_until:
        traffic = traffic.filter(id__gt=head.sealed_until)
    digest = Digest()
    for event_id, canonical in stream(traffic[:BATCH]):
        digest.add(event_id, canonical)
    until = digest.last if digest.count == BATCH and digest.last else UUID(int=bound.int - 1)
    if digest.count or is_quiet(head, until):
        record_seal(head, digest, until, now=now)
    return digest.count


def is_quiet(head: ChainHead, until: UUID) -> bool:
    """Nothing was sealed for a day, in a business where something ever happened."""
    if head.sealed_until is None:
        return head.count > 0
    return moment_of(until) - moment_of(head.sealed_until) >= QUIET


def record_seal(head: ChainHead, digest: Digest, until: UUID, *, now: datetime) -> None:
    after = name_event(head.sealed_until) if head.sealed_until else ""
    record_event(
        SEALED,
        subject=public_id(Business.PREFIX, head.business_id) if head.business_id else "",
        by=SYSTEM,
        business_id=head.business_id,
        now=now,
        after=after,
        until=name_event(until),
        count=digest.count,
        digest=digest.hexadecimal(),
    )
    ChainHead.objects.filter(pk=head.pk).update(sealed_until=until)


def stream(events: QuerySet[Event]) -> Iterator[tuple[UUID, str]]:
    """Ids and canonical forms through a cursor of the server's, so that memory stays bounded."""
    rows = events.annotate(canonical=CANONICAL).values_list("id", "canonical")
    return rows.iterator(chunk_size=CHUNK)
