"""What depends on a source's other leads, for many cases that do not depend on each other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from leadping.verdicts import Verdict
from leads.intake import reuse, shared_ip
from leads.intake.case import Case
from leads.intake.contention import COUNTED
from leads.intake.duplicates import (
    Value,
    came_as,
    compared_values,
    earlier_leads,
    is_switched_on,
    judge_among,
    lock_values,
    window_start,
)
from sources.caps import (
    Cap,
    caps_at,
    count_leads,
    free_again_at,
    has_caps,
    judge_caps,
    leads_left,
    read_taken,
)
from sources.models import Source

Judge = Callable[[Case], Verdict]


def judge_all_beside_others(cases: Sequence[Case]) -> None:
    """As far as it can be told beforehand, as `judge_beside_others` does it for one."""
    source = cases[0].source
    if is_switched_on(source):
        verdict_on = duplicate_judge(source, cases)
        for case in cases:
            case.find(case.was_read.as_sent(verdict_on(case)))
    for case, verdicts in find_reuse(cases):
        case.find(*verdicts)
    if has_caps(source.settings):
        for caps, those in by_caps(cases):
            taken = read_taken(source, caps)
            for case in those:
                case.left = leads_left(caps, taken)
                case.retry_at = free_again_at(source.settings, caps, taken)
                case.find(judge_caps(source.settings, caps, taken))


def settle_all_beside_others(cases: Sequence[Case]) -> None:
    """For certain, in the transaction that stores the leads; `cases` are those that make one."""
    source = cases[0].source
    if is_switched_on(source):
        lock_values(source, [case.was_read.draft for case in cases])
        verdict_on = duplicate_judge(source, cases)
        for case in cases:
            case.judge_again(case.was_read.as_sent(verdict_on(case)))
    if reuse.is_settled(source):
        making = [case for case in cases if case.makes_lead]
        reuse.lock_certificates(making)
        for case, verdicts in find_reuse(making):
            case.judge_again(*verdicts)
    if shared_ip.is_settled(source):
        making = [case for case in cases if case.makes_lead]
        shared_ip.lock_addresses(making)
        shared_ip.judge_together(making)
    if has_caps(source.settings):
        for caps, those in by_caps([case for case in cases if case.makes_lead]):
            settle_caps(source, caps, those)


def judge_crowds(cases: Sequence[Case]) -> None:
    """Of those that are not settled for certain beside the others."""
    source = cases[0].source
    if shared_ip.is_watched(source):
        settled = shared_ip.is_settled(source)
        going_on = [case for case in cases if case.reading and not case.original and not case.refusals]
        shared_ip.judge_together([case for case in going_on if case.dry or not settled])


def find_reuse(cases: Sequence[Case]) -> Iterator[tuple[Case, list[Verdict]]]:
    """Of those whose certificates are judged, with all earlier uses looked up at once."""
    judged = [case for case in cases if reuse.is_judged(case)]
    for case, uses in zip(judged, reuse.find_uses(judged) if judged else [], strict=True):
        yield case, [case.was_read.as_sent(one) for one in reuse.judge_reuse(case.source, uses)]


def settle_caps(source: Source, caps: Sequence[Cap], cases: Sequence[Case]) -> None:
    """In the order of the cases: each that is taken takes a place from those after it."""
    taken = count_leads(source, caps, 0)
    counted = 0
    for case in cases:
        before = {period: count + counted for period, count in taken.items()}
        case.retry_at = free_again_at(source.settings, caps, before)
        case.judge_again(judge_caps(source.settings, caps, before))
        counted += case.outcome in COUNTED
    if counted:
        count_leads(source, caps, counted)


def by_caps(cases: Sequence[Case]) -> list[tuple[list[Cap], list[Case]]]:
    """The cases by the periods that they count in, which may change between two of them."""
    moments: dict[datetime, list[Case]] = {}
    for case in cases:
        moments.setdefault(case.arrival.received_at, []).append(case)
    periods: dict[tuple[Cap, ...], list[Case]] = {}
    for moment, those in moments.items():
        periods.setdefault(tuple(caps_at(those[0].source.settings, moment)), []).extend(those)
    return [(list(caps), those) for caps, those in sorted(periods.items(), key=lambda item: item[0])]


def duplicate_judge(source: Source, cases: Sequence[Case]) -> Judge:
    """The duplicate rule with all earlier leads looked up at once."""
    values: dict[str, list[str]] = {}
    for case in cases:
        for name, value in compared_values(case.was_read.draft):
            values.setdefault(name, []).append(value)
    since = min(window_start(source, case.arrival.received_at) for case in cases)
    earlier = {name: earlier_leads(source, name, those, since=since) for name, those in values.items()}

    def find(value: Value, since: datetime) -> str:
        name, text = value
        lead = earlier[name].get(text)
        return came_as(lead) if lead and lead.created_at > since else ""

    return lambda case: judge_among(source, case.was_read.draft, find, now=case.arrival.received_at)
