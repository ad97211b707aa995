"""What is judged by other leads: the duplicate rule, the one about certificates used before, the one about IP
addresses from which many come, and the caps.

All but that about addresses are looked at before TrustedForm is asked, and all once more when the lead is
stored, then with whoever sends at the same instant held back.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadping.ids import first_id_at
from leads.intake import reuse, shared_ip
from leads.intake.case import Case
from leads.intake.duplicates import is_switched_on, judge_duplicate, lock_values
from leads.models import Lead, Submission
from sources.caps import (
    Cap,
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
    source = case.source
    return (
        is_switched_on(source)
        or has_caps(source.settings)
        or reuse.is_settled(source)
        or shared_ip.is_settled(source)
    )


def judge_beside_others(case: Case) -> None:
    """As far as it can be told beforehand. The caps come last: only a lead without any other fault is asked
    to come again later."""
    source, now = case.source, case.arrival.received_at
    if is_switched_on(source):
        verdict = judge_duplicate(source, case.was_read.draft, now=now, but_for=case.provenance.lead_id)
        case.find(case.was_read.as_sent(verdict))
    if reuse.is_judged(case):
        assert case.known
        case.find(*reuse.judge_uses(case, case.known.uses))
    if has_caps(source.settings):
        caps = caps_at(source.settings, now)
        taken = read_others_taken(case, caps)
        case.left = leads_left(caps, taken)
        case.retry_at = free_again_at(source.settings, caps, taken)
        case.find(judge_caps(source.settings, caps, taken))


def judge_crowd(case: Case) -> bool:
    """Once TrustedForm was asked. What is settled when the lead is stored needs no look before."""
    if shared_ip.is_watched(case.source) and (case.dry or not shared_ip.is_settled(case.source)):
        shared_ip.judge_together([case])
    return True


def count_taken(source_id: UUID, since: datetime) -> int:
    """What the caps of a source would have counted since then, whether there were any or not."""
    # Ids are made in the order of time, and just after the moment that a lead is said to have come.
    taken = Lead.objects.filter(source=source_id, id__gte=first_id_at(since), created_at__gte=since)
    return taken.exclude(status__in=[Lead.Status.DUPLICATE, Lead.Status.WITHDRAWN]).count()


def settle_beside_others(case: Case) -> None:
    """For certain, in the transaction that stores the lead."""
    if is_switched_on(case.source):
        settle_duplicate(case)
    if reuse.is_settled(case.source) and case.certificate and case.makes_lead:
        settle_reuse(case)
    if shared_ip.is_settled(case.source) and case.makes_lead:
        shared_ip.lock_addresses([case])
        shared_ip.judge_together([case])
    if has_caps(case.source.settings) and case.makes_lead:
        settle_caps(case)


def settle_duplicate(case: Case) -> None:
    """Nobody else can store one of the same values until this transaction ends."""
    draft = case.was_read.draft
    lock_values(case.source, [draft])
    now, but_for = case.arrival.received_at, case.provenance.lead_id
    verdict = judge_duplicate(case.source, draft, now=now, but_for=but_for)
    case.judge_again(case.was_read.as_sent(verdict))


def settle_reuse(case: Case) -> None:
    """Nobody else can store a use of the same certificate until this transaction ends."""
    reuse.lock_certificates([case])
    if reuse.is_judged(case):
        case.judge_again(*reuse.find_reuse(case))


def settle_caps(case: Case) -> None:
    """Counts the lead, unless it is not taken for this or another reason, or was counted when it came."""
    settings = case.source.settings
    caps = caps_at(settings, case.arrival.received_at)
    fresh = [cap for cap in caps if not is_counted(case, cap)]
    counted = read_others_taken(case, caps) if len(fresh) < len(caps) else {}
    taken = {**counted, **count_lead(case.source, fresh)}
    case.retry_at = free_again_at(settings, caps, taken)
    case.judge_again(judge_caps(settings, caps, taken))
    stays_held = case.provenance.lead_id is not None and case.outcome is Submission.Outcome.AUDIT
    if stays_held or case.outcome not in COUNTED:
        discount_lead(case.source, fresh)


def read_others_taken(case: Case, caps: Sequence[Cap]) -> dict[str, int]:
    """The leads taken so far, but for the one that is judged, where it is one already."""
    taken = read_taken(case.source, caps)
    return {
        cap.period: max(taken.get(cap.period, 0) - is_counted(case, cap), 0)
        for cap in caps
        if taken.get(cap.period)
    }


def is_counted(case: Case, cap: Cap) -> bool:
    """Whether the lead is among those of the period already."""
    return case.provenance.lead_at is not None and cap.starts_at <= case.provenance.lead_at
