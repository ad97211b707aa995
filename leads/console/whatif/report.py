"""A what-if's result in words. Pure."""

from dataclasses import dataclass
from typing import Any

from leads.intake.stored import WHY_NOT
from leads.models import Submission, WhatIf
from leads.pages.wording import OUTCOMES, Badge, title_of

# As they stand in the table.
ORDER = tuple(Submission.Outcome)


@dataclass(frozen=True, slots=True)
class ExampleLine:
    public_id: str
    newly: list[str]
    no_longer: list[str]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    before: Badge
    after: Badge
    count: int
    examples: list[ExampleLine]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    before: Badge
    cells: list[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Report:
    """`matrix` has a row for each outcome by today's rules and, under `columns`, how many come to what."""

    judged: int
    changed: int
    columns: list[Badge]
    matrix: list[MatrixRow]
    changes: list[ChangeLine]
    newly: list[tuple[str, str, int]]
    no_longer: list[tuple[str, str, int]]
    unjudged: list[tuple[str, int]]
    answered_otherwise: int
    would_ask: int


def describe_result(result: dict[str, Any]) -> Report:
    found = {(one["before"], one["after"]): one for one in result["changes"]}
    used = [outcome for outcome in ORDER if any(outcome in pair for pair in found)]
    return Report(
        judged=result["judged"],
        changed=result["changed"],
        columns=[OUTCOMES[outcome] for outcome in used],
        matrix=[
            MatrixRow(
                OUTCOMES[before],
                [(found.get((before, after), {}).get("count", 0), before != after) for after in used],
            )
            for before in used
        ],
        changes=[describe_change(one) for one in result["changes"] if one["before"] != one["after"]],
        newly=name_codes(result["newly"]),
        no_longer=name_codes(result["no_longer"]),
        unjudged=[(WHY_NOT.get(why, why), count) for why, count in result["unjudged"].items()],
        answered_otherwise=result["answered_otherwise"],
        would_ask=result["would_ask"],
    )


def describe_change(one: dict[str, Any]) -> ChangeLine:
    return ChangeLine(
        OUTCOMES[Submission.Outcome(one["before"])],
        OUTCOMES[Submission.Outcome(one["after"])],
        one["count"],
        [
            ExampleLine(
                example["id"],
                [title_of(code) for code in example["newly"]],
                [title_of(code) for code in example["no_longer"]],
            )
            for example in one["examples"]
        ],
    )


def name_codes(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(title_of(code), code, count) for code, count in counts.items()]


def say_headline(trial: WhatIf) -> str:
    """One sentence, for wherever the terms or settings are decided on."""
    if trial.status != WhatIf.Status.DONE:
        return trial.failure if trial.status == WhatIf.Status.FAILED else "Not done yet."
    judged, changed = trial.result["judged"], trial.result["changed"]
    if not judged:
        return "Nothing came in these days that could be judged."
    if not changed:
        return f"All {judged:,} submissions come to the same."
    parts = [
        f"{one['count']:,} {say(one['before'])} → {say(one['after'])}"
        for one in trial.result["changes"]
        if one["before"] != one["after"]
    ]
    return f"{changed:,} of {judged:,} submissions change: {', '.join(parts[:3])}."


def say(outcome: str) -> str:
    return OUTCOMES[Submission.Outcome(outcome)].text.lower()
