"""Telling people that an approval is about to end."""

from datetime import datetime, timedelta

from django.db import transaction

from leadping.events import SYSTEM
from leadping.models import Event
from leadping.one_by_one import one_by_one
from sources.approval import read_locked
from sources.decisions import announce
from sources.models import Terms

# So long before the end.
WARNED_AHEAD = timedelta(days=14)
EXPIRING = "terms.expiring"


def announce_expiring(now: datetime) -> int:
    """One event for each approval that ends within 14 days; says how many were new."""
    soon = Terms.objects.filter(
        status=Terms.Status.APPROVED,
        expires_at__gt=now,
        expires_at__lte=now + WARNED_AHEAD,
        source__deleted_at=None,
    )
    return one_by_one(
        soon.select_related("source"),
        lambda terms: announce_once(terms, now=now),
        otherwise="end of approval not told",
    )


@transaction.atomic
def announce_once(terms: Terms, *, now: datetime) -> bool:
    read_locked(terms.source)
    warned = Event.objects.filter(subject=terms.source.public_id, kind=EXPIRING, data__terms=terms.public_id)
    if warned.exists():
        return False
    ends = f"{terms.expires_at:%Y-%m-%d %H:%M} UTC"
    reason = f"The approval ends on {ends}."
    announce(EXPIRING, terms, by=SYSTEM, reason=reason, now=now, expires_at=ends)
    return True
