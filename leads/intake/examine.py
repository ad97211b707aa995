"""Finding out about one request: first what costs nothing, last what somebody bills us for."""

from collections.abc import Callable

from compliance.certificates import judge_url
from leads.intake.asking import ask
from leads.intake.beforehand import look_up
from leads.intake.case import Case
from leads.intake.contention import judge_beside_others, judge_crowd
from leads.intake.envelope import judge_envelope
from leads.intake.opening import keep_unread, read
from leads.intake.replays import recognise
from leads.intake.rules import (
    judge_content,
    judge_moment,
    judge_sender,
    judge_territory,
    key_in_query,
)
from leads.intake.suppressed import judge_contacts
from leads.own_changes import hold_to_earlier_checks, judge_own_changes
from sources.models import Terms
from sources.rates import count_request, counted_anew_at, judge_rate
from sources.rules import judge_approval
from sources.versions import terms_to_judge_by


def examine(case: Case) -> None:
    """Takes the steps in order, up to the one after which nothing more needs to be known."""
    for step in STEPS:
        if not step(case):
            break
    if case.reading is None:
        keep_unread(case)


def admit(case: Case) -> bool:
    """May the source send at all? If not, its request is not read."""
    if case.provenance.repeats:
        keep_to_earlier_checks(case)
    if case.shows_key:
        case.find(key_in_query())
    if not case.find(*judge_sender(case.source, case.arrival.ip if case.by_system else None)):
        return False
    if case.source.settings.rate_per_minute is None or case.credential is None:
        return True
    if case.number is None:
        case.number = count_request(case.source, now=case.arrival.received_at)
    case.retry_at = counted_anew_at(case.arrival.received_at)
    return case.find(judge_rate(case.source, case.number))


def keep_to_earlier_checks(case: Case) -> None:
    """Who has it judged again is held to what they loosened themselves since it came."""
    since, by = case.provenance.came_at or case.arrival.received_at, case.provenance.by
    held = hold_to_earlier_checks(case.source, since=since, by=by)
    case.source = held.source
    case.find(*judge_own_changes(held, since=since, by=by))


def weigh(case: Case) -> bool:
    return case.find(*judge_envelope(case.arrival))


def judge(case: Case) -> bool:
    """All rules that need nobody else, together, whatever was found before."""
    terms = terms_to_judge_by(case.source, dry=case.dry, now=case.arrival.received_at)
    judge_by_itself(case, terms)
    if case.asks or case.refusals or not case.assumes:
        case.known = look_up(case)
    judge_contacts(case)
    judge_beside_others(case)
    return True


def judge_by_itself(case: Case, terms: Terms | None) -> None:
    """By what it holds, by the terms and by the moment, whatever else has come."""
    case.terms = terms
    judge_lead(case)
    came_at = case.provenance.came_at
    case.find(*judge_moment(case.source, terms, now=case.arrival.received_at, came_at=came_at))


def judge_lead(case: Case) -> None:
    """By what it holds and by the terms, whenever and through whichever system it came."""
    case.find(*judge_content(case.was_read))
    judge_by_terms(case)


def judge_by_terms(case: Case) -> None:
    reading = case.was_read
    verdicts = [judge_approval(case.terms)]
    if case.terms:
        verdicts += judge_territory(reading, case.terms)
    if not reading.is_faulty("trusted_form_url"):
        text = reading.draft.trusted_form_url
        case.certificate, found = judge_url(text, required=case.certificate_required)
        verdicts += found
    case.find(*map(reading.as_sent, verdicts))


# Each says whether the next one is needed.
STEPS: tuple[Callable[[Case], bool], ...] = (admit, weigh, read, judge, recognise, ask, judge_crowd)
