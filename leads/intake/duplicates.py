"""The duplicate rule: the same external id, phone or email through the same source within a window."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.db.models import Q

from leadping.verdicts import Effect, Verdict, failed, passed
from leads.intake.payload.draft import LeadDraft
from leads.models import Lead
from sources.models import Source

# The draft's field that is named in the answer, and the lead's column that is compared.
COMPARED = {"external_id": "external_id", "phone": "phone", "email": "email_key"}

# What was refused or withdrawn may be sent again.
NOT_COUNTED = (Lead.Status.REFUSED, Lead.Status.WITHDRAWN)


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


def judge_duplicate(source: Source, draft: LeadDraft, *, now: datetime) -> Verdict:
    settings = source.settings
    since = now - timedelta(hours=settings.duplicate_window_hours)
    for name, value in compared_values(draft):
        earlier = (
            Lead.objects.filter(Q((COMPARED[name], value)), business_id=source.business_id, source=source)
            .filter(created_at__gt=since)
            .exclude(status__in=NOT_COUNTED)
            .order_by("-id")
            .first()
        )
        if earlier:
            return failed(
                "duplicate_lead",
                f"The same {name.replace('_', ' ')} came as {earlier.public_id}.",
                field=name,
                effect=Effect(settings.duplicate_rule),
            )
    return passed(
        "duplicate_lead", "No earlier lead of this source has the same external id, phone or email."
    )


def lock_values(source: Source, draft: LeadDraft) -> None:
    """Holds back, until this transaction ends, whoever brings one of the same values to the same source.

    The locks are taken in sorted order, so that two senders can never wait for each other.
    """
    names = (f"{source.pk}:{name}:{value}" for name, value in compared_values(draft))
    numbers = sorted(int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in names)
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
