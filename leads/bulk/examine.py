"""Finding out about many requests of one source: the steps of `leads/intake/examine.py`, with one question to
the database where there each request has its own."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from leadping.verdicts import Effect, failures
from leads.bulk.asking import AT_ONCE
from leads.bulk.contention import judge_all_beside_others
from leads.intake import reuse
from leads.intake.case import Case
from leads.intake.contention import depends_on_others
from leads.intake.duplicates import compared_values, is_switched_on
from leads.intake.examine import admit, judge_by_itself, weigh
from leads.intake.opening import keep_unread, read
from leads.intake.replays import KEPT_FOR, replay_token, settle_by
from leads.intake.rules import judge_sender
from leads.intake.statement import find_all_accepted
from leads.intake.suppressed import judge_all_contacts
from sources.caps import has_caps
from sources.models import Terms
from sources.rates import count_request
from sources.versions import terms_to_judge_by

# As many values are locked for each lead as are compared, and the server's room for locks is limited.
MOST_LOCKING = 100
# One answer of TrustedForm takes up to the sum of its time-outs, and the sender waits for all of a run.
MOST_ASKING = 4 * AT_ONCE


def open_all(cases: Sequence[Case]) -> None:
    """Admits, weighs and reads each of them."""
    count_all(cases)
    for case in cases:
        if admit(case) and weigh(case) and read(case):
            case.replay_token = replay_token(case)
        if case.reading is None:
            keep_unread(case)


def count_all(cases: Sequence[Case]) -> None:
    """Each counts as a request, where those are limited and the source may send at all."""
    first = cases[0]
    if first.source.settings.rate_per_minute is None or first.credential is None:
        return
    if failures(judge_sender(first.source, first.arrival.ip), Effect.REFUSE):
        return
    new = [case for case in cases if case.number is None]
    for minute, grouped in groupby(new, key=minute_of):
        those = list(grouped)
        last = count_request(first.source, now=minute, requests=len(those))
        for number, case in enumerate(those, last - len(those) + 1):
            case.number = number


def minute_of(case: Case) -> datetime:
    return case.arrival.received_at.replace(second=0, microsecond=0)


def independent(cases: Sequence[Case]) -> Sequence[Case]:
    """As many of the first cases as can be judged side by side: none of them repeats another's request, or
    what the duplicate rule compares."""
    seen: set[bytes | tuple[str, str]] = set()
    for place, case in enumerate(cases[: longest_run(cases)]):
        own = set(what_is_its_own(case))
        if own & seen:
            return cases[:place]
        seen |= own
    return cases[: longest_run(cases)]


def what_is_its_own(case: Case) -> Iterable[bytes | tuple[str, str]]:
    if case.dry or case.reading is None:
        return
    if case.replay_token:
        yield case.replay_token
    if is_switched_on(case.source):
        yield from compared_values(case.reading.draft)
    if reuse.is_watched(case.source) and (certificate := reuse.certificate_of(case.reading.draft)):
        yield "certificate", certificate.url


def longest_run(cases: Sequence[Case]) -> int:
    asks = any(case.reading and case.reading.draft.trusted_form_url for case in cases)
    if asks and has_caps(cases[0].source.settings):
        # More are never asked about in vain when a cap is reached.
        return AT_ONCE
    if asks:
        return MOST_ASKING
    return MOST_LOCKING if depends_on_others(cases[0]) else len(cases)


def judge_all(cases: Sequence[Case]) -> None:
    """Those that were read, by all rules that need nobody else, and whether they came before."""
    read_ones = [case for case in cases if case.reading]
    if not read_ones:
        return
    terms: dict[datetime, Terms | None] = {}
    for case in read_ones:
        now = case.arrival.received_at
        if now not in terms:
            terms[now] = terms_to_judge_by(case.source, dry=case.dry, now=now)
        judge_by_itself(case, terms[now])
    judge_all_contacts(read_ones)
    judge_all_beside_others(read_ones)
    recognise_all(read_ones)


def recognise_all(cases: Sequence[Case]) -> None:
    """Which of them repeat a request that was accepted?"""
    tokens = {case.replay_token: case for case in cases if case.replay_token}
    if not tokens:
        return
    since = min(case.arrival.received_at for case in cases) - KEPT_FOR
    for token, original in find_all_accepted(cases[0].source.pk, list(tokens), since=since).items():
        settle_by(tokens[token], original)
