"""The chain of a business's control events: none can be edited, removed, put in or moved without a trace.

Each link's hash is SHA-256 of the hash before it, its number in eight bytes and the event's canonical form, a
JSON array that PostgreSQL writes. Events of no business hang on the installation's own chain.

An event joins right after its transaction has committed, in a short transaction that locks the head and
nothing else. So no verb ever waits for another's chain, there is no order of locks to keep, and whoever comes
first takes along all that waits. What a dying process leaves behind the worker takes up.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Func, Q, QuerySet
from django.db.models.functions import Cast

from leadping.heads import publish_head
from leadping.models import ChainHead, Event, is_traffic_kind, traffic_rule

# What the first link hangs on.
GENESIS = bytes(32)
BATCH = 500

# Everything an event says. `pending` is left out: it is a mark of the relay's, who clears it.
MICROSECONDS = Func(
    F("at"),
    template="(extract(epoch from %(expressions)s) * 1000000)::bigint",
    output_field=models.BigIntegerField(),
)
CANONICAL = Cast(
    Func(
        *(F("id"), F("business_id"), MICROSECONDS, F("kind"), F("subject"), F("actor"), F("reason")),
        *(F("data"), F("count"), F("fold_key")),
        function="jsonb_build_array",
        output_field=models.JSONField(),
    ),
    models.TextField(),
)


def hash_link(before: bytes, number: int, canonical: str) -> bytes:
    return sha256(before + number.to_bytes(8, "big") + canonical.encode()).digest()


def events_of(business_id: UUID | None) -> QuerySet[Event]:
    return Event.objects.filter(**of_business(business_id))


def of_business(business_id: UUID | None) -> dict[str, object]:
    return {"business_id": business_id} if business_id else {"business_id__isnull": True}


def waiting(business_id: UUID | None) -> QuerySet[Event]:
    """The control events that are no links yet, oldest first."""
    to_chain = Q(chain_number__isnull=True) & ~traffic_rule()
    return events_of(business_id).filter(to_chain).order_by("id")


def enter_log(event: Event) -> Event:
    """Stores an event, and has it chained once the transaction at hand is committed."""
    with transaction.atomic():
        event.save(force_insert=True)
        if not is_traffic_kind(event.kind):
            transaction.on_commit(partial(chain_waiting, event.business_id), robust=True)
    return event


def chain_waiting(business_id: UUID | None) -> None:
    """Makes links of all control events of the business that wait, and publishes the head."""
    while waiting(business_id).exists() and link_batch(business_id) == BATCH:
        pass


@transaction.atomic
def link_batch(business_id: UUID | None) -> int:
    head = lock_head(business_id)
    events = list(waiting(business_id).annotate(canonical=CANONICAL)[:BATCH])
    for event in events:
        head.count += 1
        head.hash = hash_link(head.hash, head.count, event.canonical)
        event.chain_number, event.chain_hash = head.count, head.hash
    if events:
        Event.objects.bulk_update(events, ["chain_number", "chain_hash"], batch_size=50)
        ChainHead.objects.filter(pk=head.pk).update(count=head.count, hash=head.hash)
        transaction.on_commit(partial(publish_head, head), robust=True)
    return len(events)


def lock_head(business_id: UUID | None) -> ChainHead:
    locked = ChainHead.objects.select_for_update().filter(**of_business(business_id))
    if (head := locked.first()) is None:
        ChainHead.objects.bulk_create(
            [ChainHead(business_id=business_id, hash=GENESIS)], ignore_conflicts=True
        )
        head = locked.get()
    head.hash = bytes(head.hash)
    return head


def chain_everything() -> None:
    """The worker's: links what others left waiting, and publishes the heads that they did not. A chain that
    cannot be written on keeps none of the others waiting; what was in the way of the first is raised last."""
    to_chain = Q(chain_number__isnull=True) & ~traffic_rule()
    waits = Event.objects.filter(to_chain).values_list("business_id", flat=True).distinct()
    heads = ChainHead.objects.filter(count__gt=F("published"))
    failed = [*try_each(chain_waiting, waits), *try_each(publish_head, heads)]
    if failed:
        raise failed[0]


def try_each(act: Callable[[Any], object], things: Iterable[Any]) -> Iterator[Exception]:
    for thing in things:
        try:
            act(thing)
        except Exception as failure:
            yield failure
