"""Verifying the log: every chain against itself and its signed heads, the traffic against its seals."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from leadping.accounts.models import Business
from leadping.audit.findings import Fault, Finding, Report, Verified, name_event, say_count
from leadping.audit.links import Walk
from leadping.audit.seals import SEALED, stream, traffic_of
from leadping.audit.start import VERIFIED, begin, links_of
from leadping.audit.traffic import Inspection, Seal
from leadping.chain import of_business, waiting
from leadping.events import record_event
from leadping.heads import SignedChain, SignedHeads, read_heads
from leadping.ids import LATENESS, first_id_at, moment_of, public_id
from leadping.models import ChainHead

log = structlog.get_logger("leadping.audit")

INSTALLATION = "The installation"
# What the worker does each minute, or each ten minutes for seals, is late after this.
CHAIN_GRACE = LATENESS
SEAL_GRACE = timedelta(hours=1)
# So many findings the event of a verification tells.
TOLD = 20


def verify_and_record(
    *,
    by: str,
    now: datetime,
    businesses: Sequence[Business] | None = None,
    files: Sequence[Path] | None = None,
    full: bool = True,
) -> Report:
    """Verifies, and writes each chain's result down as a control event of its own."""
    started = monotonic()
    report = verify(now=now, businesses=businesses, files=files, full=full)
    # The walk may take long, and no event says that it is older than those before it.
    done = now + timedelta(seconds=monotonic() - started)
    for chain in report.chains:
        record_event(
            VERIFIED,
            subject=public_id(Business.PREFIX, chain.business_id) if chain.business_id else "",
            by=by,
            business_id=chain.business_id,
            now=done,
            since=chain.since,
            number=chain.links,
            traffic=chain.traffic,
            findings=chain.count,
            told=[str(finding) for finding in chain.findings[:TOLD]],
        )
    return report


def verify(
    *,
    now: datetime,
    businesses: Sequence[Business] | None = None,
    files: Sequence[Path] | None = None,
    full: bool = True,
) -> Report:
    """Reads only. The file is read first: what it says was committed before we look at the tables.

    Unless `full`, each chain is walked from where it last held.
    """
    signed = read_heads([Path(settings.AUDIT_HEADS_FILE)] if files is None else files)
    named: list[tuple[UUID | None, str]] = [
        (business.pk, business.name)
        for business in (Business.objects.order_by("pk") if businesses is None else businesses)
    ]
    if businesses is None:
        named.append((None, INSTALLATION))
    chains = [verify_chain(business_id, name, signed, now=now, full=full) for business_id, name in named]
    report = Report(chains)
    if businesses is None:
        report.loose = list(loose_findings(signed))
    return report


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A chain as of one moment, so that events that come meanwhile are no findings. Each has its own: while a
    snapshot is held, no dead row of any table is cleared away."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def verify_chain(
    business_id: UUID | None, name: str, signed: SignedHeads, *, now: datetime, full: bool
) -> Verified:
    verified = Verified(business_id, name)
    try:
        with one_snapshot():
            for finding in findings_of(verified, signed, now=now, full=full):
                verified.add(finding)
    except Exception as failure:
        # One chain that cannot be walked, for whatever reason, must not keep the others from being verified.
        log.exception("chain not verified", chain=name)
        verified.add(Finding(Fault.UNVERIFIED, f"It could not be walked: {type(failure).__name__}."))
    return verified


def findings_of(verified: Verified, signed: SignedHeads, *, now: datetime, full: bool) -> Iterator[Finding]:
    business_id = verified.business_id
    head = ChainHead.objects.filter(**of_business(business_id)).first()
    told = signed.chains.get(head.public_id) if head else None
    told = told or SignedChain(None)
    start = begin(business_id, head, told, full=full)
    walk, seals = start.walk, start.seals
    verified.since = walk.number
    yield from walk.along(links_of(business_id, seals, after=walk.number))
    verified.links = walk.number
    yield from compare_head(head, walk, seals)
    yield from compare_file(told, walk, head, now=now)
    yield from other_chains(verified, signed, head)
    yield from unchained(business_id, now=now)
    yield from other_checks(business_id, verified.since)
    seals.sort(key=lambda seal: seal.until)
    inspection = Inspection(seals, settled=first_id_at(now - LATENESS - SEAL_GRACE))
    yield from inspection.along(stream(traffic_of(business_id).filter(start.traffic)))
    verified.traffic = inspection.events


