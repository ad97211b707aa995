"""How long, how often and how much is measured: under 12 minutes in all, or a minute or two with --quick."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`seconds` of load in each run, `rounds` whose median counts, leads `stored` in the big table."""

    seconds: int
    rounds: int
    stored: int


FULL = Pace(seconds=8, rounds=3, stored=1_000_000)
QUICK = Pace(seconds=2, rounds=1, stored=10_000)
