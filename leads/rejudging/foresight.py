"""What would come of judging submissions again, before anything is done. Nothing is stored, and nobody is
asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from leadping.verdicts import Effect
from leads.intake.case import Case
from leads.intake.examine import admit, judge, weigh
from leads.intake.opening import read
from leads.intake.replays import recognise
from leads.models import Submission
from leads.own_changes import OWN_CHANGES, say_to_them
from leads.rejudging.attempt import NotAgainError, case_of, find_repeated, say_why_not
from sources.models import Source

Outcome = Submission.Outcome


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`left` says why it stays as it is. `asks`: TrustedForm is asked first, and may say otherwise."""

    submission: Submission
    outcome: Submission.Outcome | None
    codes: tuple[str, ...] = ()
    asks: bool = False
    left: str = ""
    # What the person changed themselves since it came, as a sentence.
    own: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Those of which the same comes."""

    before: Submission.Outcome
    after: Submission.Outcome | None
    codes: tuple[str, ...]
    asks: bool
    left: str
    count: int


def foresee(submissions: Sequence[Submission], *, by: str, now: datetime) -> list[Foreseen]:
    """If this person does it. `submissions` come with their lead and source."""
    repeated = find_repeated(submission.pk for submission in submissions)
    sources = Source.objects.with_rules().in_bulk({submission.source_id for submission in submissions})
    return [
        foresee_one(
            submission, sources[submission.source_id], repeated=submission.pk in repeated, by=by, now=now
        )
        for submission in submissions
    ]


def foresee_one(
    submission: Submission, source: Source, *, repeated: bool, by: str, now: datetime
) -> Foreseen:
    if why := say_why_not(submission, repeated=repeated):
        return Foreseen(submission, None, left=why)
    try:
        case = case_of(submission, source, by=by, reason="", now=now)
    except NotAgainError as error:
        return Foreseen(submission, None, left=str(error))
    for step in (admit, weigh, read, judge):
        if not step(case):
            break
    else:
        if case.provenance.lead_id is None:
            recognise(case)
    asks = case.asks and not case.refusals and case.original is None
    return Foreseen(submission, case.outcome, stopping(case), asks, own=own_changes(case))


def own_changes(case: Case) -> str:
    said = (verdict.detail for verdict in case.verdicts if verdict.code == OWN_CHANGES)
    return say_to_them(next(said, ""))


def stopping(case: Case) -> tuple[str, ...]:
    """The codes for which it is not simply accepted; of what is refused not those that would only hold it."""
    found = [verdict for verdict in case.verdicts if not verdict.passed]
    refusing = [verdict for verdict in found if verdict.effect == Effect.REFUSE]
    grave = refusing or [verdict for verdict in found if verdict.effect not in {Effect.OFF, Effect.WARN}]
    return tuple(sorted({verdict.code for verdict in grave}))


def group(foreseen: Iterable[Foreseen]) -> list[Group]:
    """The largest first."""

    def kind(one: Foreseen) -> tuple[str, str, tuple[str, ...], bool, str]:
        return one.submission.outcome, one.outcome or "", one.codes, one.asks, one.left

    groups = []
    for _, members in groupby(sorted(foreseen, key=kind), key=kind):
        alike = list(members)
        first = alike[0]
        before = Outcome(first.submission.outcome)
        groups.append(Group(before, first.outcome, first.codes, first.asks, first.left, len(alike)))
    return sorted(groups, key=lambda one: -one.count)
