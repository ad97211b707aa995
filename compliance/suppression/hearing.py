"""Hearing an opt-out in what somebody wrote or said, wherever our business received it, and honouring it."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.models import Suppression
from compliance.suppression.verbs import LONGEST_NOTE, Suppressed, suppress
from compliance.suppression.words import CALL, EMAIL, SMS, OptOut, read_opt_out
from leadping.accounts.models import Account, Business

Channel = Suppression.Channel


class Heard(NamedTuple):
    """`opt_out` is None where the words ask for nothing of the kind. `unplaced` are ways that they close and
    for which no contact was given."""

    opt_out: OptOut | None
    entries: list[Suppressed]
    unplaced: list[str]


@transaction.atomic
def hear_opt_out(
    business: Business,
    text: str,
    *,
    heard_by: str,
    contacts: list[ContactPoint],
    by: str,
    now: datetime,
    account: Account | None = None,
    about: str = "",
) -> Heard:
    """Suppresses what the words close of the contacts; `heard_by` is call, sms or email."""
    opt_out = read_opt_out(text, heard_by=heard_by)
    if opt_out is None:
        return Heard(None, [], [])
    entries: list[Suppressed] = []
    placed: set[str] = set()
    for contact in sorted(contacts):
        channel = channel_of(contact, opt_out.ways)
        if channel is None:
            continue
        placed.update(WAYS_OF_KIND[contact.kind])
        entries.append(
            suppress(
                business,
                contact,
                channel=channel,
                origin=Suppression.Origin.OPT_OUT,
                note=f"Heard by {heard_by}: “{text.strip()[: LONGEST_NOTE - 40]}”",
                about=about,
                account=account,
                by=by,
                now=now,
            )
        )
    return Heard(opt_out, entries, sorted(opt_out.ways - placed))


WAYS_OF_KIND = {"phone": frozenset({CALL, SMS}), "email": frozenset({EMAIL})}
CHANNEL_OF_WAYS = {
    frozenset({CALL, SMS}): Channel.ALL,
    frozenset({CALL}): Channel.CALL,
    frozenset({SMS}): Channel.SMS,
    frozenset({EMAIL}): Channel.EMAIL,
}


def channel_of(contact: ContactPoint, ways: frozenset[str]) -> Channel | None:
    """What of the contact these ways close, if anything."""
    return CHANNEL_OF_WAYS.get(ways & WAYS_OF_KIND[contact.kind])
