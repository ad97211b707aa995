"""What judging under other rules comes to: counts and a few ids, fit to be stored. Pure."""

from collections import Counter
from typing import Any
from uuid import UUID

from compliance.certificates import ANSWERED
from leadping.ids import public_id
from leadping.verdicts import Effect, Verdict
from leads.models import Submission
from leads.whatif.world import Judgement

EXAMPLES = 10
GRAVE = frozenset({Effect.KEEP, Effect.HOLD, Effect.REFUSE})


def stopping(verdicts: list[Verdict]) -> frozenset[str]:
    """Codes for which a lead is not simply accepted."""
    return frozenset(verdict.code for verdict in verdicts if not verdict.passed and verdict.effect in GRAVE)


class Comparison:
    def __init__(self) -> None:
        self.changes: Counter[tuple[str, str]] = Counter()
        self.newly: Counter[str] = Counter()
        self.no_longer: Counter[str] = Counter()
        self.examples: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.unjudged: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.would_ask = 0
        self.answered_otherwise = 0

    def leave_out(self, why: str) -> None:
        self.unjudged[why] += 1

    def add(self, submission_id: UUID, answered: str, before: Judgement, after: Judgement) -> None:
        """`answered` is the outcome that the sender was told when it came."""
        change = (before.outcome.value, after.outcome.value)
        self.changes[change] += 1
        self.answered[answered] += 1
        self.would_ask += after.would_ask
        self.answered_otherwise += answered != before.outcome.value
        old, new = stopping(before.verdicts), stopping(after.verdicts)
        if after.outcome is Submission.Outcome.REFUSED:
            # TrustedForm is not asked about what is refused anyway; its answer is not gone for that.
            old -= ANSWERED - new
        self.newly.update(new - old)
        self.no_longer.update(old - new)
        examples = self.examples.setdefault(change, [])
        if change[0] != change[1] and len(examples) < EXAMPLES:
            name = public_id(Submission.PREFIX, submission_id)
            examples.append({"id": name, "newly": sorted(new - old), "no_longer": sorted(old - new)})

    def as_result(self) -> dict[str, Any]:
        """Changes as lists of before, after, count and examples; the most frequent first."""
        judged = sum(self.changes.values())
        return {
            "judged": judged,
            "changed": sum(count for (old, new), count in self.changes.items() if old != new),
            "changes": [
                {"before": old, "after": new, "count": count, "examples": self.examples.get((old, new), [])}
                for (old, new), count in self.changes.most_common()
            ],
            "newly": dict(self.newly.most_common()),
            "no_longer": dict(self.no_longer.most_common()),
            "unjudged": dict(self.unjudged.most_common()),
            "answered": {name: self.answered[name] for name in Submission.Outcome.values},
            "answered_otherwise": self.answered_otherwise,
            "would_ask": self.would_ask,
        }
