"""All that has to be known of one request before TrustedForm is asked, in one round trip: whether its
contacts are suppressed, what its certificate was used for, and whether it came before.

`suppressed.py`, `reuse.py` and `replays.py` say what follows from it, and ask about many requests at once.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.looking import live_hashes
from leads.intake import reuse
from leads.intake.case import Case
from leads.intake.known import Known
from leads.intake.replays import KEPT_FOR, replay_token
from leads.intake.statement import Accepted, accepted_text, fetch_row, listed, write_array, write_bytes
from leads.intake.suppressed import draft_contacts, is_looked_at


def look_up(case: Case) -> Known:
    """Asks nothing where no rule in force would."""
    source = case.source
    token = replay_token(case)
    contacts = draft_contacts(case.was_read.draft)
    looked_at, judged = is_looked_at(source) and contacts, reuse.is_judged(case)
    if not looked_at and not judged and token is None:
        return Known()
    phones, emails = hashes_of("phone", contacts), hashes_of("email", contacts)
    every = [*phones, *emails] if looked_at else []
    row = fetch_row(
        text_with(len(every)),
        [
            str(source.business_id),
            str(source.account_id) if source.account_id else None,
            str(source.pk),
            write_bytes(reuse.certificate_hash(case)) if judged else None,
            write_array(phones),
            write_array(emails),
            str(case.provenance.lead_id) if case.provenance.lead_id else None,
            write_bytes(token) if token else None,
            str(case.arrival.received_at - KEPT_FOR),
            *every,
        ],
    )
    assert row
    return read_row(*row)


def hashes_of(kind: str, contacts: Iterable[ContactPoint]) -> list[str]:
    return [write_bytes(one) for contact in contacts if contact.kind == kind for one in contact.hashes]


def read_row(
    suppressed: Iterable[bytes], by_others: bool | None, elsewhere: bool | None, *accepted: Any
) -> Known:
    return Known(
        frozenset(map(bytes, suppressed)),
        reuse.uses_of(by_others, elsewhere),
        Accepted(*accepted) if accepted[0] else None,
    )


@cache
def text_with(hashes: int) -> str:
    """`hashes` are the contacts' to look for on the list, its last parameters."""
    suppressed = live_hashes("$1::uuid", listed(hashes, first=10), "$2::uuid")
    uses = reuse.USES.format(
        source="$3::uuid",
        certificate="$4::bytea",
        phones="$5::bytea[]",
        emails="$6::bytea[]",
        but_for="$7::uuid",
    )
    accepted = accepted_text("$3::uuid", "$8::bytea", "$9::timestamptz")
    return f"""SELECT ARRAY({suppressed}), uses.*, accepted.*
        FROM ({uses}) AS uses LEFT JOIN ({accepted}) AS accepted ON true"""  # noqa: S608 (our own words alone)
