"""Charts: what is drawn is what was counted, at places that can be read."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from leads.console.watch.charts import HEIGHT, WIDTH, draw, find_step
from leads.console.watch.tables import TABLES, outcomes, refusals
from leads.watching.figures import Figures
from leads.watching.reading import Series
from leads.watching.spans import SPANS

NOW = datetime(2026, 3, 9, 14, 3, tzinfo=UTC)


def series(span: str = "7d", **of_the_last: Any) -> Series:
    """Nothing, but for the last bucket."""
    points = [(at, Figures()) for at in SPANS[span].buckets(now=NOW)]
    points[-1] = (points[-1][0], Figures(**of_the_last))
    total = Figures()
    total.add(of_the_last)
    return Series(SPANS[span], points, total, Figures())


def heights(path: str) -> list[float]:
    return [float(base) - float(top) for top, base in re.findall(r"M\S+ (\S+)h\S+V(\S+)h", path)]


def test_bars_are_as_high_as_what_they_stand_for() -> None:
    chart = draw(outcomes(series(accepted=60, held=30, refused=10)))
    [accepted], [held], [refused] = (heights(chart.shapes[place].path) for place in (0, 1, 3))
    assert accepted / held == pytest.approx(2, abs=0.02)
    assert held / refused == pytest.approx(3, abs=0.05)
    assert chart.shapes[2].path == ""


def test_stacked_bars_stand_upon_each_other() -> None:
    chart = draw(outcomes(series(accepted=60, held=30)))
    tops = [re.findall(r"M\S+ (\S+)h\S+V(\S+)h", shape.path) for shape in chart.shapes[:2]]
    assert tops[0][0][0] == tops[1][0][1]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("span", SPANS)
def test_nothing_is_drawn_outside_of_the_picture(name: str, span: str) -> None:
    found = series(
        span, accepted=3, refused=999_999, spent=10**9, opt_outs=1, complaints=4, bad_certificates=2
    )
    chart = draw(TABLES[name](found))
    numbers = [float(text) for shape in chart.shapes for text in re.findall(r"M(\S+) ", shape.path)]
    assert all(0 <= x <= WIDTH for x in numbers)
    assert all(0 <= mark.at <= HEIGHT for mark in chart.rises)
    assert all(0 <= mark.at <= WIDTH for mark in chart.moments)
    assert 2 <= len(chart.moments) <= 8
    assert 2 <= len(chart.rises) <= 9


def test_where_nothing_came_nothing_is_drawn() -> None:
    table = outcomes(series())
    assert table.empty
    assert all(shape.path == "" for shape in draw(table).shapes)


@pytest.mark.parametrize(("highest", "step"), [(0, 1), (1, 1), (7, 2), (10, 3), (95, 25), (4000, 1000)])
def test_lines_lie_at_whole_numbers(highest: float, step: float) -> None:
    assert find_step(highest, whole=True) == step


def test_codes_beyond_the_first_share_a_colour_and_are_counted_together() -> None:
    codes = {f"code_{number}": 10 for number in range(9)}
    table = refusals(series(refused=90, refused_codes=codes))
    assert [column.title for column in table.drawn][-1] == "Others"
    assert sum(table.sums()) == 90


def test_who_cannot_see_the_bars_is_told_the_sums() -> None:
    described = draw(outcomes(series(accepted=1234))).described
    assert "Accepted 1,234" in described
    assert "7 days" in described
