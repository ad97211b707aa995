"""How long, how often and how much is measured: 12 minutes and then watching, or a few with --quick."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`seconds` of load in each run, `rounds` whose median counts, leads `stored` in the big table,
    the numbers of submissions with which watching is measured, of which `--stored 10000000` takes an hour,
    the submissions that a what-if looks at, and the rows of a file that is imported."""

    seconds: int
    rounds: int
    stored: int
    watched: tuple[int, ...]
    tried: int
    imported: int


FULL = Pace(seconds=8, rounds=3, stored=1_000_000, watched=(1_000_000,), tried=100_000, imported=100_000)
QUICK = Pace(seconds=2, rounds=1, stored=10_000, watched=(20_000,), tried=5_000, imported=2_000)
