"""The example lead of terms, judged now by the rules that judge real ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadping.verdicts import Effect, Verdict, failures
from leads.intake.case import OUTCOMES
from leads.intake.rehearse import rehearse
from leads.models import Submission
from leads.pages import wording
from leads.pages.stored import gravity
from leads.pages.wording import Badge, CheckLine, describe_check
from sources.models import Source, Terms


@dataclass(frozen=True, slots=True)
class Example:
    """`lines` are the verdicts as pages show them, the gravest first."""

    outcome: Submission.Outcome
    verdicts: list[Verdict]
    lines: list[CheckLine]

    @property
    def badge(self) -> Badge:
        return wording.OUTCOMES[self.outcome]

    @property
    def faults(self) -> list[CheckLine]:
        return [line for line in self.lines if line.badge is not wording.PASSED]

    @property
    def passes(self) -> list[CheckLine]:
        return [line for line in self.lines if line.badge is wording.PASSED]

    def as_seen(self) -> dict[str, Any]:
        """As a review keeps it."""
        return {
            "outcome": self.outcome.value,
            "codes": [verdict.code for verdict in self.verdicts if not verdict.passed],
            "verdicts": [verdict.as_row() for verdict in self.verdicts],
        }


def judge_example(source: Source, terms: Terms, *, now: datetime) -> Example | None:
    """None where the terms bring no example."""
    if not terms.example_payload.strip():
        return None
    verdicts = rehearse(source, terms, terms.example_payload, now=now)
    rows = sorted((verdict.as_row() for verdict in verdicts), key=gravity)
    return Example(outcome_of(verdicts), verdicts, [describe_check(row) for row in rows])


def outcome_of(verdicts: list[Verdict]) -> Submission.Outcome:
    found = (outcome for effect, outcome in OUTCOMES.items() if failures(verdicts, Effect(effect)))
    return next(found, Submission.Outcome.ACCEPTED)
