"""What is measured: runs, the lines that sum them up, and what was aimed at. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """`rate` is a second's, times are in milliseconds. Whatever is in `faults` makes the figures void."""

    rate: float
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    # The most that the product had open to the database at one time, where it was looked at.
    connections: int | None = None
    faults: tuple[str, ...] = ()
    # What the slowest answer took.
    longest: float | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound on one of a line's figures, by its name."""

    figure: str
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        bound = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"
        return f"{self.figure} {bound}"


@dataclass(frozen=True, slots=True)
class Line:
    """The medians of several runs of one kind. `ratio` is that of the rates to those of `base`, each run
    beside the one before it, for the machine is not equally fast all the time."""

    what: str
    senders: int
    rate: float
    p50: float | None
    p95: float | None
    p99: float | None
    connections: int | None
    ratio: float | None
    aims: tuple[Aim, ...]
    faults: tuple[str, ...]

    @property
    def void(self) -> bool:
        return bool(self.faults)

    @property
    def verdict(self) -> str:
        if self.void:
            return "VOID: " + "; ".join(self.faults)
        if not self.aims:
            return ""
        return "missed" if any(misses(self, aim) for aim in self.aims) else "met"


def sum_up(
    what: str, senders: int, runs: Sequence[Run], *aims: Aim, base: Sequence[Run] | None = None
) -> Line:
    return Line(
        what,
        senders,
        rate=median(run.rate for run in runs),
        p50=median_of(run.p50 for run in runs),
        p95=median_of(run.p95 for run in runs),
        p99=median_of(run.p99 for run in runs),
        connections=max((run.connections for run in runs if run.connections is not None), default=None),
        ratio=median(run.rate / other.rate for run, other in zip(runs, base, strict=True)) if base else None,
        aims=aims,
        faults=tuple(dict.fromkeys(fault for run in [*runs, *(base or [])] for fault in run.faults)),
    )


def median_of(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def misses(line: Line, aim: Aim) -> bool:
    figure = getattr(line, aim.figure)
    return (aim.least is not None and figure < aim.least) or (aim.most is not None and figure > aim.most)
