"""What somebody with the database in hand might do to the log, and where a verification must then point."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.audit.findings import Fault, Finding
from leadping.chain import CANONICAL, GENESIS, chain_waiting, hash_link
from leadping.ids import first_id_at, new_id
from leadping.models import ChainHead, Event


@dataclass
class Log:
    """Two businesses with chains and sealed traffic, as it is before each tampering."""

    one: Business
    other: Business
    random: Random
    # By the ids of the traffic of `one`: the number of the seal on it.
    seals: dict[UUID, int] = field(default_factory=dict)

    def links(self, business: Business | None = None) -> Any:
        return Event.objects.filter(business=business or self.one, chain_number__isnull=False).order_by(
            "chain_number"
        )

    def count(self, business: Business | None = None) -> int:
        return self.links(business).aggregate(last=Max("chain_number"))["last"] or 0

    def pick(self, first: int = 1, before_end: int = 0) -> Event:
        """Some link, at `first` or later and with so many after it."""
        return self.links().get(chain_number=self.random.randint(first, self.count() - before_end))

    def pick_traffic(self) -> UUID:
        return self.random.choice(list(self.seals))

    def head(self, business: Business | None = None) -> Any:
        return ChainHead.objects.filter(business=business or self.one)


# Where the link that was touched is a seal, these follow from it.
OF_A_LOST_SEAL = {Fault.UNSEALED, Fault.HEAD_CHANGED, Fault.SEAL_BROKEN}


@dataclass(frozen=True)
class Expected:
    """Every number must be named, and for `exact` no other. `events` are places without a number."""

    numbers: set[int] = field(default_factory=set)
    exact: bool = False
    faults: set[Fault] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    other_chain: bool = False

    def unmet(self, findings: list[Finding], chain: str, other: str) -> str:
        here = [finding for finding in findings if finding.chain == chain]
        if not self.numbers <= {finding.number for finding in here}:
            return "a place is not named"
        if self.exact and {finding.number for finding in here if finding.fault not in OF_A_LOST_SEAL} != (
            self.numbers
        ):
            return "places are named that nobody touched"
        if not self.events <= {finding.event for finding in findings}:
            return "an event is not named"
        if not self.faults <= {finding.fault for finding in findings}:
            return "the fault is not told"
        if not self.other_chain and any(finding.chain == other for finding in findings):
            return "the other business is blamed"
        return "" if findings else "nothing is found"


Tampering = Callable[[Log], Expected]


def update(event_id: UUID, **columns: Any) -> None:
    assert Event.objects.filter(pk=event_id).update(**columns) == 1


def edit_column(log: Log) -> Expected:
    event = log.pick()
    values: dict[str, Any] = {
        "kind": "source.forged",
        "subject": event.subject + "x",
        "actor": "user_forged",
        "reason": "Forged.",
        "data": {**event.data, "after": {"enabled": "forged"}},
        "count": event.count + 1,
        "fold_key": str(new_id()),
        "pending": True,
    }
    name = log.random.choice(["at", *values])
    if name == "at":
        run("UPDATE leadping_event SET at = at + interval '1 microsecond' WHERE id = %s", [event.pk])
    else:
        update(event.pk, **{name: values[name]})
    return Expected({event.chain_number or 0}, exact=True, faults={Fault.EDITED}, events={event.public_id})


def edit_id(log: Log) -> Expected:
    event = log.pick()
    update(event.pk, id=new_id())
    return Expected({event.chain_number or 0}, exact=True, faults={Fault.EDITED})


def edit_hash(log: Log) -> Expected:
    event = log.pick(before_end=1)
    update(event.pk, chain_hash=log.random.randbytes(32))
    return Expected({event.chain_number or 0}, exact=True, faults={Fault.EDITED})


def edit_number(log: Log) -> Expected:
    event = log.pick()
    update(event.pk, chain_number=log.count() + log.random.randint(1, 9))
    return Expected({event.chain_number or 0}, faults={Fault.MISSING})


def take_out_of_the_chain(log: Log) -> Expected:
    event = log.pick(before_end=1)
    update(event.pk, chain_number=None, chain_hash=None)
    return Expected(
        {event.chain_number or 0}, faults={Fault.MISSING, Fault.UNCHAINED}, events={event.public_id}
    )


def delete_one(log: Log) -> Expected:
    event = log.pick(before_end=1)
    event.delete()
    return Expected({event.chain_number or 0}, exact=True, faults={Fault.MISSING})


def delete_range(log: Log) -> Expected:
    number = log.pick(before_end=9).chain_number or 0
    log.links().filter(chain_number__gte=number, chain_number__lt=number + log.random.randint(2, 8)).delete()
    return Expected({number}, exact=True, faults={Fault.MISSING})


def delete_and_move_up(log: Log) -> Expected:
    event = log.pick(before_end=3)
    number = event.chain_number or 0
    event.delete()
    renumber(log, number, -1)
    return Expected({number})


def renumber(log: Log, start: int, step: int) -> None:
    far = 1_000_000
    later = log.links().filter(chain_number__gte=start)
    later.update(chain_number=F("chain_number") + far)
    log.links().filter(chain_number__gte=far).update(chain_number=F("chain_number") + (step - far))


def two(log: Log) -> tuple[Event, Event]:
    one, other = (
        log.links().get(chain_number=number) for number in log.random.sample(range(1, log.count()), 2)
    )
    return one, other


def swap_numbers(log: Log) -> Expected:
    one, other = two(log)
    update(one.pk, chain_number=10_000_000)
    update(other.pk, chain_number=one.chain_number)
    update(one.pk, chain_number=other.chain_number)
    return swapped(one, other)


def swap_numbers_and_hashes(log: Log) -> Expected:
    one, other = two(log)
    update(one.pk, chain_number=10_000_000)
    update(other.pk, chain_number=one.chain_number, chain_hash=one.chain_hash)
    update(one.pk, chain_number=other.chain_number, chain_hash=other.chain_hash)
    return swapped(one, other)


def swapped(one: Event, other: Event) -> Expected:
    return Expected({one.chain_number or 0, other.chain_number or 0}, exact=True, faults={Fault.SWAPPED})


def swap_contents(log: Log) -> Expected:
    one, other = two(log)
    if said(one) == said(other):
        return edit_column(log)
    for here, there in ((one, other), (other, one)):
        update(here.pk, **said(there))
    return Expected({one.chain_number or 0, other.chain_number or 0}, exact=True, faults={Fault.EDITED})


def said(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in ("at", "kind", "subject", "actor", "reason", "data")}


def forged(log: Log, **columns: Any) -> Event:
    event = log.pick()
    return Event(**{**said(event), "business": log.one, "reason": "Forged.", **columns})


def insert_at_the_end(log: Log) -> Expected:
    number = log.count() + 1
    log.links().bulk_create([forged(log, chain_number=number, chain_hash=log.random.randbytes(32))])
    return Expected({number}, faults={Fault.INSERTED})


def insert_at_the_end_as_we_would(log: Log) -> Expected:
    """The hash is right and the head moved along; only the file knows better."""
    number = log.count() + 1
    event = forged(log)
    event.save()
    stored = rehash(log, number, ids=[event.pk])
    log.head().update(count=number, hash=stored)
    return Expected({number}, exact=True, faults={Fault.UNSIGNED}, events={event.public_id})


def insert_and_move_down(log: Log) -> Expected:
    number = log.pick(before_end=3).chain_number or 0
    renumber(log, number, 1)
    Event.objects.bulk_create([forged(log, chain_number=number, chain_hash=log.random.randbytes(32))])
    return Expected({number}, faults={Fault.INSERTED})


def insert_without_a_number(log: Log) -> Expected:
    event = forged(log)
    event.save()
    return Expected(faults={Fault.UNCHAINED}, events={event.public_id})


def put_in_late(log: Log) -> Expected:
    """A row by hand without a number, which the next event takes along into the chain and has signed."""
    long_ago = timezone.now() - timedelta(days=3)
    dated = log.random.choice([{"id": first_id_at(long_ago)}, {"at": long_ago}])
    event = forged(log, **dated)
    event.save()
    chain_waiting(log.one.pk)
    return Expected({log.count()}, faults={Fault.PUT_IN_LATE}, events={event.public_id})


def truncate(log: Log) -> Expected:
    return cut(log, repair=False)


def truncate_and_repair_the_head(log: Log) -> Expected:
    return cut(log, repair=True)


def cut(log: Log, *, repair: bool) -> Expected:
    first = log.count() - log.random.randint(0, 9)
    log.links().filter(chain_number__gte=first).delete()
    if repair:
        last = log.links().last()
        log.head().update(count=last.chain_number, hash=last.chain_hash)
    return Expected({first}, faults={Fault.TRUNCATED})


def remove_the_whole_chain(log: Log) -> Expected:
    log.links().delete()
    log.head().delete()
    return Expected({1}, faults={Fault.TRUNCATED})


def move_to_the_other_business(log: Log) -> Expected:
    event = log.pick(before_end=1)
    update(event.pk, business=log.other, chain_number=log.count(log.other) + 1)
    return Expected({event.chain_number or 0}, faults={Fault.MISSING, Fault.INSERTED}, other_chain=True)


def rehash(log: Log, first: int, ids: list[UUID] | None = None, last: int = 10**9) -> bytes:
    """Makes the hashes anew from a number on, as who knows the code would."""
    before = log.links().filter(chain_number=first - 1).first()
    stored = bytes(before.chain_hash) if before else GENESIS
    events = (
        Event.objects.filter(pk__in=ids) if ids else log.links().filter(chain_number__range=(first, last))
    )
    for number, (event_id, canonical) in enumerate(
        events.annotate(canonical=CANONICAL).values_list("id", "canonical"), first
    ):
        stored = hash_link(stored, number, canonical)
        update(event_id, chain_number=number, chain_hash=stored)
    return stored


def rewrite_everything_after(log: Log) -> Expected:
    event = log.pick()
    update(event.pk, reason="Forged.")
    log.head().update(hash=rehash(log, event.chain_number or 0))
    return Expected(faults={Fault.REWRITTEN})


def rewrite_one(log: Log) -> Expected:
    event = log.pick(before_end=1)
    number = event.chain_number or 0
    update(event.pk, reason="Forged.")
    rehash(log, number, last=number)
    return Expected()


def edit_sealed(log: Log) -> Expected:
    event_id = log.pick_traffic()
    values: dict[str, Any] = {
        "subject": "lead_x",
        "data": {"status": "forged"},
        "actor": "user_forged",
        "reason": "Forged.",
        "count": 2,
        "kind": log.random.choice(["lead.forged", "source.changed"]),
        "fold_key": str(new_id()),
        "id": new_id(),
    }
    column, value = log.random.choice(list(values.items()))
    update(event_id, **{column: value})
    return Expected({log.seals[event_id]}, faults={Fault.SEAL_BROKEN})


def delete_sealed(log: Log) -> Expected:
    event_id = log.pick_traffic()
    Event.objects.filter(pk=event_id).delete()
    return Expected({log.seals[event_id]}, faults={Fault.SEAL_BROKEN})


def insert_among_sealed(log: Log) -> Expected:
    event_id = log.pick_traffic()
    event = Event.objects.get(pk=event_id)
    # An id beside that of an event that is under the same seal.
    Event.objects.bulk_create([Event(business=log.one, id=UUID(int=event_id.int ^ 1), **said(event))])
    return Expected({log.seals[event_id]}, faults={Fault.SEAL_BROKEN})


def swap_sealed(log: Log) -> Expected:
    one, other = log.random.sample(list(log.seals), 2)
    contents = [said(Event.objects.get(pk=event_id)) for event_id in (other, one)]
    for event_id, content in zip((one, other), contents, strict=True):
        update(event_id, **content)
    return Expected({log.seals[one], log.seals[other]}, faults={Fault.SEAL_BROKEN})


def move_sealed_to_the_other_business(log: Log) -> Expected:
    event_id = log.pick_traffic()
    update(event_id, business=log.other)
    return Expected({log.seals[event_id]}, faults={Fault.SEAL_BROKEN}, other_chain=True)


def give_sealed_a_number(log: Log) -> Expected:
    event_id = log.pick_traffic()
    update(event_id, chain_number=log.count() + 1, chain_hash=log.random.randbytes(32))
    return Expected({log.seals[event_id]}, faults={Fault.SEAL_BROKEN, Fault.INSERTED})


def edit_the_head(log: Log) -> Expected:
    changes: list[dict[str, Any]] = [
        {"count": F("count") - 1},
        {"count": F("count") + 1},
        {"hash": log.random.randbytes(32)},
        {"sealed_until": new_id()},
    ]
    log.head().update(**log.random.choice(changes))
    return Expected()


def remove_the_head(log: Log) -> Expected:
    log.head().delete()
    return Expected(faults={Fault.HEAD_CHANGED})


def run(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


TAMPERINGS: tuple[Tampering, ...] = (
    *(edit_column, edit_column, edit_column, edit_id, edit_hash, edit_number, take_out_of_the_chain),
    *(delete_one, delete_range, delete_and_move_up, swap_numbers, swap_numbers_and_hashes, swap_contents),
    *(insert_at_the_end, insert_at_the_end_as_we_would, insert_and_move_down, insert_without_a_number),
    put_in_late,
    *(truncate, truncate_and_repair_the_head, remove_the_whole_chain, move_to_the_other_business),
    *(rewrite_everything_after, rewrite_one, edit_sealed, edit_sealed, delete_sealed, insert_among_sealed),
    *(swap_sealed, move_sealed_to_the_other_business, give_sealed_a_number, edit_the_head, remove_the_head),
)
