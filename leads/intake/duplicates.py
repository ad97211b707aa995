"""The duplicate rule: the same external id, phone or email through the same source within a window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from leadping.locks import hold_back
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


Value = tuple[str, str]


def judge_duplicate(
    source: Source, draft: LeadDraft, *, now: datetime, but_for: UUID | None = None
) -> Verdict:
    """`but_for` is the lead itself, where one that is stored already is judged once more."""

    def find(value: Value, since: datetime) -> str:
        name, text = value
        earlier = earlier_leads(source, name, [text], since=since, but_for=but_for).get(text)
        return came_as(earlier) if earlier else ""

    return judge_among(source, draft, find, now=now)


def judge_among(
    source: Source, draft: LeadDraft, find: Callable[[Value, datetime], str], *, now: datetime
) -> Verdict:
    """`find` says how the last lead with the same value came after a moment; empty means that none did."""
    since = window_start(source, now)
    for name, value in compared_values(draft):
        if earlier := find((name, value), since):
            return duplicate_of(source, name, earlier)
    return no_duplicate()


def window_start(source: Source, now: datetime) -> datetime:
    return now - timedelta(hours=source.settings.duplicate_window_hours)


def earlier_leads(
    source: Source, name: str, values: Sequence[str], *, since: datetime, but_for: UUID | None = None
) -> dict[str, Lead]:
    """Of each value the latest lead that came with it, if any."""
    column = COMPARED[name]
    found = (
        Lead.objects.filter(Q((f"{column}__any", values)), business_id=source.business_id, source=source)
        # As the column's index has it, which the planner cannot tell from a long list.
        .exclude(Q((column, "")))
        .filter(created_at__gt=since)
        .exclude(status__in=NOT_COUNTED)
        .order_by(column, "-id")
        .distinct(column)
        .only("id", "created_at", column)
    )
    others = found.exclude(pk=but_for) if but_for else found
    return {getattr(lead, column): lead for lead in others}


def came_as(earlier: Lead) -> str:
    return f"as {earlier.public_id}"


def duplicate_of(source: Source, name: str, how: str) -> Verdict:
    return failed(
        "duplicate_lead",
        f"The same {name.replace('_', ' ')} came {how}.",
        field=name,
        effect=Effect(source.settings.duplicate_rule),
    )


def no_duplicate() -> Verdict:
    return passed(
        "duplicate_lead", "No earlier lead of this source has the same external id, phone or email."
    )


def lock_values(source: Source, drafts: Iterable[LeadDraft]) -> None:
    """Holds back, until this transaction ends, whoever brings one of the same values to the same source."""
    hold_back(f"{source.pk}:{name}:{value}" for draft in drafts for name, value in compared_values(draft))
