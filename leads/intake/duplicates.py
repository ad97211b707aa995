"""The duplicate rule: the same external id, phone or email through the same source within a window."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Q

from leadping.verdicts import Effect, Verdict, failed, passed
from leads.intake.payload.draft import LeadDraft
from leads.models import Lead
from sources.models import Source

# The draft's field that is named in the answer, and the lead's column that is compared.
COMPARED = {"external_id": "external_id", "phone": "phone", "email": "email_key"}


def is_switched_on(source: Source) -> bool:
    return source.settings.duplicate_rule != Effect.OFF


def compared_values(draft: LeadDraft) -> Iterator[tuple[str, str]]:
    """What of the draft is compared, by field; what is absent is nobody's duplicate."""
    values = {
        "external_id": draft.external_id,
        "phone": draft.phone.number if draft.phone else "",
        "email": draft.email.lower(),
    }
    return ((name, value) for name, value in values.items() if value)


Value = tuple[str, str]


def judge_duplicate(
    source: Source, draft: LeadDraft, *, now: datetime, but_for: UUID | None = None
) -> Verdict:
    """`but_for` is the lead itself, where one that is stored already is judged once more."""

    def find(value: Value, since: datetime) -> str:
        return find_earlier(source, value, since, but_for=but_for)

    return judge_among(source, draft, find, now=now)


def judge_among(
    source: Source, draft: LeadDraft, find: Callable[[Value, datetime], str], *, now: datetime
) -> Verdict:
    """`find` names the last lead with the same value that came after a moment; empty means that none did."""
    settings = source.settings
    since = now - timedelta(hours=settings.duplicate_window_hours)
    for name, value in compared_values(draft):
        if earlier := find((name, value), since):
            return failed(
                "duplicate_lead",
                f"The same {name.replace('_', ' ')} came as {earlier}.",
                field=name,
                effect=Effect(settings.duplicate_rule),
            )
    return passed(
        "duplicate_lead", "No earlier lead of this source has the same external id, phone or email."
    )


def find_earlier(source: Source, value: Value, since: datetime, *, but_for: UUID | None) -> str:
    name, text = value
    same = Lead.objects.filter(Q((COMPARED[name], text)), business_id=source.business_id, source=source)
    earlier = same.filter(created_at__gt=since).exclude(status=Lead.Status.REFUSED)
    if but_for:
        earlier = earlier.exclude(pk=but_for)
    found = earlier.order_by("-id").first()
    return found.public_id if found else ""


def lock_values(source: Source, draft: LeadDraft) -> None:
    """Holds back, until this transaction ends, whoever brings one of the same values to the same source.

    The locks are taken in sorted order, so that two senders can never wait for each other.
    """
    names = (f"{source.pk}:{name}:{value}" for name, value in compared_values(draft))
    numbers = sorted(int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in names)
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
