"""The spans of time that pages show: hours or days, up to and with the one that is running. In UTC. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leads.watching.buckets import LENGTHS, Period, floor


@dataclass(frozen=True, slots=True)
class Span:
    name: str
    title: str
    period: Period
    count: int
    # By what name all but the running bucket are kept, added up for each source.
    closed: Period | None = None

    def buckets(self, *, now: datetime) -> list[datetime]:
        """Their beginnings, the oldest first."""
        last, length = floor(now, self.period), LENGTHS[self.period]
        return [last - length * back for back in reversed(range(self.count))]

    def start(self, *, now: datetime) -> datetime:
        return self.buckets(now=now)[0]

    def start_of_before(self, *, now: datetime) -> datetime:
        """Of as many buckets before these."""
        return self.start(now=now) - LENGTHS[self.period] * self.count


SPANS = {
    span.name: span
    for span in (
        Span("24h", "24 hours", Period.HOUR, 24, Period.CLOSED_24_HOURS),
        Span("7d", "7 days", Period.DAY, 7, Period.CLOSED_7_DAYS),
        Span("7d-hours", "7 days by hours", Period.HOUR, 168),
        Span("30d", "30 days", Period.DAY, 30, Period.CLOSED_30_DAYS),
        Span("90d", "90 days", Period.DAY, 90, Period.CLOSED_90_DAYS),
    )
}
USUAL = SPANS["7d"]
# Where sources stand side by side there are no buckets to tell apart.
COMPARED = {name: span for name, span in SPANS.items() if span.closed}


def read_span(text: str, among: Mapping[str, Span] = SPANS) -> Span:
    """The usual one for what is none."""
    return among.get(text, USUAL)
