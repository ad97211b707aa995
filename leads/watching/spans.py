"""The spans of time that pages show: hours or days, up to and with the one that is running. In UTC. Pure."""

from dataclasses import dataclass
from datetime import datetime

from leads.watching.buckets import LENGTHS, Period, floor


@dataclass(frozen=True, slots=True)
class Span:
    name: str
    title: str
    period: Period
    count: int

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
        Span("24h", "24 hours", Period.HOUR, 24),
        Span("7d", "7 days", Period.DAY, 7),
        Span("7d-hours", "7 days by hours", Period.HOUR, 168),
        Span("30d", "30 days", Period.DAY, 30),
        Span("90d", "90 days", Period.DAY, 90),
    )
}
USUAL = SPANS["7d"]


def read_span(text: str) -> Span:
    """The usual one for what is none."""
    return SPANS.get(text, USUAL)
