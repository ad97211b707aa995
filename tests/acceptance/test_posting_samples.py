"""The samples of the posting instructions run as they stand, against a server and with real credentials."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from leads.models import Lead, Submission
from tests.browsers import CHROMIUM, SWITCHES
from tests.senders import Sender
from tests.situations import SenderFactory
from tests.vendors import block, link_to

pytestmark = pytest.mark.django_db(transaction=True)

AWKWARD = 'Bob\'s "final" $HOME `expense` \\ plan'


@pytest.fixture
def vendor() -> Sender:
    """Its samples need care in a shell."""
    terms = {"products": [AWKWARD], "states": ["OK"], "trustedform_required": True}
    made: Sender = SenderFactory.create(terms=terms, name="O'Brien & Söhne")
    return made


@pytest.fixture
def page(live_server: LiveServer, vendor: Sender) -> str:
    return requests.get(live_server.url + link_to(vendor.source)[1], timeout=30).text


def run(*command: str, key: str, text: str | None = None) -> str:
    """What a program prints that finds the key in its environment, and nothing of ours."""
    environment = {"PATH": os.environ["PATH"], "SOURCE_KEY": key}
    done = subprocess.run(
        command, env=environment, input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def is_answer_to_dry_run(answer: Any) -> bool:
    assert not Lead.objects.exists()
    assert Submission.objects.get().dry_run
    return bool((answer["status"], answer["dryRun"], answer["id"]) == ("accepted", True, None))


@pytest.mark.parametrize("name", ["first", "curl-flat", "curl-structured"])
def test_the_commands_run_in_a_shell(page: str, vendor: Sender, name: str) -> None:
    answer = json.loads(run("/bin/sh", key=vendor.issued.api_key, text=block(page, name)))
    assert is_answer_to_dry_run(answer)


def test_many_at_once_are_sent_from_a_shell(page: str, vendor: Sender) -> None:
    lines = run("/bin/sh", key=vendor.issued.api_key, text=block(page, "batch")).splitlines()
    answers = [json.loads(line) for line in lines]
    assert len(answers) == 3
    assert not Lead.objects.exists()
    assert Submission.objects.filter(outcome="accepted", dry_run=True).count() == 2


def test_the_python_program_runs(page: str, vendor: Sender) -> None:
    printed = run(sys.executable, "-I", "-", key=vendor.issued.api_key, text=block(page, "python"))
    status, _, answer = printed.partition(" ")
    assert status == "200"
    assert is_answer_to_dry_run(json.loads(answer))


def test_the_javascript_program_runs(
    page: str, vendor: Sender, tmp_path: Path, live_server: LiveServer
) -> None:
    printed = run_javascript(block(page, "javascript"), vendor.issued.api_key, tmp_path, live_server.url)
    status, _, answer = printed.partition(" ")
    assert status == "200"
    assert is_answer_to_dry_run(json.loads(answer))


def run_javascript(program: str, key: str, folder: Path, origin: str) -> str:
    """By Node where there is one, else by the browser's engine, with what Node has and it lacks."""
    if node := shutil.which("node"):
        file = folder / "post.mjs"
        file.write_text(program)
        return run(node, str(file), key=key)
    return run_in_browser(program, key, origin)


def run_in_browser(program: str, key: str, origin: str) -> str:
    wrapped = (
        "async (key) => { const process = {env: {SOURCE_KEY: key}}; const said = [];"
        "const console = {log: (...words) => said.push(words.join(' '))};"
        f"await (async () => {{ {program} }})(); return said.join('\\n'); }}"
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = chromium.new_page()
        page.goto(f"{origin}/docs")
        printed: str = page.evaluate(wrapped, key)
        chromium.close()
    return printed


def test_the_javascript_program_runs_in_the_browsers_engine_too(
    page: str, vendor: Sender, live_server: LiveServer
) -> None:
    printed = run_in_browser(block(page, "javascript"), vendor.issued.api_key, live_server.url)
    assert printed.startswith("200 ")


def test_the_look_ups_run_in_a_shell(page: str, vendor: Sender) -> None:
    source = json.loads(run("/bin/sh", key=vendor.issued.api_key, text=block(page, "read-source")))
    assert (source["id"], source["states"]) == (vendor.source.public_id, ["OK"])
    unknown = json.loads(run("/bin/sh", key=vendor.issued.api_key, text=block(page, "read-submission")))
    assert unknown["code"] == "not_found"


def test_without_the_dry_run_they_send_a_real_lead(page: str, vendor: Sender, sandbox: str) -> None:
    """The programs say which line to leave out."""
    program = "\n".join(line for line in block(page, "python").splitlines() if "remove this line" not in line)
    printed = run(sys.executable, "-I", "-", key=vendor.issued.api_key, text=program)
    assert printed.startswith("201 ")
    assert Lead.objects.get().product == AWKWARD
