import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from leadping.embedded_postgres import EmbeddedPostgresError
from leadping.run.obstacles import Obstacle
from tests import bench
from tests.bench.at_size import measure_at_size
from tests.bench.batch import measure_batches
from tests.bench.cast import prepare
from tests.bench.database import describe_server, running_server
from tests.bench.doors import measure_doors
from tests.bench.figures import Line
from tests.bench.hung_certificate import measure_hung_certificate
from tests.bench.importing import measure_imports
from tests.bench.pace import FULL, QUICK, Pace
from tests.bench.product import LOG
from tests.bench.profiling import profile
from tests.bench.refusals import measure_refusals
from tests.bench.report import say, show, write_json
from tests.bench.slow_certificate import measure_slow_certificate
from tests.bench.trying import measure_trying
from tests.bench.watching import measure_watching

STAGES = {
    "doors": measure_doors,
    "slow-certificate": measure_slow_certificate,
    "hung-certificate": measure_hung_certificate,
    "refusals": measure_refusals,
    "batch": measure_batches,
    "imports": measure_imports,
    "at-size": measure_at_size,
    "what-if": measure_trying,
    "watching": measure_watching,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=bench.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", nargs="?", choices=["measure", "profile"], default="measure")
    parser.add_argument("--quick", action="store_true", help="a smoke run of about a minute")
    parser.add_argument("--only", choices=STAGES, help="one stage instead of all")
    parser.add_argument("--stored", type=int, help="submissions with which watching is measured")
    arguments = parser.parse_args()
    pace = QUICK if arguments.quick else FULL
    if arguments.stored:
        pace = replace(pace, watched=(arguments.stored,))
    try:
        with running_server():
            if arguments.task == "profile":
                profile()
            else:
                measure([arguments.only] if arguments.only else STAGES, pace)
    except (EmbeddedPostgresError, Obstacle) as error:
        sys.exit(str(error))


def measure(stages: Iterable[str], pace: Pace) -> None:
    """A missed aim is a result; a void figure is a failure."""
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_bytes(b"")
    cast = prepare()
    lines: list[Line] = []
    for stage in stages:
        say(f"Measuring: {stage} ...")
        lines += STAGES[stage](cast, pace)
    path = write_json(lines, pace, describe_server(), at=datetime.now(UTC))
    sys.stdout.write(f"{show(lines)}\n\nAs JSON: {path}\n")
    if any(line.void for line in lines):
        sys.exit("Some figures are void.")


if __name__ == "__main__":
    main()
