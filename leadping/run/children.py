"""The processes that make up the running product: started together, ended together."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from leadping.run.obstacles import Obstacle

# However we die, Linux ends the child as well.
WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")
SECONDS_TO_END = 4


@dataclass(frozen=True, slots=True)
class Child:
    """`name` as a sentence has it: the web server."""

    name: str
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        """Nothing that we start ends by itself: raises Obstacle when it did."""
        status = self.process.poll()
        if status is not None:
            raise Obstacle(
                f"Leadping stops, for {self.name} ended (status {status}); see its last lines above."
            )


@contextlib.contextmanager
def running(
    commands: Mapping[str, list[str]],
    environment: Mapping[str, str],
    folder: Path,
    output: int | None = None,
) -> Iterator[list[Child]]:
    """Run the commands, by name, until the block is left; they print to `output`, or where we print."""
    children: list[Child] = []
    try:
        for name, command in commands.items():
            process = subprocess.Popen(  # noqa: S603
                [*WITH_PARENT, *command],
                env=environment,
                cwd=folder,
                stdout=output,
                stderr=output,
                # A terminal's Ctrl-C is for us alone; we end them in good order.
                start_new_session=True,
            )
            children.append(Child(name, process))
        yield children
    finally:
        end(children)


def end(children: list[Child]) -> None:
    """Ask all, wait for all, and kill what does not listen."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children:
        try:
            child.process.wait(timeout=max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def watch(children: list[Child]) -> None:
    """Wait until one of them ends, and raise the Obstacle that this is."""
    # It only looks, so that the process object still learns its child's status.
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    for child in children:
        child.check()
