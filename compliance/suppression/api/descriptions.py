"""From rows to the bodies that the API answers."""

from collections.abc import Sequence

from compliance.suppression.api.shapes import (
    ContactAnswer,
    HeardBody,
    MayContact,
    ReleasedBody,
    SuppressionBody,
)
from compliance.suppression.contacts import ContactPoint
from compliance.suppression.hearing import Heard
from compliance.suppression.looking import WAYS, closed_ways
from compliance.suppression.models import Suppression, SuppressionImport
from leadping.accounts.models import Account, Business
from leadping.ids import public_id


def describe(entry: Suppression) -> SuppressionBody:
    imported_in = entry.imported_in_id
    return SuppressionBody(
        id=entry.public_id,
        business_id=public_id(Business.PREFIX, entry.business_id),
        account_id=public_id(Account.PREFIX, entry.account_id) if entry.account_id else None,
        kind=Suppression.Kind(entry.kind),
        contact=entry.value or None,
        channel=Suppression.Channel(entry.channel),
        origin=Suppression.Origin(entry.origin),
        note=entry.note,
        about=entry.about or None,
        import_id=public_id(SuppressionImport.PREFIX, imported_in) if imported_in else None,
        created_at=entry.created_at,
        created_by=entry.created_by,
        released=ReleasedBody(at=entry.released_at, by=entry.released_by, reason=entry.release_reason)
        if entry.released_at
        else None,
    )


def describe_answer(
    contacts: Sequence[ContactPoint], entries: Sequence[Suppression], released: Sequence[Suppression]
) -> ContactAnswer:
    given, closed = {contact.kind for contact in contacts}, closed_ways(entries)
    return ContactAnswer(
        may_contact=MayContact(
            **{way: way not in closed if kind in given else None for way, (kind, _) in WAYS.items()}
        ),
        suppressions=[describe(entry) for entry in entries],
        released=[describe(entry) for entry in released],
    )


def describe_heard(heard: Heard) -> HeardBody:
    opt_out = heard.opt_out
    closes = [way for way in WAYS if opt_out and way in opt_out.ways]
    return HeardBody.model_validate(
        {
            "opt_out": opt_out is not None,
            "words": opt_out.words if opt_out else None,
            "closes": closes,
            "suppressions": [describe(made.entry) for made in heard.entries],
            "unplaced": heard.unplaced,
        }
    )
