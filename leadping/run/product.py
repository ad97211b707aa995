"""The story of `make run`: prepare, start, wait, seed, announce, watch, and leave nothing running behind."""

import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from types import FrameType
from urllib.parse import urlsplit

from django.conf import settings

from leadping.http import HttpFailure, fetch
from leadping.run.announcement import announcement
from leadping.run.children import Child, running, watch
from leadping.run.obstacles import HOST, Obstacle, check_port, check_tools, free_port, only_start
from leadping.run.output import held_back
from leadping.run.preparation import Say, database, prepare
from leadping.run.sample_source import HANG_UP, is_known, post_samples

# What the processes print while they start.
KEPT_IN = ".leadping/start.log"
SECONDS_TO_READY = 60
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(*, port: int, with_samples: bool, say: Say) -> None:
    """Serve on loopback until a signal ends it. Raises Obstacle and EmbeddedPostgresError."""
    check_tools()
    with until_a_signal(), only_start(settings.BASE_DIR / ".leadping"):
        check_port(port)
        with database(say):
            serve(port, with_samples=with_samples and uses_sandbox(), say=say)
    say("Stopped.")


def serve(port: int, *, with_samples: bool, say: Say) -> None:
    address = f"http://{HOST}:{port}"
    owner, source = prepare(with_samples=with_samples, say=say)
    say("Starting the web server and what belongs to it ...")
    sandbox_port = free_port(urlsplit(settings.TRUSTEDFORM_URL).port or 0)
    with (
        tempfile.TemporaryDirectory(prefix="leadping-counts-") as counts,
        held_back(settings.BASE_DIR / KEPT_IN) as output,
        running(
            commands(sandbox_port),
            environment(port, sandbox_port, counts),
            settings.BASE_DIR,
            output.entrance,
        ) as children,
    ):
        wait_until_ready(address, children)
        if source and not is_known(source, address):
            source = None
        elif source and not source.lead_id:
            say("Posting the sample leads ...")
            source = post_samples(source, address)
        output.release(announcement(address, owner, source, mail=settings.EMAIL_URL))
        watch(children)


def uses_sandbox() -> bool:
    """The settings let nothing but the sandbox be without TLS."""
    return urlsplit(settings.TRUSTEDFORM_URL).scheme == "http"


def commands(sandbox_port: int) -> dict[str, list[str]]:
    web = ["-m", "gunicorn", "-c", "leadping/gunicorn_conf.py", "leadping.wsgi"]
    started = {"the web server": web, "the job worker": ["manage.py", "worker"]}
    if uses_sandbox():
        started["the certificate sandbox"] = ["manage.py", "trustedform_sandbox", f"--port={sandbox_port}"]
    return {name: [sys.executable, *words] for name, words in started.items()}


def environment(port: int, sandbox_port: int, counts: str) -> dict[str, str]:
    """Ours, with what belongs to this start: its ports, and the folder where all count for /metrics."""
    changed = {"PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": counts, "PYTHONUNBUFFERED": "1"}
    if uses_sandbox():
        usual = urlsplit(settings.TRUSTEDFORM_URL).netloc
        for name in ("TRUSTEDFORM_URL", "PHONE_LOOKUP_URL"):
            changed[name] = getattr(settings, name).replace(usual, f"{HOST}:{sandbox_port}")
    return {**os.environ, **changed}


def wait_until_ready(address: str, children: list[Child]) -> None:
    deadline = time.monotonic() + SECONDS_TO_READY
    while complaint := readiness_complaint(address):
        for child in children:
            child.check()
        if time.monotonic() > deadline:
            raise Obstacle(f"Leadping was not ready after {SECONDS_TO_READY} s: {complaint}")
        time.sleep(0.1)


def readiness_complaint(address: str) -> str:
    """What is not ready yet; empty when all of it is."""
    try:
        answer = fetch("GET", f"{address}/readyz", headers=HANG_UP, allow_loopback=True)
    except HttpFailure as failure:
        return str(failure)
    return "" if answer.status == 200 else answer.body.decode()


@contextlib.contextmanager
def until_a_signal() -> Iterator[None]:
    """The first signal interrupts whatever is going on; the next ones do not disturb the clean-up.

    One that our starter had us ignore, as nohup does, stays ignored.
    """

    def interrupt(_: int, __: FrameType | None) -> None:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        yield
