"""Tables as bars, in an SVG's own coordinates; `templates/admin/watch/chart.html` draws them. Pure.

Each column is one path, however many bars it has, and each bucket one field to point at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.console.watch.tables import Table, say
from leads.watching.buckets import Period
from leads.watching.spans import Span

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 72, 8, 14, 34
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
# So much of a bucket's width is its bar's.
FILLED = 0.72
LABELS = 6
STEPS = (1, 2, 2.5, 5, 10)
LINES = 4


@dataclass(frozen=True, slots=True)
class Shape:
    tone: str
    path: str


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend, with the column's sum."""

    tone: str
    title: str
    sum: str


@dataclass(frozen=True, slots=True)
class Field:
    """A bucket to point at, with all that there is to say of it."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis and what is written there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    table: Table
    shapes: Sequence[Shape]
    keys: Sequence[Key]
    fields: Sequence[Field]
    rises: Sequence[Mark]
    moments: Sequence[Mark]
    described: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    ground: int = TOP + INNER_HEIGHT
    inner_height: int = INNER_HEIGHT


def draw(table: Table) -> Chart:
    values = [
        [float(column.value(figures) or 0) for column in table.drawn] for _, figures in table.series.points
    ]
    highest = max((sum(row) if table.stacked else max(row, default=0) for row in values), default=0)
    money = any(column.form == "money" for column in table.drawn)
    step = find_step(highest, whole=not money)
    top = max(step, -(-highest // step) * step)
    return Chart(
        table,
        [
            Shape(column.tone, path_of(values, place, top, stacked=table.stacked))
            for place, column in enumerate(table.drawn)
        ],
        [Key(one.tone, one.title, say(one.value(table.series.total), one.form)) for one in table.drawn],
        list_fields(table),
        [
            Mark(height_of(step * n, top), say_rise(step * n, money=money))
            for n in range(round(top / step) + 1)
        ],
        list_moments(table),
        describe(table),
    )


def find_step(highest: float, *, whole: bool) -> float:
    """Between lines: one, two or five times a power of ten, so that about four lines are enough."""
    wanted = highest / LINES or 1
    power = 10.0 ** (len(str(int(wanted))) - 1) if wanted >= 1 else 0.1 if wanted >= 0.1 else 0.01
    step = next(power * factor for factor in STEPS if power * factor >= wanted or factor == STEPS[-1])
    return max(1.0, float(-(-step // 1))) if whole else step


def height_of(value: float, top: float) -> float:
    return round(TOP + INNER_HEIGHT * (1 - value / top), 1)


def path_of(values: Sequence[Sequence[float]], place: int, top: float, *, stacked: bool) -> str:
    """All bars of one column: upon the columns before it, or beside them."""
    width = INNER_WIDTH / max(len(values), 1)
    bar = width * FILLED
    parts = []
    for number, row in enumerate(values):
        if not row[place]:
            continue
        below = sum(row[:place]) if stacked else 0.0
        x = LEFT + number * width + (width - bar) / 2 + (0 if stacked else place * bar / len(row))
        y, base = height_of(below + row[place], top), height_of(below, top)
        across = round(bar if stacked else bar / len(row), 1)
        parts.append(f"M{x:.1f} {y}h{across}V{base}h-{across}z")
    return "".join(parts)


def list_fields(table: Table) -> list[Field]:
    width = INNER_WIDTH / max(len(table.series.points), 1)
    return [
        Field(round(LEFT + number * width, 1), round(width, 1), say_bucket(table, at, row))
        for number, (at, row) in enumerate(table.rows())
    ]


def say_bucket(table: Table, at: datetime, row: Sequence[object]) -> str:
    told = (
        f"{column.title}: {say(value, column.form)}"
        for column, value in zip(table.columns, row, strict=True)
        if value or column.tone
    )
    return "\n".join([say_moment(at, table.series.span), *told])


def say_moment(at: datetime, span: Span) -> str:
    if span.period is Period.DAY:
        return f"{at:%a %-d %b %Y}"
    return f"{at:%a %-d %b %Y, %H:%M}\N{EN DASH}{at + timedelta(hours=1):%H:%M} UTC"


def list_moments(table: Table) -> list[Mark]:
    """Below the middle of their bars, no more than fit; hours of several days are told by the day."""
    points = table.series.points
    width = INNER_WIDTH / max(len(points), 1)
    by_day = table.series.span.period is Period.DAY or len(points) > 48
    hours = table.series.span.period is Period.HOUR
    candidates = [
        (number, at) for number, (at, _) in enumerate(points) if not (hours and by_day) or at.hour == 0
    ]
    every = -(-len(candidates) // LABELS)
    text = "%-d %b" if by_day else "%H:%M"
    return [
        Mark(round(LEFT + (number + 0.5) * width, 1), f"{at:{text}}")
        for number, at in candidates[::-1][::every]
    ]


def say_rise(value: float, *, money: bool) -> str:
    if money:
        return f"{value:,.2f}"
    return f"{value / 1_000_000:g} M" if value >= 1_000_000 else f"{value:,.0f}"


def describe(table: Table) -> str:
    """For whoever does not see the bars: the sums; all else is in the table below."""
    sums: list[str] = [
        f"{column.title} {say(column.value(table.series.total), column.form)}" for column in table.drawn
    ]
    return f"{table.title}, {table.series.span.title}. {', '.join(sums)}. The table below has every figure."
