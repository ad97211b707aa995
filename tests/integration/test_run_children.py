"""The processes of `make run`, with small programs in the place of the real ones."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leadping.run import obstacles
from leadping.run.children import SECONDS_TO_END, running, watch
from leadping.run.obstacles import Obstacle

FOLDER = Path("/")
WAITS = [sys.executable, "-c", "import signal; signal.pause()"]
# Says when it has stopped listening, so that nobody asks it too early.
IGNORES_TERM = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()",
]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_all_are_ended_when_the_block_is_left() -> None:
    with running({"one": WAITS, "other": WAITS}, os.environ, FOLDER) as children:
        assert [child.process.poll() for child in children] == [None, None]
    assert [child.process.returncode for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_child_that_ignores_the_request_is_killed(capfd: pytest.CaptureFixture[str]) -> None:
    with running({"the deaf one": IGNORES_TERM}, os.environ, FOLDER) as (child,):
        while "deaf" not in capfd.readouterr().out:
            time.sleep(0.02)
        started = time.monotonic()
    assert child.process.returncode == -signal.SIGKILL
    assert time.monotonic() - started < SECONDS_TO_END + 1


def test_a_child_that_ends_by_itself_ends_the_watch_with_its_name_and_status() -> None:
    commands = {"the web server": WAITS, "the job worker": [sys.executable, "-c", "raise SystemExit(3)"]}
    with (
        running(commands, os.environ, FOLDER) as children,
        pytest.raises(Obstacle, match=r"the job worker .*status 3"),
    ):
        watch(children)


def test_children_die_with_a_parent_that_was_killed() -> None:
    # Only once the child speaks itself is it sure to be bound to its parent.
    speaks = [sys.executable, "-c", "import os, signal; print(os.getpid(), flush=True); signal.pause()"]
    code = (
        "import os, pathlib, signal; from leadping.run.children import running\n"
        f"with running({{'one': {speaks!r}}}, os.environ, pathlib.Path('/')):\n"
        "    signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        assert is_running(orphan)
        parent.kill()
    deadline = time.monotonic() + 30
    while is_running(orphan) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(orphan)


def test_a_taken_port_is_an_obstacle_that_names_another() -> None:
    with socket.create_server((obstacles.HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Obstacle, match=rf"Port {port} .*make run PORT={port + 1}$"):
            obstacles.check_port(port)
        assert obstacles.free_port(port) != port


def test_a_free_port_is_preferred() -> None:
    port = obstacles.free_port(0)
    assert obstacles.free_port(port) == port


def test_a_checkout_is_started_once_at_a_time(tmp_path: Path) -> None:
    with obstacles.only_start(tmp_path):
        assert (tmp_path / "run.lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(Obstacle, match="already runs"), obstacles.only_start(tmp_path):
            pass
    with obstacles.only_start(tmp_path):
        pass


def test_a_port_that_another_start_was_given_is_left_to_it() -> None:
    code = "from leadping.run import obstacles as o; print(o.free_port(0), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        taken = int(other.stdout.readline())
        assert obstacles.free_port(taken) != taken
        other.communicate("")
    assert obstacles.free_port(taken) == taken
