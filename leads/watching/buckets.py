"""Minutes, hours and days as tallies have them: whole ones, in UTC. Pure."""

from datetime import UTC, datetime, timedelta

from leads.models.tallies import Tally

Period = Tally.Period
LENGTHS = {
    Period.MINUTE: timedelta(minutes=1),
    Period.HOUR: timedelta(hours=1),
    Period.DAY: timedelta(days=1),
}


def floor(moment: datetime, period: Period) -> datetime:
    """The beginning of the one in which the moment lies."""
    seconds = int(LENGTHS[period].total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def ceil(moment: datetime, period: Period) -> datetime:
    floored = floor(moment, period)
    return floored if floored == moment else floored + LENGTHS[period]


def coarser(period: Period) -> list[Period]:
    """Periods from this one on."""
    order = list(LENGTHS)
    return order[order.index(period) :]
