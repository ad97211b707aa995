"""Issuing, rotating and revoking the keys of a source. A key is shown once, by whoever called the verb."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from leadping.events import SYSTEM, record_event
from leadping.keys import API_KEY, API_SECRET, completed, generate
from leadping.moments import say_moment
from leadping.one_by_one import one_by_one
from leadping.verbs import VerbError
from sources.changes import plain
from sources.models import Credential, Source

SLOTS = (1, 2)
OVERLAP = timedelta(hours=24)


class CredentialError(VerbError):
    """The message says to a person why the key cannot be issued or revoked."""


@dataclass(frozen=True, slots=True)
class Issued:
    credential: Credential
    api_key: str
    api_secret: str


@transaction.atomic
def issue_credential(source: Source, *, by: str, reason: str, now: datetime) -> Issued:
    locked = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if locked.deleted_at:
        raise CredentialError("The source is deleted; restore it first.")
    retire(locked.credentials.all(), now=now)
    taken = locked.credentials.filter(revoked_at=None).values_list("slot", flat=True)
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise CredentialError("Two keys are active already; revoke one of them first.")
    key = generate(API_KEY)
    secret = generate(API_SECRET, key.prefix)
    credential = Credential.objects.create(
        business_id=locked.business_id,
        source=locked,
        slot=free[0],
        prefix=key.prefix,
        key_hash=key.hash,
        secret_hash=secret.hash,
        created_by=by,
        created_at=now,
    )
    slot = {"before": {}, "after": {"slot": credential.slot}}
    announce("credential.issued", credential, by=by, reason=reason, now=now, **slot)
    return Issued(credential, key.text, secret.text)


@transaction.atomic
def rotate_credential(
    credential: Credential, *, by: str, reason: str, now: datetime, overlap: timedelta = OVERLAP
) -> Issued:
    """A new key in place of this one, which goes on working for the overlap; without any it ends at once."""
    source = Source.objects.select_for_update(no_key=True).get(pk=credential.source_id)
    stored = source.credentials.get(pk=credential.pk)
    if not stored.is_live(now):
        raise CredentialError("The key works no more; issue a new one instead.")
    if stored.retires_at:
        raise CredentialError(f"The key was rotated already; it ends on {say_moment(stored.retires_at)}.")
    if overlap < timedelta():
        raise CredentialError("An overlap cannot be negative.")
    ends = {"retires_at": now + overlap} if overlap else {"revoked_at": now}
    Credential.objects.filter(pk=stored.pk).update(**ends)
    raise_version(source)
    issued = issue_credential(source, by=by, reason=reason, now=now)
    announce(
        "credential.rotated",
        stored,
        by=by,
        reason=reason,
        now=now,
        **turned(**{name: (None, moment) for name, moment in ends.items()}),
        successor=issued.credential.prefix,
    )
    return issued


def retire_due(now: datetime) -> int:
    """Marks keys whose overlap is over as revoked, and says how many. None of them worked any more."""
    due = Credential.objects.filter(revoked_at=None, retires_at__lte=now).order_by("id")
    return one_by_one(
        due,
        lambda one: retire(Credential.objects.filter(pk=one.pk), now=now),
        otherwise="key not marked as ended",
    )


@transaction.atomic
def retire(credentials: QuerySet[Credential], *, now: datetime) -> int:
    due = credentials.filter(revoked_at=None, retires_at__lte=now).select_related("source")
    retired = list(due.select_for_update(of=("self",), no_key=True).order_by("id"))
    Credential.objects.filter(pk__in=[one.pk for one in retired]).update(revoked_at=F("retires_at"))
    for one in retired:
        reason = "The overlap of its rotation is over."
        ended = turned(revoked_at=(None, one.retires_at))
        announce("credential.revoked", one, by=SYSTEM, reason=reason, now=now, **ended)
    return len(retired)


@transaction.atomic
def revoke_credential(credential: Credential, *, by: str, reason: str, now: datetime) -> None:
    """Ends the key at once: raising the source's version makes every cached copy of it worthless."""
    # The source first, as in every verb, so that no two of them can wait for each other.
    source = Source.objects.select_for_update(no_key=True).get(pk=credential.source_id)
    revoked = Credential.objects.filter(pk=credential.pk, revoked_at=None).update(revoked_at=now)
    if not revoked:
        raise CredentialError("The key is revoked already.")
    raise_version(source)
    ended = turned(revoked_at=(None, now))
    announce("credential.revoked", credential, by=by, reason=reason, now=now, **ended)


@transaction.atomic
def flag_exposed(keys: Iterable[str], submission: str, *, business_id: UUID, now: datetime) -> None:
    """Notes, once for each, which keys and secrets of this business were seen in what somebody sent.

    They go on working: whether to revoke one is for a person to decide. A key of another business, or one
    that only looks like ours, is left alone, and nothing tells whether it exists.
    """
    seen = [completed(key) for key in keys]
    hashes = {key.hash for key in seen}
    unflagged = Credential.objects.filter(
        prefix__in={key.prefix for key in seen}, business_id=business_id, revoked_at=None, exposed_at=None
    )
    exposed = [
        credential
        for credential in unflagged.select_related("source")
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
        if not hashes.isdisjoint({bytes(credential.key_hash), bytes(credential.secret_hash)})
    ]
    Credential.objects.filter(pk__in=[one.pk for one in exposed]).update(
        exposed_at=now, exposed_in=submission
    )
    for credential in exposed:
        flagged = turned(exposed_at=(None, now), exposed_in=("", submission))
        found = {"by": SYSTEM, "reason": "It was seen in what a sender sent.", "submission": submission}
        announce("credential.exposed", credential, now=now, **found, **flagged)


def turned(**columns: tuple[Any, Any]) -> dict[str, Any]:
    """What columns were and are, as an event keeps them."""
    return {
        "before": {name: plain(was) for name, (was, _) in columns.items()},
        "after": {name: plain(value) for name, (_, value) in columns.items()},
    }


def raise_version(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(version=F("version") + 1)


def announce(kind: str, credential: Credential, *, by: str, reason: str, now: datetime, **data: Any) -> None:
    record_event(
        kind,
        subject=credential.source.public_id,
        by=by,
        business_id=credential.source.business_id,
        now=now,
        reason=reason,
        credential=credential.public_id,
        prefix=credential.prefix,
        **data,
    )
