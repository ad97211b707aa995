"""`make run` as a newcomer types it: in a copy of the checkout, with data, ports and processes of its own."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from leadping.run.obstacles import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".env", ".leadping", ".*_cache", "__pycache__")
LAST_LINE = "Ctrl-C stops it all."
SECONDS_TO_STOP = 15


@dataclass(frozen=True)
class Started:
    """A `make run` that has announced itself."""

    checkout: Path
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def said(self) -> str:
        return self.output.read_text()


@contextmanager
def started(checkout: Path, **settings: str) -> Iterator[Started]:
    port = free_port(0)
    # A file, for a pipe that nobody reads on would fill up and stop the product.
    output = checkout.parent / f"output-{port}"
    with (
        output.open("w") as file,
        subprocess.Popen(
            ["make", "run"],
            cwd=checkout,
            env=environment() | {"PORT": str(port)} | settings,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        product = Started(checkout, port, process, output)
        try:
            wait_for_announcement(product)
            yield product
        finally:
            process.terminate()


def wait_for_announcement(product: Started) -> None:
    while LAST_LINE not in product.said():
        assert product.process.poll() is None, product.said()
        time.sleep(0.1)


def environment() -> dict[str, str]:
    """That of somebody who never heard of the tests and their settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@contextmanager
def copied_checkout(folder: Path) -> Iterator[Path]:
    checkout = folder / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_COPIED)
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    home = Path(ask_python(checkout, "from leadping.embedded_postgres import DEV; print(DEV.home)"))
    try:
        yield checkout
    finally:
        make_stop(checkout)
        shutil.rmtree(home.parent)


def make_stop(checkout: Path) -> None:
    subprocess.run(["make", "stop"], cwd=checkout, env=environment(), check=True, capture_output=True)


def ask_python(checkout: Path, code: str) -> str:
    command = [".venv/bin/python", "-c", code]
    return subprocess.check_output(command, cwd=checkout, env=environment(), text=True).strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where only starting and stopping is tried."""
    with copied_checkout(tmp_path_factory.mktemp("run")) as checkout:
        yield checkout


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The first start of a checkout, with the sample leads."""
    with copied_checkout(tmp_path_factory.mktemp("product")) as checkout, started(checkout) as product:
        yield product


def processes_of(checkout: Path) -> dict[int, str]:
    """Everything that stands in the checkout or in its database, by process id."""
    data = Path(ask_python(checkout, "from leadping.embedded_postgres import DEV; print(DEV.data)"))
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve() in {checkout, data}:
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
    return found


