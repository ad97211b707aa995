"""What the tables have already of what the rows of a file say: one look for a whole portion of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from leads.intake import reuse, shared_ip
from leads.intake.case import Case
from leads.intake.duplicates import COMPARED, compared_values, earlier_leads, is_switched_on, window_start
from leads.intake.known import Uses
from leads.intake.replays import KEPT_FOR, replay_token
from leads.models import Import, Lead, Submission

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Past:
    """`leads` are the newest that brought a value, by field and value; None where duplicates are nothing to
    the source. `tokens` are those of requests that would be answered with their first answer again. `uses` of
    the certificate, and `people` from the same address, stand by the identity of each case they are asked of.
    """

    leads: Mapping[str, Mapping[str, Lead]] | None
    tokens: Collection[bytes]
    uses: Mapping[int, Uses]
    people: Mapping[int, Collection[str]]


def look_up(imported: Import, cases: Sequence[Case], *, now: datetime) -> Past:
    return Past(
        leads=find_leads(imported, cases, now=now) if is_switched_on(imported.source) else None,
        tokens=find_tokens(imported, cases, now=now),
        uses=find_where(reuse.is_judged, reuse.find_uses, cases),
        people=find_where(shared_ip.is_judged, shared_ip.find_others, cases),
    )


def find_leads(imported: Import, cases: Sequence[Case], *, now: datetime) -> dict[str, dict[str, Lead]]:
    """Those of the source within its window."""
    wanted: dict[str, list[str]] = {name: [] for name in COMPARED}
    for case in cases:
        for name, value in compared_values(case.was_read.draft):
            wanted[name].append(value)
    since = window_start(imported.source, now)
    return {
        name: earlier_leads(imported.source, name, values, since=since) if values else {}
        for name, values in wanted.items()
    }


def find_tokens(imported: Import, cases: Sequence[Case], *, now: datetime) -> set[bytes]:
    tokens = {token for case in cases if (token := replay_token(case))}
    accepted = Submission.objects.filter(source_id=imported.source_id, replay_token__any=tokens)
    recent = accepted.filter(received_at__gt=now - KEPT_FOR).values_list("replay_token", flat=True)
    return {bytes(token) for token in recent if token is not None}


def find_where(
    is_judged: Callable[[Case], bool],
    find: Callable[[Sequence[Case]], Sequence[Found]],
    cases: Sequence[Case],
) -> dict[int, Found]:
    judged = [case for case in cases if is_judged(case)]
    found = find(judged) if judged else ()
    return {id(case): one for case, one in zip(judged, found, strict=True)}
