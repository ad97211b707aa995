"""What is judged by the other leads of a source: the duplicate rule and the caps.

Both are looked at before TrustedForm is asked, and once more when the lead is stored, then with whoever sends
at the same instant held back.
"""

from leads.intake.case import Case
from leads.intake.duplicates import is_switched_on, judge_duplicate, lock_values
from leads.models import Submission
from sources.caps import (
    caps_at,
    count_lead,
    discount_lead,
    free_again_at,
    has_caps,
    judge_caps,
    leads_left,
    read_taken,
)

COUNTED = frozenset({Submission.Outcome.ACCEPTED, Submission.Outcome.AUDIT})


def depends_on_others(case: Case) -> bool:
    return is_switched_on(case.source) or has_caps(case.source.settings)


def judge_beside_others(case: Case) -> None:
    """As far as it can be told beforehand. The caps come last: only a lead without any other fault is asked
    to come again later."""
    source, now = case.source, case.arrival.received_at
    if is_switched_on(source):
        verdict = judge_duplicate(source, case.was_read.draft, now=now)
        case.find(case.was_read.as_sent(verdict))
    if has_caps(source.settings):
        caps = caps_at(source.settings, now)
        taken = read_taken(source, caps)
        case.left = leads_left(caps, taken)
        case.retry_at = free_again_at(source.settings, caps, taken)
        case.find(judge_caps(source.settings, caps, taken))


def settle_beside_others(case: Case) -> None:
    """For certain, in the transaction that stores the lead."""
    if is_switched_on(case.source):
        settle_duplicate(case)
    if has_caps(case.source.settings) and case.makes_lead:
        settle_caps(case)


def settle_duplicate(case: Case) -> None:
    """Nobody else can store one of the same values until this transaction ends."""
    draft = case.was_read.draft
    lock_values(case.source, [draft])
    verdict = judge_duplicate(case.source, draft, now=case.arrival.received_at)
    case.judge_again(case.was_read.as_sent(verdict))


def settle_caps(case: Case) -> None:
    """Counts the lead, unless it is not taken for this or another reason."""
    settings = case.source.settings
    caps = caps_at(settings, case.arrival.received_at)
    taken = count_lead(case.source, caps)
    case.retry_at = free_again_at(settings, caps, taken)
    case.judge_again(judge_caps(settings, caps, taken))
    if case.outcome not in COUNTED:
        discount_lead(case.source, caps)