def wait_until_only_the_database_runs(checkout: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_STOP
    while others := [line for line in processes_of(checkout).values() if "postgres" not in line]:
        assert time.monotonic() < deadline, others
        time.sleep(0.1)


def read_curl(line: str) -> requests.Request:
    """The request of a printed curl command."""
    _, _, url, *options = shlex.split(line)
    given = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    body = next((value for option, value in given if option == "-d"), None)
    return requests.Request("POST" if body else "GET", url, headers=headers, data=body)


def send(line: str) -> tuple[int, Any]:
    answer = requests.Session().send(read_curl(line).prepare(), timeout=10)
    return answer.status_code, answer.json()["status"]


def test_everything_is_ready_once_it_says_so(product: Started) -> None:
    assert requests.get(product.url("/readyz"), timeout=10).json()["checks"] == {
        "worker": True,
        "sandbox": True,
    }


def test_each_printed_curl_brings_in_a_lead(product: Started) -> None:
    commands = [line for line in product.said().splitlines() if line.startswith("curl ")]
    assert [send(command) for command in commands] == [(201, "accepted")] * 3


def test_the_printed_sign_in_opens_the_page_of_the_printed_lead(product: Started) -> None:
    email, password = re.findall(r"Sign in as (\S+) with the password (\S+)", product.said())[0]
    page = re.findall(r"http\S+/workspace/leads/lead_\S+", product.said())[0]
    browser = requests.Session()
    form = browser.get(page, timeout=10)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[0]
    fields = {"login": email, "password": password, "csrfmiddlewaretoken": token, "next": page}
    shown = browser.post(form.url, data=fields, headers={"Referer": form.url}, timeout=10)
    assert (shown.status_code, shown.url) == (200, page)


def test_the_samples_are_accepted_held_and_refused(product: Started) -> None:
    url = ask_python(product.checkout, "from leadping.embedded_postgres import DEV; print(DEV.url())")
    with psycopg.connect(url) as database:
        statuses = database.execute(
            "SELECT status, count(*) FROM leads_lead WHERE external_id LIKE 'sample-%' GROUP BY status"
        ).fetchall()
        refused = database.execute("SELECT count(*) FROM leads_submission WHERE http_status = 400").fetchone()
    assert (dict(statuses), refused) == ({"accepted": 24, "audit": 3}, (11,))


def test_commands_in_another_terminal_use_the_same_database(product: Started) -> None:
    command = [
        ".venv/bin/python",
        "manage.py",
        "setup",
        "--business",
        "B",
        "--email",
        "b@example.com",
        "--json",
    ]
    told = subprocess.check_output(command, cwd=product.checkout, env=environment(), text=True)
    assert told == '{"exists": true}\n'


def test_a_lead_s_dossier_taken_in_another_terminal_is_verified_with_the_published_key(
    product: Started, tmp_path: Path
) -> None:
    lead = re.search(r"/workspace/leads/(lead_\w+)/", product.said())
    assert lead
    taken, key = tmp_path / "dossier.zip", tmp_path / "public.pem"
    python = [".venv/bin/python"]
    told = {"cwd": product.checkout, "env": environment(), "text": True}
    subprocess.check_output([*python, "manage.py", "dossier", lead[1], "--output", taken], **told)
    key.write_bytes(requests.get(product.url("/.well-known/leadping-dossier-key.pem"), timeout=10).content)
    said = subprocess.check_output([*python, "-m", "leads.dossier", "verify", taken, "--key", key], **told)
    assert said.startswith("Unchanged")


def test_a_second_start_in_the_same_checkout_is_refused_in_one_sentence(product: Started) -> None:
    second = start_in_vain(product.checkout)
    assert (second.returncode, second.stderr) == (
        1,
        "Leadping already runs in this checkout; make stop ends it.\n",
    )


def test_sigterm_leaves_no_process_behind(checkout: Path) -> None:
    with started(checkout, SAMPLE="0") as product:
        assert len(processes_of(checkout)) > 5
        product.process.terminate()
        product.process.wait(timeout=SECONDS_TO_STOP)
    assert product.said().endswith("Stopped.\n")
    assert processes_of(checkout) == {}


def test_make_stop_ends_it_from_another_terminal(checkout: Path) -> None:
    with started(checkout, SAMPLE="0") as product:
        make_stop(checkout)
        product.process.wait(timeout=SECONDS_TO_STOP)
    assert processes_of(checkout) == {}


def test_a_killed_start_is_taken_over_by_the_next(checkout: Path) -> None:
    with started(checkout, SAMPLE="0") as killed:
        os.kill(int((checkout / ".leadping/run.lock").read_text()), signal.SIGKILL)
        killed.process.wait(timeout=SECONDS_TO_STOP)
    wait_until_only_the_database_runs(checkout)
    stray = processes_of(checkout)
    with started(checkout, SAMPLE="0"):
        assert stray.items() <= processes_of(checkout).items()
    assert processes_of(checkout) == {}


def test_a_database_of_a_later_version_is_refused_in_one_sentence(checkout: Path) -> None:
    url = ask_python(
        checkout,
        "from leadping.embedded_postgres import DEV\n"
        "DEV.start(); DEV.ensure_database('later'); print(DEV.url('later'))",
    )
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)")
        database.execute("INSERT INTO django_migrations VALUES (1, 'leads', '9999_later', now())")
    refused = start_in_vain(checkout, DATABASE_URL=url, PORT=str(free_port(0)))
    assert (refused.returncode, refused.stderr) == (
        1,
        "The database comes from another version of Leadping, which changed it by leads.9999_later: "
        "start that version, or name another database in DATABASE_URL.\n",
    )


def start_in_vain(checkout: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [".venv/bin/python", "manage.py", "run"],
        cwd=checkout,
        env=environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )
