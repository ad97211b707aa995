"""How the traffic of sources goes, read for a whole page of sources in two queries."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, QuerySet

from leadping.ids import first_id_at
from leads.models import Lead, Submission

RECENTLY = timedelta(days=7)
# Looked at for each source: enough for a rate, few enough for a page of sources.
SAMPLE = 200

# `codes` would name mere warnings too, so the refusals are taken out of the verdicts.
REFUSAL_CODES = Func(
    F("verdicts"),
    template="jsonb_path_query_array(%(expressions)s, '$[*] ? (@.effect == \"refuse\").code')",
    output_field=JSONField(),
)


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests` and `refused` count the sample; `refusals` are codes with their counts, the most first."""

    last_lead_at: datetime | None
    requests: int
    refused: int
    refusals: list[tuple[str, int]]

    @property
    def top_refusal(self) -> str:
        """A code, or empty."""
        return self.refusals[0][0] if self.refusals else ""


def read_traffic(source_ids: Collection[UUID], *, now: datetime) -> dict[UUID, Traffic]:
    last_leads = dict(one_query([last_lead(source_id) for source_id in source_ids]))
    seen: dict[UUID, list[tuple[str, list[str]]]] = {source_id: [] for source_id in source_ids}
    for source_id, outcome, codes in one_query([sample(source_id, now=now) for source_id in source_ids]):
        seen[source_id].append((outcome, codes))
    return {
        source_id: Traffic(
            last_leads.get(source_id),
            len(requests),
            sum(outcome == Submission.Outcome.REFUSED for outcome, _ in requests),
            rank([codes for _, codes in requests]),
        )
        for source_id, requests in seen.items()
    }


def one_query(parts: list[QuerySet[Any, Any]]) -> Iterable[Any]:
    """All parts in one go. A subquery for each row would be shorter, but PostgreSQL plans it once for all
    sources, and for one that never sent anything walks through everybody's rows."""
    return parts[0].union(*parts[1:], all=True) if parts else []


def last_lead(source_id: UUID) -> QuerySet[Any, Any]:
    return Lead.objects.filter(source=source_id).order_by("-id").values_list("source_id", "created_at")[:1]


def sample(source_id: UUID, *, now: datetime) -> QuerySet[Any, Any]:
    recent = Submission.objects.filter(source=source_id, dry_run=False, id__gte=first_id_at(now - RECENTLY))
    return recent.order_by("-id").values_list("source_id", "outcome", REFUSAL_CODES)[:SAMPLE]


def rank(found: Collection[list[str]]) -> list[tuple[str, int]]:
    """Codes with the number of requests that each refused, the most frequent first."""
    return Counter(code for codes in found for code in dict.fromkeys(codes)).most_common()