def other_checks(business_id: UUID | None, since: int) -> Iterator[Finding]:
    """What the rooms above hold against the chain: rows of theirs whose hashes are in its events."""
    for name in settings.AUDIT_CHECKS:
        yield from import_string(name)(business_id, since)


def compare_head(head: ChainHead | None, walk: Walk, seals: Sequence[Seal]) -> Iterator[Finding]:
    if head is None:
        if walk.number:
            yield Finding(Fault.HEAD_CHANGED, "The row of the chain's head is gone.", walk.number)
        return
    if head.count > walk.number:
        yield truncated(walk.number, f"The head says {head.count:,}")
    elif head.count < walk.number:
        event = name_event(walk.last_id) if walk.last_id else ""
        detail = f"The chain goes on to number {walk.number} past its head, which says {head.count}."
        yield Finding(Fault.INSERTED, detail, head.count + 1, event)
    elif bytes(head.hash) != walk.stored and walk.number:
        yield Finding(Fault.HEAD_CHANGED, "The head's hash is not that of the last event.", walk.number)
    if head.sealed_until and not says(seals, head):
        until = name_event(head.sealed_until)
        detail = f"The head says that traffic is sealed up to {until}; the last seal does not."
        yield Finding(Fault.HEAD_CHANGED, detail, walk.number)


def says(seals: Sequence[Seal], head: ChainHead) -> bool:
    """Whether the last seal is the one the head knows. One that was just made may not be a link yet."""
    last = seals[-1].until if seals else None
    return (head.sealed_until and head.sealed_until.int) == last or waiting(head.business_id).filter(
        kind=SEALED
    ).exists()


def truncated(there: int, claim: str) -> Finding:
    detail = f"{claim}, the table holds {there:,}: what followed is gone."
    return Finding(Fault.TRUNCATED, detail, there + 1)


def compare_file(
    told: SignedChain, walk: Walk, head: ChainHead | None, *, now: datetime
) -> Iterator[Finding]:
    last = max(told.hashes, default=0)
    if last > walk.number and not (head and head.count >= last):
        yield truncated(walk.number, f"The file of heads says {last:,}")
    unsigned = walk.first_unsigned
    if unsigned and moment_of(unsigned) < now - CHAIN_GRACE:
        count = say_count(walk.number - last, "event")
        yield Finding(
            Fault.UNSIGNED,
            f"The file of heads does not know {count} from here on; their head was never written to it, "
            "or lines were taken out.",
            last + 1,
            name_event(unsigned),
        )


def other_chains(verified: Verified, signed: SignedHeads, head: ChainHead | None) -> Iterator[Finding]:
    """The file may know another chain of this business: then the one at hand was begun anew."""
    business = public_id(Business.PREFIX, verified.business_id) if verified.business_id else None
    for name, chain in signed.chains.items():
        if chain.business == business and (head is None or name != head.public_id):
            yield truncated(0, f"The file of heads says {max(chain.hashes):,} for the chain {name}")


def unchained(business_id: UUID | None, *, now: datetime) -> Iterator[Finding]:
    late = waiting(business_id).filter(id__lt=first_id_at(now - CHAIN_GRACE))
    for event in late.iterator():
        detail = f"The event “{event.kind}” has no number in the chain. Does the worker run?"
        yield Finding(Fault.UNCHAINED, detail, event=event.public_id)


def loose_findings(signed: SignedHeads) -> Iterator[Finding]:
    for path, number in signed.faults:
        yield Finding(
            Fault.BAD_LINE, f"Line {number} of {path} is not one that we signed with this SECRET_KEY."
        )
    for chain, numbers in signed.contradictions.items():
        for number in sorted(numbers):
            detail = f"The file holds two signed heads of {chain} with this number that differ."
            yield Finding(Fault.REWRITTEN, detail, number)
    yield from vanished(signed)


def vanished(signed: SignedHeads) -> Iterator[Finding]:
    """Chains of businesses that are not there any more at all."""
    known: Iterable[UUID] = Business.objects.values_list("pk", flat=True)
    names = {public_id(Business.PREFIX, business_id) for business_id in known}
    for name, chain in signed.chains.items():
        if chain.business and chain.business not in names:
            yield truncated(0, f"The file of heads says {max(chain.hashes):,} for {chain.business} ({name})")
