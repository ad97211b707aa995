"""What the pages of the codes say beyond the catalogue."""

import json
import re
from enum import StrEnum
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from compliance.certificates import INVENTED
from compliance.checks.demands import USUAL_EFFECTS
from compliance.checks.judging import CHECKS
from compliance.checks.person import ABSENT
from leadping.problems import Problem, describe, problem_body
from leadping.verdicts import Effect, failed
from leads.api import examples
from leads.api.contract import DOOR_PROBLEMS, UNTIED, WARNING_CODES
from leads.intake.problems import CATALOGUE
from leads.intake.shared_ip import CODE as SHARED_IP

HELD_CODES = frozenset(code for code, effect in USUAL_EFFECTS.items() if effect is Effect.HOLD)
# What comes of these is set for each source, and nothing usually.
SET_CODES = (
    frozenset({INVENTED, SHARED_IP, *ABSENT, *(check.code for check in CHECKS)}) - USUAL_EFFECTS.keys()
)
TICKED = re.compile(r"`([^`]+)`")


class Kind(StrEnum):
    """What comes of a request with this fault."""

    REFUSAL = "Refuses"
    HOLD = "Holds the lead"
    WARNING = "Warns"
    SET = "Warns, holds or refuses"


def kind_of(problem: Problem) -> Kind:
    if problem.code in WARNING_CODES:
        return Kind.WARNING
    if problem.code in SET_CODES:
        return Kind.SET
    return Kind.HOLD if problem.code in HELD_CODES else Kind.REFUSAL


def status_of(problem: Problem) -> int:
    """That of the answer which tells it: a lead that is held or warned about was taken in."""
    return problem.status if kind_of(problem) in {Kind.REFUSAL, Kind.SET} else 201


def by_status() -> list[tuple[int, list[Problem]]]:
    ordered = sorted(CATALOGUE.values(), key=lambda problem: (status_of(problem), problem.code))
    return [(status, list(group)) for status, group in groupby(ordered, status_of)]


def example_of(problem: Problem) -> str:
    """The body of an answer that tells this problem."""
    finding = failed(problem.code, problem.meaning.replace("`", ""))
    match kind_of(problem):
        case Kind.WARNING:
            body = {**examples.ACCEPTED, "warnings": [describe(finding)]}
        case Kind.HOLD:
            body = {**examples.ACCEPTED, "status": "audit", "held": [describe(finding)]}
        case Kind.REFUSAL | Kind.SET:
            tied = problem in DOOR_PROBLEMS and problem.status not in UNTIED
            members = {"submissionId": examples.ACCEPTED["submissionId"], "warnings": []} if tied else {}
            errors = [finding] if tied else []
            body = json.loads(
                problem_body(
                    problem, detail=finding.detail, errors=errors, request_id=examples.REQUEST_ID, **members
                )
            )
    return json.dumps(body, indent=2, ensure_ascii=False)


def ticked(text: str) -> SafeString:
    """Text with `code` in backticks, as HTML."""
    return mark_safe(TICKED.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 (escaped)
