"""A submission and all that were made of it: the attempt it began with, and each time it was judged again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from leads.attempts import chain_of
from leads.models import Submission
from leads.pages.moments import Moment, describe
from leads.pages.wording import OUTCOMES, Badge


@dataclass(frozen=True, slots=True)
class Attempt:
    """`by` and `reason` are empty of the first, which its sender made."""

    public_id: str
    when: Moment
    outcome: Badge
    http_status: int
    by: str
    reason: str
    address: str
    is_this: bool


def describe_attempts(
    submission: Submission,
    *,
    name: Callable[[str], str],
    address: Callable[[Submission], str],
    now: datetime,
) -> list[Attempt]:
    """None where there is but one."""
    chain = chain_of(submission)
    if len(chain) == 1:
        return []
    return [
        Attempt(
            one.public_id,
            describe(one.received_at, now=now),
            OUTCOMES[Submission.Outcome(one.outcome)],
            one.http_status,
            name(one.repeated_by) if one.repeats_id else "",
            one.repeated_reason if one.repeats_id else "",
            address(one),
            one.pk == submission.pk,
        )
        for one in chain
    ]
