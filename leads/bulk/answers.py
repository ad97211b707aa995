"""What the sender of a batch is told: a line for each of its lines, and one that sums them up."""

import json
from collections import Counter
from dataclasses import dataclass, field

from leads.bulk.receive import Taken
from leads.models import Submission

Outcome = Submission.Outcome
COUNTED_AS = {
    Outcome.ACCEPTED: "accepted",
    Outcome.AUDIT: "held",
    Outcome.DUPLICATE: "duplicates",
    Outcome.REFUSED: "refused",
    Outcome.REPLAYED: "replayed",
}


def line_answer(number: int, taken: Taken) -> str:
    """Status and body as the line would have had them at a door; headers that matter become members."""
    reply = taken.reply
    head: dict[str, int | bool] = {"line": number, "status": reply.status}
    if taken.outcome is Outcome.REPLAYED:
        head["replayed"] = True
    if "Retry-After" in reply.headers:
        head["retryAfter"] = int(reply.headers["Retry-After"])
    # The body is JSON already, to be passed on byte for byte.
    return f'{json.dumps(head, separators=(",", ":"))[:-1]},"answer":{reply.body}}}\n'


@dataclass(slots=True)
class Summary:
    """`failed` are lines of which nothing was stored; `complete` says that the batch was read to its end and
    none failed."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: bool = False

    def count(self, taken: Taken) -> None:
        self.counts["lines"] += 1
        self.counts[COUNTED_AS[taken.outcome] if taken.outcome else "failed"] += 1

    def as_dict(self) -> dict[str, int | bool]:
        names = ("lines", *COUNTED_AS.values(), "failed")
        complete = not self.broken and not self.counts["failed"]
        return {**{name: self.counts[name] for name in names}, "complete": complete}

    def as_line(self) -> str:
        return json.dumps({"summary": self.as_dict()}, separators=(",", ":")) + "\n"
