"""The pages on which developers read about the API."""

import html
import json
import re
import shlex
from string import Template
from typing import Any, Literal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from leadping.accounts.models import User
from leadping.accounts.tokens import issue_token
from leads.api import examples
from leads.api.shapes import AnsweredLead, DoorProblem
from leads.docs import curls
from leads.docs.errors import example_of
from leads.docs.fields import field_rows
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS
from leads.intake.problems import CATALOGUE
from tests.browsers import browsing
from tests.senders import Sender
from tests.situations import REASON


def read(client: Client, path: str) -> str:
    """The page's text, as a browser shows it."""
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def run(command: str, variables: dict[str, str]) -> Any:
    """What a shell and curl would do with the command, and the answer."""
    one_line = command.replace("\\\n", "")
    words = [Template(word).safe_substitute(variables) for word in shlex.split(one_line)]
    assert words[:2] == ["curl", "-sS"]
    options = list(zip(words[3::2], words[4::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    data = next((value for name, value in options if name == "-d"), None)
    if data is None:
        return Client().get(words[2], headers=headers)
    return Client().post(words[2], data, content_type=headers.pop("Content-Type"), headers=headers)


def shown_command(page: str, path: str, *, holding: str) -> str:
    """The command to an address as it stands on the page."""
    commands = re.findall(r'aria-label="Command"><code>(curl .*?)</code>', page, re.DOTALL)
    return next(one for one in commands if f"testserver{path}" in one and holding in one)


@pytest.mark.parametrize(
    ("path", "holding"),
    [
        ("/leads'", '"streetAddress"'),
        ("/leads/intake'", '"zip"'),
        ("/leads/intake'", "x-www-form-urlencoded"),
        ("/leads/intake?", "firstName="),
    ],
)
def test_the_command_for_each_door_sends_a_lead_that_is_taken_in(
    client: Client, sender: Sender, sandbox: str, path: str, holding: str
) -> None:
    command = shown_command(read(client, "/docs"), path, holding=holding)

    answer = run(command, {"SOURCE_ID": sender.source.public_id, "SOURCE_KEY": sender.issued.api_key})

    assert (answer.status_code, answer.json()["status"]) == (201, "accepted")


def test_the_command_for_a_batch_has_each_of_its_lines_answered(
    client: Client, sender: Sender, sandbox: str
) -> None:
    command = shown_command(read(client, "/docs"), "/leads/batch'", holding="x-ndjson")

    answer = run(command, {"SOURCE_ID": sender.source.public_id, "SOURCE_KEY": sender.issued.api_key})

    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert [line.get("status") for line in lines] == [201, 400, None]


def test_the_commands_for_reading_work(client: Client, sender: Sender, owner: User) -> None:
    page = read(client, "/docs")
    variables = {
        "SOURCE_ID": sender.source.public_id,
        "SOURCE_KEY": sender.issued.api_key,
        "USER_TOKEN": issue_token(owner, "report", reason=REASON, now=timezone.now()),
    }

    statuses = {
        path: run(shown_command(page, path, holding=""), variables).status_code
        for path in ("/source", "/leads?", "/submissions/", "/opt-outs'", "/suppressions/check'")
    }

    # The submission that is shown belongs to nobody.
    found = dict.fromkeys(("/source", "/leads?", "/opt-outs'", "/suppressions/check'"), 200)
    assert statuses == {**found, "/submissions/": 404}


def test_the_guide_lists_every_field_at_both_of_its_places(client: Client) -> None:
    page = read(client, "/docs")

    assert {(row.flat, row.structured) for row in field_rows()} == {
        *((FLAT_PATHS[name], STRUCTURED_PATHS[name]) for name in FLAT_PATHS),
        ("universal_leadid", "metadata.universal_leadid"),
    }
    assert all(
        f"<code>{row.flat}</code></td><td><code>{row.structured}</code>" in page for row in field_rows()
    )


def test_the_answers_that_the_guide_shows_have_the_shape_of_answers(client: Client) -> None:
    AnsweredLead.model_validate(examples.ACCEPTED)
    DoorProblem.model_validate(examples.REFUSED)
    page = read(client, "/docs")

    assert curls.pretty(examples.ACCEPTED) in page
    assert curls.pretty(examples.REFUSED) in page


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_page_that_says_what_to_do(client: Client, code: str) -> None:
    problem = CATALOGUE[code]
    page = re.sub(r"</?code>", "`", read(client, problem.page))

    assert problem.title in page
    assert problem.meaning in page
    assert problem.remedy in page
    assert example_of(problem) in page


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("state_not_allowed", "Do not retry unchanged"),
        ("rate_exceeded", "Safe to retry"),
        ("certificate_mismatch", "Holds the lead"),
        ("field_unknown", "Warns"),
    ],
)
def test_a_code_says_what_comes_of_the_request(client: Client, code: str, said: str) -> None:
    assert said in read(client, f"/docs/errors/{code}")


@pytest.mark.parametrize("path", ["/docs/errors", "/docs/errors/"])
def test_all_codes_are_listed(client: Client, path: str) -> None:
    page = read(client, path)

    assert set(re.findall(r'href="/docs/errors/(\w+)"', page)) == set(CATALOGUE)


@pytest.mark.parametrize("path", ["/docs/errors/no_such_code", "/docs/errors/State_Not_Allowed", "/docs/x"])
def test_an_unknown_code_has_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_pages_are_open_to_everybody_and_read_only(client: Client) -> None:
    answer = client.post("/docs")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_guide_and_its_reference_work_in_a_browser(
    live_server: LiveServer, width: int, scheme: Literal["light", "dark"]
) -> None:
    """Under the security policy, with nothing to complain of and nothing wider than the screen."""
    with browsing(live_server, width=width, scheme=scheme) as page:
        page.goto("/docs")
        operation = page.locator(".opblock", has_text="Post a lead, structured")
        operation.locator(".opblock-summary-control").click()
        operation.get_by_text("Idempotency-Key").first.wait_for()
        assert page.locator(".opblock").count() == 14
        assert page.evaluate("document.documentElement.classList.contains('dark-mode')") == (scheme == "dark")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_code_is_found_from_the_list_on_a_small_screen(live_server: LiveServer) -> None:
    with browsing(live_server, width=390, javascript=False) as page:
        page.goto("/docs")
        page.get_by_role("link", name="Codes", exact=True).click()
        page.get_by_role("link", name="phone_not_us").click()
        assert page.get_by_role("heading", level=1).inner_text() == CATALOGUE["phone_not_us"].title
