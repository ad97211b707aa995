"""The figures told: as a table for people, as JSON for whoever compares, and what goes on meanwhile."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tests.bench.figures import Line
from tests.bench.pace import Pace

JSON_FILE = Path(settings.BASE_DIR, ".leadping", "bench.json")
HEAD = ("what", "senders", "a second", "p50 ms", "p95 ms", "p99 ms", "connections", "ratio", "aim", "")
LEFT = (0, 8, 9)


def say(sentence: str) -> None:
    """On stderr, for whoever waits."""
    sys.stderr.write(sentence + "\n")


def show(lines: Sequence[Line]) -> str:
    rows = [HEAD, *(cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(align(row, widths) for row in rows)


def cells(line: Line) -> tuple[str, ...]:
    return (
        line.what,
        str(line.senders),
        f"{line.rate:,.0f}",
        *(number(figure, ".1f") for figure in (line.p50, line.p95, line.p99)),
        number(line.connections, "d"),
        number(line.ratio, ".2f"),
        ", ".join(map(str, line.aims)),
        line.verdict,
    )


def number(figure: float | None, form: str) -> str:
    return "" if figure is None else format(figure, form)


def align(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        text.ljust(width) if column in LEFT else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


def write_json(lines: Sequence[Line], pace: Pace, server: Mapping[str, str], *, at: datetime) -> Path:
    """Over the one of the last time; gives its path."""
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    figures = [asdict(line) | {"verdict": line.verdict} for line in lines]
    told = {
        "at": at.isoformat(),
        "machine": machine,
        "database": dict(server),
        "pace": asdict(pace),
        "lines": figures,
    }
    JSON_FILE.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return JSON_FILE
