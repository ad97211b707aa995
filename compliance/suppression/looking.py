"""Is this contact suppressed? The one question, which intake asks, and which everything that is about to
contact a person must ask: `may_contact` is the gate of all outreach and every delivery.

An entry of the whole business holds for all its accounts, one of an account for that account alone. Whoever
asks without an account is told of every entry, since they do not say for whom they would call.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg import RawCursor

from compliance.suppression.contacts import ContactPoint, contacts_of
from compliance.suppression.models import Suppression
from leadping.contact_hash import Kind
from leadping.database import borrowed_connection

Channel = Suppression.Channel
# Which kind of contact is used by each way of contacting, and which entries stand against that way.
WAYS: dict[str, tuple[Kind, frozenset[str]]] = {
    Channel.CALL: ("phone", frozenset({Channel.ALL, Channel.CALL})),
    Channel.SMS: ("phone", frozenset({Channel.ALL, Channel.SMS})),
    Channel.EMAIL: ("email", frozenset({Channel.EMAIL})),
}


def may_contact(
    business_id: UUID, *, account_id: UUID | None, channel: str, phone: str = "", email: str = ""
) -> bool:
    """To be asked right before each call, text, email and delivery; `channel` is call, sms or email."""
    return not find_suppressions(
        business_id, account_id=account_id, phone=phone, email=email, channel=channel
    )


def find_suppressions(
    business_id: UUID,
    *,
    account_id: UUID | None,
    phone: str = "",
    email: str = "",
    channel: str | None = None,
) -> list[Suppression]:
    """The live entries that apply, oldest first; without a channel those of all. One indexed query, and none
    where there is nothing to look for."""
    contacts = contacts_of(phone, email)
    if channel is not None:
        kind, against = WAYS[channel]
        contacts = [contact for contact in contacts if contact.kind == kind]
    if not contacts:
        return []
    found = live_entries(business_id, account_id, contacts)
    return [entry for entry in found if channel is None or entry.channel in against]


def live_entries(
    business_id: UUID, account_id: UUID | None, contacts: Iterable[ContactPoint]
) -> QuerySet[Suppression]:
    return entries_of(business_id, account_id, contacts).filter(released_at=None).order_by("id")


def entries_of(
    business_id: UUID, account_id: UUID | None, contacts: Iterable[ContactPoint]
) -> QuerySet[Suppression]:
    """Released ones too: the history of a person's contacts."""
    hashes = [one for contact in contacts for one in contact.hashes]
    found = Suppression.objects.filter(business_id=business_id, contact_hash__any=hashes)
    return found.filter(Q(account_id=None) | Q(account_id=account_id)) if account_id else found


def closed_ways(entries: Iterable[Suppression]) -> list[str]:
    """The ways of contacting that these entries close, in the order call, sms, email."""
    channels = {entry.channel for entry in entries}
    return [way for way, (_, against) in WAYS.items() if channels & against]


# --- for intake, where each microsecond counts


def live_hashes(business: str, hashes: str, account: str) -> str:
    """Finds which of the hashes stand for contacts that are suppressed, as a part of a statement; given are
    the places of its parameters, and of the hashes what stands after the operator."""
    return f"""SELECT contact_hash FROM compliance_suppression
        WHERE business_id = {business} AND contact_hash {hashes} AND released_at IS NULL
        AND (account_id IS NULL OR account_id = {account})"""  # noqa: S608 (our own words alone)


FIND_HASHES = live_hashes("$1", "= ANY($2)", "$3")


def find_suppressed(
    business_id: UUID, account_id: UUID | None, contacts: Collection[ContactPoint]
) -> set[ContactPoint]:
    """Those of them that are suppressed, in whatever way. However many there are, it is one query."""
    by_hash = {one: contact for contact in contacts for one in contact.hashes}
    if not by_hash:
        return set()
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        cursor.execute(FIND_HASHES, [business_id, list(by_hash), account_id], prepare=True)
        return {by_hash[bytes(found)] for (found,) in cursor.fetchall()}


class Span(NamedTuple):
    """From when until when a contact was suppressed; None while it is."""

    start: datetime
    end: datetime | None


def spans_of(
    business_id: UUID, account_id: UUID | None, contacts: Collection[ContactPoint]
) -> dict[ContactPoint, list[Span]]:
    """When each of them was suppressed, for whoever asks about another time than now."""
    by_hash = {one: contact for contact in contacts for one in contact.hashes}
    spans: dict[ContactPoint, list[Span]] = {}
    if by_hash:
        found = entries_of(business_id, account_id, contacts).order_by("id")
        for found_hash, start, end in found.values_list("contact_hash", "created_at", "released_at"):
            spans.setdefault(by_hash[bytes(found_hash)], []).append(Span(start, end))
    return spans


def was_suppressed(spans: Sequence[Span], at: datetime) -> bool:
    return any(span.start <= at and (span.end is None or at < span.end) for span in spans)
