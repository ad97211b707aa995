"""Judging every row of a file beforehand: nothing is stored of a row, and TrustedForm is not asked."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from leadping.csv_files import FileRow, find_delimiter, read_rows
from leads.importing.arrivals import arrival_of, unreadable_case, write_body
from leads.importing.faults import Fault, describe_faults
from leads.importing.mapping import EXTRA, Place, plan
from leads.importing.past import Past, look_up
from leads.intake import reuse, shared_ip
from leads.intake.case import Case
from leads.intake.contention import COUNTED
from leads.intake.duplicates import Value, came_as, compared_values, judge_among
from leads.intake.examine import judge_lead, weigh
from leads.intake.known import Uses
from leads.intake.opening import read
from leads.intake.replays import replay_token
from leads.intake.rules import judge_moment
from leads.intake.suppressed import judge_all_contacts
from leads.models import Import, Lead, Submission
from sources.caps import Cap, caps_at, has_caps, judge_caps, read_taken
from sources.models import Terms
from sources.versions import terms_to_judge_by

TOGETHER = 500


@dataclass(slots=True)
class JudgedRow:
    row: FileRow
    case: Case
    outcome: Submission.Outcome
    values: dict[str, Any]

    def faults(self, headings: dict[str, str]) -> Iterator[Fault]:
        verdicts = [verdict.as_row() for verdict in self.case.verdicts if not verdict.passed]
        return describe_faults(self.row.number, verdicts, headings, self.values)


@dataclass(slots=True)
class Check:
    """One way through a file. Whether the source may send at all is left out: it is the same for each row,
    and said beside them."""

    imported: Import
    now: datetime
    places: list[Place]
    terms: Terms | None
    caps: list[Cap]
    taken: dict[str, int]
    # Values of the rows above that would make leads.
    above: set[Value] = field(default_factory=set)
    tokens: set[bytes] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    # With whom certificates came in the rows above.
    used: dict[str, set[frozenset[Value]]] = field(default_factory=dict)
    # And from which addresses people did.
    crowd: shared_ip.Crowd = field(default_factory=shared_ip.Crowd)

    def judge(self, rows: Iterator[FileRow]) -> Iterator[list[JudgedRow]]:
        """In portions, in the file's order."""
        while portion := list(islice(rows, TOGETHER)):
            judged = [self.judge_by_itself(row) for row in portion]
            self.judge_beside_others(judged)
            for one in judged:
                self.outcomes[one.outcome] += 1
                self.codes.update({verdict.code for verdict in one.case.verdicts if not verdict.passed})
            yield judged

    def judge_by_itself(self, row: FileRow) -> JudgedRow:
        if row.fault:
            case = unreadable_case(self.imported, row, now=self.now)
            return JudgedRow(row, case, case.outcome, {})
        sent = write_body(row.cells, self.places)
        case = Case(arrival_of(self.imported, sent, now=self.now), self.imported.source, terms=self.terms)
        if weigh(case) and read(case):
            judge_lead(case)
            case.find(*judge_moment(case.source, self.terms, now=self.now))
        values = {
            place.field: row.cells[place.index].strip() for place in self.places if place.field != EXTRA
        }
        return JudgedRow(row, case, case.outcome, values)

    def judge_beside_others(self, judged: Sequence[JudgedRow]) -> None:
        read_ones = [one for one in judged if one.case.reading]
        cases = [one.case for one in read_ones]
        if not cases:
            return
        past = look_up(self.imported, cases, now=self.now)
        judge_all_contacts(cases)
        for one in read_ones:
            token = replay_token(one.case)
            if token and (token in past.tokens or token in self.tokens):
                one.outcome = Submission.Outcome.REPLAYED
            else:
                self.judge_beside_earlier(one.case, past)
                one.outcome = one.case.outcome
                if one.case.makes_lead:
                    self.remember(one.case, token)

    def judge_beside_earlier(self, case: Case, past: Past) -> None:
        """Leads that came, and the rows above."""
        if past.leads is not None:
            self.find_duplicate(case, past.leads)
        if uses := past.uses.get(id(case)):
            self.find_reuse(case, uses)
        if (people := past.people.get(id(case))) is not None:
            case.find(self.crowd.judge(case, people))
        self.count(case)

    def find_duplicate(self, case: Case, stored: Mapping[str, Mapping[str, Lead]]) -> None:
        def find(value: Value, _: datetime) -> str:
            name, text = value
            if earlier := stored[name].get(text):
                return came_as(earlier)
            return "in a row above" if value in self.above else ""

        reading = case.was_read
        case.find(reading.as_sent(judge_among(case.source, reading.draft, find, now=self.now)))

    def find_reuse(self, case: Case, stored: Uses) -> None:
        assert case.certificate
        person = reuse.person_of(case.was_read.draft)
        above = any(person.isdisjoint(other) for other in self.used.get(case.certificate.url, ()))
        uses = stored._replace(by_others=stored.by_others or above)
        case.find(*map(case.was_read.as_sent, reuse.judge_reuse(case.source, uses)))

    def count(self, case: Case) -> None:
        """A cap is reached by the rows above as by leads that came."""
        if not self.caps:
            return
        case.find(judge_caps(self.imported.source.settings, self.caps, self.taken))
        if case.makes_lead and case.outcome in COUNTED:
            for cap in self.caps:
                self.taken[cap.period] = self.taken.get(cap.period, 0) + 1

    def remember(self, case: Case, token: bytes | None) -> None:
        if token:
            self.tokens.add(token)
        self.above.update(compared_values(case.was_read.draft))
        if shared_ip.is_judged(case):
            self.crowd.add(case)
        if case.certificate and reuse.is_watched(case.source):
            self.used.setdefault(case.certificate.url, set()).add(reuse.person_of(case.was_read.draft))


