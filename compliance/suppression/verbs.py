"""Suppressing a phone or an email, and releasing it. Nothing is ever deleted.

The events name the entry and never the contact: they are kept for good, and erasing a person must not break
their chain.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import OperationalError, transaction

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.models import Suppression
from leadping.accounts.models import Account, Business
from leadping.events import record_event
from leadping.ids import public_id
from leadping.verbs import VerbError

Channel = Suppression.Channel
Origin = Suppression.Origin
LONGEST_NOTE = 2000
# How often somebody may release the entry just as we find it.
ATTEMPTS = 5
# What an entry may say of a contact of this kind.
CHANNELS = {
    "phone": (Channel.ALL, Channel.CALL, Channel.SMS),
    "email": (Channel.EMAIL,),
}


class SuppressionError(VerbError):
    """The message says to a person why it cannot be suppressed or released."""


class Suppressed(NamedTuple):
    """`added` is False where the contact was suppressed in the same way already."""

    entry: Suppression
    added: bool


@transaction.atomic
def suppress(
    business: Business,
    contact: ContactPoint,
    *,
    channel: str,
    origin: str,
    by: str,
    now: datetime,
    account: Account | None = None,
    note: str = "",
    about: str = "",
) -> Suppressed:
    """From the moment at which this is committed nobody contacts them in that way. Of any number that say so
    at once one makes the entry; the others get it."""
    check_wish(business, contact, channel, account)
    for _ in range(ATTEMPTS):
        standing = find_standing(business, contact, channel, account)
        if standing and demand_too(standing, origin=origin, by=by, about=about, now=now):
            return Suppressed(standing, added=False)
        if standing:
            continue
        entry = Suppression(
            business=business,
            account=account,
            kind=contact.kind,
            value=contact.value,
            contact_hash=contact.hash,
            channel=channel,
            origin=origin,
            note=note.strip()[:LONGEST_NOTE],
            about=about,
            created_at=now,
            created_by=by,
        )
        # Waits for whoever is storing the same, and stores nothing if they did.
        Suppression.objects.bulk_create([entry], ignore_conflicts=True)
        if Suppression.objects.filter(pk=entry.pk).exists():
            announce("suppression.added", entry, by=by, now=now, about=about)
            return Suppressed(entry, added=True)
    raise OperationalError("The same entry was made and released again at each attempt.")


def demand_too(standing: Suppression, *, origin: str, by: str, about: str, now: datetime) -> bool:
    """Somebody else demands what a list brought, so that undoing the list leaves it as it is. False where
    something happened to the entry at this moment."""
    if standing.imported_in_id is None or standing.also_at:
        return True
    unmarked = Suppression.objects.filter(pk=standing.pk, released_at=None, also_at=None)
    if not unmarked.update(also_origin=origin, also_at=now):
        return False
    announce("suppression.demanded_too", standing, by=by, now=now, about=about)
    return True


def check_wish(business: Business, contact: ContactPoint, channel: str, account: Account | None) -> None:
    if channel not in CHANNELS[contact.kind]:
        told = ", ".join(CHANNELS[contact.kind])
        raise SuppressionError(f"The channel of a {contact.kind} is one of: {told}.")
    if account and account.business_id != business.pk:
        raise SuppressionError("The account belongs to another business.")


def find_standing(
    business: Business, contact: ContactPoint, channel: str, account: Account | None
) -> Suppression | None:
    same = Suppression.objects.filter(business=business, contact_hash__in=contact.hashes, released_at=None)
    same = same.filter(channel=channel)
    return (same.filter(account=account) if account else same.filter(account=None)).first()


@transaction.atomic
def release_suppression(entry: Suppression, *, by: str, reason: str, now: datetime) -> None:
    """They may be contacted again, as far as this entry is concerned; another may still stand."""
    if not reason.strip():
        raise SuppressionError("Say why: a new consent, a wrong number, an entry made by mistake.")
    standing = Suppression.objects.filter(pk=entry.pk, released_at=None)
    if not standing.update(released_at=now, released_by=by, release_reason=reason):
        raise SuppressionError("It was released already; see its history.")
    entry.released_at, entry.released_by, entry.release_reason = now, by, reason
    announce("suppression.released", entry, by=by, now=now, reason=reason)


def announce(
    kind: str, entry: Suppression, *, by: str, now: datetime, reason: str = "", about: str = ""
) -> None:
    record_event(
        kind,
        subject=entry.public_id,
        by=by,
        business_id=entry.business_id,
        now=now,
        reason=reason,
        contact=entry.kind,
        channel=entry.channel,
        origin=entry.origin,
        account=public_id(Account.PREFIX, entry.account_id) if entry.account_id else "",
        about=about or entry.about,
    )


def suppress_contacts(
    business: Business, contacts: Iterable[ContactPoint], **said: object
) -> list[Suppressed]:
    """All that is known of a person, in every way."""
    every = {"phone": Channel.ALL, "email": Channel.EMAIL}
    return [
        suppress(business, contact, channel=every[contact.kind], **said)  # type: ignore[arg-type]
        for contact in sorted(contacts)
    ]
