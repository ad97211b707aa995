"""Issuing and revoking the keys of a source. A key is shown once, by whoever called `issue`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from leadping.events import record_event
from leadping.keys import API_KEY, API_SECRET, generate
from sources.models import Credential, Source

SLOTS = (1, 2)


class CredentialError(Exception):
    """The message says to a person why the key cannot be issued or revoked."""


@dataclass(frozen=True, slots=True)
class Issued:
    credential: Credential
    api_key: str
    api_secret: str


@transaction.atomic
def issue_credential(source: Source, *, by: str, now: datetime) -> Issued:
    locked = Source.objects.select_for_update().get(pk=source.pk)
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
    announce("credential.issued", credential, by=by, now=now)
    return Issued(credential, key.text, secret.text)


@transaction.atomic
def revoke_credential(credential: Credential, *, by: str, reason: str, now: datetime) -> None:
    """Ends the key at once: raising the source's version makes every cached copy of it worthless."""
    revoked = Credential.objects.filter(pk=credential.pk, revoked_at=None).update(revoked_at=now)
    if not revoked:
        raise CredentialError("The key is revoked already.")
    Source.objects.filter(pk=credential.source_id).update(version=F("version") + 1)
    announce("credential.revoked", credential, by=by, now=now, reason=reason)


def announce(kind: str, credential: Credential, *, by: str, now: datetime, reason: str = "") -> None:
    record_event(
        kind,
        subject=credential.source.public_id,
        by=by,
        business_id=credential.source.business_id,
        now=now,
        reason=reason,
        credential=credential.public_id,
        prefix=credential.prefix,
    )