def prepare(imported: Import, *, now: datetime) -> Check:
    """As things stand now. A source that is not approved yet is judged by its draft, as in dry runs."""
    source = imported.source
    caps = caps_at(source.settings, now) if has_caps(source.settings) else []
    return Check(
        imported=imported,
        now=now,
        places=plan(imported.headings, imported.columns),
        terms=terms_to_judge_by(source, dry=True, now=now),
        caps=caps,
        taken=read_taken(source, caps) if caps else {},
    )


def rows_of(imported: Import) -> Iterator[FileRow]:
    return read_rows(imported.content, imported.headings, find_delimiter(imported.content))


def headings_by_field(imported: Import) -> dict[str, str]:
    return {field: heading for heading, field in imported.columns.items() if field not in {"", EXTRA}}


# As many are shown on a page; the rest is in the downloads.
SHOWN = 1_000


def check_rows(imported: Import, *, now: datetime) -> None:
    """Goes through the file and writes down what was found. Stops when somebody changed course meanwhile."""
    check, headings = prepare(imported, now=now), headings_by_field(imported)
    running = Import.objects.filter(pk=imported.pk, status=Import.Status.CHECKING)
    done = 0
    faults: list[Fault] = []
    lines: list[str] = []
    for portion in check.judge(rows_of(imported)):
        for one in portion:
            for fault in one.faults(headings):
                lines.append(json.dumps(fault, ensure_ascii=False))
                if len(faults) < SHOWN:
                    faults.append(fault)
        done += len(portion)
        if not running.update(done=done):
            return
    running.update(
        status=Import.Status.CHECKED,
        outcomes=dict(check.outcomes),
        codes=dict(check.codes),
        faults=faults,
        findings="\n".join(lines),
    )


def first_rows(imported: Import, columns: dict[str, str], *, now: datetime, count: int) -> list[JudgedRow]:
    """What intake makes of the first rows by a mapping that is not saved yet."""
    tried = Import(
        pk=imported.pk,
        business_id=imported.business_id,
        source=imported.source,
        headings=imported.headings,
        columns=columns,
    )
    rows = islice(rows_of(imported), count)
    return next(prepare(tried, now=now).judge(rows), [])
