"""The worker knows every job: a task that is not imported is never run, and nothing says so."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("leadping", "sources", "compliance", "conversations", "leads")
LIST = """
import django; django.setup()
import leads.management.commands.worker
from procrastinate.contrib.django import app
print("\\n".join(app.tasks))
"""


def test_the_worker_knows_every_job() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    declaring = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in files
        if re.search(r"^@app\.(task|periodic)", path.read_text(), re.MULTILINE)
    }
    known = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, check=True)
    assert declaring
    assert declaring <= {name.rpartition(".")[0] for name in known.stdout.splitlines()}
