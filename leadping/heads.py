"""The heads of the chains outside the database, where whoever can rewrite the tables does not reach.

One JSON line for each move of a head, appended to AUDIT_HEADS_FILE and signed with SECRET_KEY. A signature
keeps others from writing lines; that old lines stay, the disk or the place they are shipped to must see to.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.signing import Signer
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from leadping.ids import public_id
from leadping.models import ChainHead

log = structlog.get_logger("leadping.audit")

SALT = "leadping.audit.head"
# That of accounts.models.Business, which stands above: it records events, and so comes here.
BUSINESS_PREFIX = "business"


def publish_head(head: ChainHead) -> None:
    """Appends the head to the file. That it cannot be written is for the log: what happened has happened."""
    line = describe_head(head)
    try:
        append_line(Path(settings.AUDIT_HEADS_FILE), json.dumps({**line, "signature": sign(line)}))
    except OSError as error:
        log.error("audit head not published", file=settings.AUDIT_HEADS_FILE, why=str(error), **line)
        return
    note_published(head)


def log_heads(known: dict[UUID, int]) -> None:
    """A log line for each head that moved since it was `known`: for logs that are shipped, as a second place.

    The worker's alone, since what commands print is read by others' scripts.
    """
    for head in ChainHead.objects.exclude(count=0).iterator():
        if known.get(head.pk) != head.count:
            log.info("audit head", **describe_head(head))
            known[head.pk] = head.count


@transaction.atomic
def note_published(head: ChainHead) -> None:
    with connection.cursor() as cursor:
        # Lost in a crash, it costs a line written twice.
        cursor.execute("SET LOCAL synchronous_commit TO off")
    ChainHead.objects.filter(pk=head.pk).update(published=Greatest(F("published"), head.count))


def describe_head(head: ChainHead) -> dict[str, Any]:
    return {
        "chain": head.public_id,
        "business": public_id(BUSINESS_PREFIX, head.business_id) if head.business_id else None,
        "count": head.count,
        "hash": bytes(head.hash).hex(),
        "at": timezone.now().isoformat(),
    }


def sign(line: Mapping[str, Any], *, key: str | bytes | None = None) -> str:
    """By HMAC: no key but the installation's own is needed, and only who has it can check the lines."""
    return Signer(key=key, salt=SALT).signature(json.dumps(line, sort_keys=True))


def append_line(path: Path, text: str) -> None:
    """In one write at the end of the file, and on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, text.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class SignedChain:
    """What the file knows of one chain: hashes by number."""

    business: str | None
    hashes: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class SignedHeads:
    chains: dict[str, SignedChain] = field(default_factory=dict)
    # Lines that prove nothing, as text and number of the line.
    faults: list[tuple[str, int]] = field(default_factory=list)
    # Lines of one chain and number that are both signed and say different things.
    contradictions: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def read_heads(paths: Iterable[Path]) -> SignedHeads:
    heads = SignedHeads()
    for path, number, text in lines_of(paths):
        line = read_line(text)
        if line is None:
            heads.faults.append((str(path), number))
            continue
        chain = heads.chains.setdefault(line["chain"], SignedChain(line["business"]))
        stored = bytes.fromhex(line["hash"])
        if chain.hashes.setdefault(line["count"], stored) != stored:
            heads.contradictions[line["chain"]].add(line["count"])
    return heads


def lines_of(paths: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in paths:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                yield from ((path, number, text) for number, text in enumerate(file, 1))


def read_line(text: str) -> dict[str, Any] | None:
    """The line without its signature, or None where that is wrong."""
    try:
        line = json.loads(text)
        signature = line.pop("signature")
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    signed = any(constant_time_compare(str(signature), sign(line, key=key)) for key in keys)
    return line if signed else None
