"""Intake under other rules, in memory: the very functions that judge at the doors, with what came before
counted here in the place of tables. Nothing is stored and nobody is asked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from compliance.certificates import SHOWN, can_be_told_apart, judge_certificate
from compliance.checks.demands import Demands
from compliance.checks.judging import facts_needed
from compliance.suppression.contacts import ContactPoint
from compliance.suppression.looking import Span
from compliance.trustedform.answers import CertificateAnswer
from leadping.verdicts import Effect, Verdict
from leads.demands import demands_of
from leads.intake import reuse, shared_ip
from leads.intake.arrival import Arrival
from leads.intake.asking import claim_of_draft
from leads.intake.case import Case
from leads.intake.contention import COUNTED
from leads.intake.duplicates import Value, compared_values, is_switched_on, judge_among
from leads.intake.examine import judge_by_terms
from leads.intake.payload.reading import Reading
from leads.intake.replays import KEPT_FOR
from leads.intake.rules import judge_moment, judge_sender
from leads.intake.suppressed import judge_contacts_then
from leads.models import Submission
from sources.caps import Cap, caps_at, has_caps, judge_caps
from sources.models import Source, SourceSettings, Terms
from sources.rates import judge_rate

EARLIER = "as an earlier lead"
Outcome = Submission.Outcome
# Names of leads that came before the time that is looked at, by value.
Before = Mapping[Value, datetime]
CapKey = tuple[str, datetime]


class Came(NamedTuple):
    """One submission as every world takes it in; all of it was found out once."""

    arrival: Arrival
    by_system: bool
    # What holds whatever the terms and settings are: what came of reading it, and faults that stand.
    found: list[Verdict]
    reading: Reading | None
    # What was found in TrustedForm's answer; nothing where it was not asked.
    certificate: list[Verdict]
    # What a repetition would have in common with it.
    token: bytes | None
    # The number of the request within its minute.
    number: int
    # TrustedForm's answer itself, where it has to be judged anew.
    answer: CertificateAnswer | None = None


class PastUse(NamedTuple):
    """A use of a certificate, as the ledger has it."""

    at: datetime
    source_id: UUID
    phone_hash: bytes | None
    email_hash: bytes | None

    def is_of(self, hashes: Mapping[str, bytes | None]) -> bool:
        same_phone = self.phone_hash is not None and self.phone_hash == hashes["phone_hash"]
        return same_phone or (self.email_hash is not None and self.email_hash == hashes["email_hash"])


@dataclass(slots=True)
class Judgement:
    outcome: Submission.Outcome
    verdicts: list[Verdict]
    # Whether TrustedForm would have been asked, and was not before.
    would_ask: bool = False


def as_if_open(source: Source, settings: SourceSettings, terms: Terms | None) -> Source:
    """The source switched on, not paused and attached all the time: no rules change anything about that."""
    opened = copy(source)
    opened.enabled, opened.paused_at = True, None
    opened.account_id = source.account_id or source.pk
    opened.terms_in_force = terms
    opened.settings = settings
    return opened


@dataclass(slots=True)
class World:
    source: Source
    terms: Terms | None
    # How many leads of a period came before the time that is looked at; asked once for each period.
    count_before: Callable[[Cap], int]
    disputed_at: datetime | None = None
    demands: Demands = field(init=False)
    latest: dict[Value, datetime] = field(default_factory=dict)
    taken: dict[CapKey, int] = field(default_factory=dict)
    tokens: dict[bytes, datetime] = field(default_factory=dict)
    # With whom certificates came in the days that are looked at, and what the ledger knows of those of the
    # page: uses before these days, and through other sources.
    used: dict[str, set[frozenset[Value]]] = field(default_factory=dict)
    ledger: Mapping[bytes, Sequence[PastUse]] = field(default_factory=dict)
    # From which addresses people came, in these days and through this source.
    crowd: shared_ip.Crowd = field(default_factory=shared_ip.Crowd)
    # When the contacts of the page at hand were suppressed: the list counts as it was at each moment.
    suppressed: Mapping[ContactPoint, list[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.demands = demands_of(self.settings, self.terms)

    @property
    def settings(self) -> SourceSettings:
        return self.source.settings

    @property
    def window(self) -> timedelta:
        return timedelta(hours=self.settings.duplicate_window_hours)

    def judge(self, came: Came, before: Before) -> Judgement:
        """To be called in the order in which the submissions came."""
        case = Case(came.arrival, self.source, terms=self.terms, reading=came.reading)
        if not self.admits(case, came):
            return Judgement(case.outcome, case.verdicts)
        would_ask = self.examine(case, came, before)
        if came.reading and not case.refusals and shared_ip.is_judged(case):
            case.find(self.crowd.judge(case))
        if came.reading and self.repeats(came):
            return Judgement(Outcome.REPLAYED, [])
        outcome = case.outcome
        if outcome is not Outcome.REFUSED:
            self.remember(case, came, outcome)
        return Judgement(outcome, case.verdicts, would_ask)

    def admits(self, case: Case, came: Came) -> bool:
        ip = came.arrival.ip if came.by_system else None
        if not case.find(*judge_sender(self.source, ip)):
            return False
        limited = came.by_system and self.settings.rate_per_minute is not None
        return not limited or case.find(judge_rate(self.source, came.number))

    def examine(self, case: Case, came: Came, before: Before) -> bool:
        """Whether TrustedForm would be asked anew."""
        case.verdicts += came.found
        if came.reading is None:
            return False
        now = came.arrival.received_at
        self.source.disputed_at = self.disputed_at if self.is_disputed(now) else None
        judge_by_terms(case)
        case.verdicts += judge_moment(self.source, self.terms, now=now)
        judge_contacts_then(case, self.suppressed, now)
        self.judge_beside_others(case, before)
        if case.refusals or not case.asks:
            return False
        if came.answer is not None:
            return self.judge_answer(case, came.answer)
        if not came.certificate:
            return True
        case.find(*map(self.as_now_judged, came.certificate))
        return False

    def judge_answer(self, case: Case, answer: CertificateAnswer) -> bool:
        """Whether more would have to be asked than was; what nobody asked counts as good."""
        case.certificate_answer = answer
        claim, now = claim_of_draft(case.was_read.draft), case.arrival.received_at
        verdicts = judge_certificate(answer, claim=claim, demands=self.demands, now=now)
        case.find(*map(case.was_read.as_sent, verdicts))
        if can_be_told_apart(answer, self.demands):
            return True
        return answer.outcome in SHOWN and not answer.facts.told >= facts_needed(self.demands)

    def is_disputed(self, now: datetime) -> bool:
        return self.disputed_at is not None and self.disputed_at <= now

    def as_now_judged(self, said: Verdict) -> Verdict:
        """What TrustedForm said stays said; what follows from its silence is a setting."""
        if said.passed or said.code != "certificate_unavailable":
            return said
        return Verdict(
            said.code,
            passed=False,
            effect=Effect(self.settings.outage_policy),
            detail=said.detail,
            field=said.field,
            hint=said.hint,
        )

    def judge_beside_others(self, case: Case, before: Before) -> None:
        now, reading = case.arrival.received_at, case.was_read
        if is_switched_on(self.source):

            def find(value: Value, since: datetime) -> str:
                last = self.latest.get(value) or before.get(value)
                return EARLIER if last is not None and last > since else ""

            case.find(reading.as_sent(judge_among(self.source, reading.draft, find, now=now)))
        if reuse.is_judged(case):
            verdicts = reuse.judge_reuse(self.source, self.uses_before(case))
            case.find(*map(reading.as_sent, verdicts))
        if has_caps(self.settings):
            caps = caps_at(self.settings, now)
            case.find(judge_caps(self.settings, caps, {cap.period: self.taken_in(cap) for cap in caps}))

    def uses_before(self, case: Case) -> reuse.Uses:
        assert case.certificate
        draft, now = case.was_read.draft, case.arrival.received_at
        past = [use for use in self.ledger.get(reuse.hash_of(case.certificate), ()) if use.at < now]
        here = self.used.get(case.certificate.url, ())
        if not past and not here:
            return reuse.Uses()
        person, hashes = reuse.person_of(draft), reuse.hashes_of(draft)
        return reuse.Uses(
            by_others=any(person.isdisjoint(other) for other in here)
            or any(not use.is_of(hashes) for use in past),
            elsewhere=any(use.source_id != self.source.pk for use in past),
        )

    def taken_in(self, cap: Cap) -> int:
        key = (cap.period.value, cap.starts_at)
        if key not in self.taken:
            self.taken[key] = self.count_before(cap)
        return self.taken[key]

    def repeats(self, came: Came) -> bool:
        """Whether the same request was taken in the 24 hours before it."""
        first = self.tokens.get(came.token) if came.token else None
        return first is not None and first > came.arrival.received_at - KEPT_FOR

    def remember(self, case: Case, came: Came, outcome: Submission.Outcome) -> None:
        now = came.arrival.received_at
        if came.token:
            self.tokens[came.token] = now
        if is_switched_on(self.source):
            self.latest.update((value, now) for value in compared_values(case.was_read.draft))
        if case.certificate and reuse.is_watched(self.source):
            self.used.setdefault(case.certificate.url, set()).add(reuse.person_of(case.was_read.draft))
        if shared_ip.is_judged(case):
            self.crowd.add(case)
        if has_caps(self.settings) and outcome in COUNTED:
            for cap in caps_at(self.settings, now):
                self.taken[(cap.period.value, cap.starts_at)] = self.taken_in(cap) + 1

    def forget(self, now: datetime) -> None:
        """What can be of no weight any more, so that memory does not grow with the days."""
        ends, kept_from = now - self.window, now - KEPT_FOR
        self.latest = {value: at for value, at in self.latest.items() if at > ends}
        self.crowd.forget(now - timedelta(days=self.settings.certificate_people_days))
        self.tokens = {token: at for token, at in self.tokens.items() if at > kept_from}


class Minutes:
    """The number of each request within its minute, as the doors count them."""

    def __init__(self) -> None:
        self.counts: Counter[datetime] = Counter()

    def count(self, at: datetime) -> int:
        minute = at.replace(second=0, microsecond=0)
        if minute not in self.counts:
            # They come in order, so no other minute is asked about again.
            self.counts = Counter()
        self.counts[minute] += 1
        return self.counts[minute]
