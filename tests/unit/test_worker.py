"""The job worker knows every job of the house."""

import re
from pathlib import Path

from procrastinate.contrib.django import app

import leads.management.commands.worker  # noqa: F401 (it is what imports the jobs)

ROOT = Path(__file__).resolve().parents[2]
DECLARED = re.compile(r"^@app\.task\(.*?^(?:async )?def (\w+)", re.MULTILINE | re.DOTALL)


def declared_tasks() -> set[str]:
    """By the names that procrastinate gives them."""
    found = set()
    for path in ROOT.glob("lead*/**/*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found |= {f"{module}.{name}" for name in DECLARED.findall(path.read_text())}
    return found


def test_the_worker_knows_every_job_that_is_declared() -> None:
    assert len(declared_tasks()) > 10
    assert declared_tasks() <= set(app.tasks)
