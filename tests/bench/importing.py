"""Files that people bring in, as large as they may be: leads and contacts to suppress, as the worker goes at
them."""

import json
import os
import subprocess
import sys

from django.conf import settings

from leadping.embedded_postgres import BENCH
from tests.bench.cast import Cast
from tests.bench.database import fresh_database
from tests.bench.figures import Line, Run, sum_up
from tests.bench.pace import Pace
from tests.bench.report import say


def measure_imports(_: Cast, pace: Pace) -> list[Line]:
    """`p50` is how long a step took, `p95` the processor's part of it."""
    rows = pace.imported
    with fresh_database("bench_imported") as database:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.importing_cost", str(rows)],
            env=os.environ | {"BENCH_DATABASE_URL": BENCH.url(database)},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        fault = done.stderr.strip().splitlines()[-1]
        return [sum_up(f"a file of {rows:,} rows", 1, [Run(0, faults=(fault,))])]
    spent = json.loads(done.stdout.splitlines()[-1])
    say(f"  at most {max(one['mebibytes'] for one in spent)} MiB")
    return [
        sum_up(
            f"a file of {rows:,} rows: {one['step']} (rows a second; ms in all; of CPU)",
            1,
            [Run(rows / one["seconds"], p50=one["seconds"] * 1000, p95=one["cpu"] * 1000)],
        )
        for one in spent
    ]
