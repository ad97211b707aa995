"""Wherever a sender puts a credential or a certificate, no log, metric or error page repeats it."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import requests

from leadping.keys import API_KEY, API_SECRET, USER_TOKEN, generate
from tests.environment import SETTINGS
from tests.senders import Sender, flat_lead
from tests.servers import Server, database_of_this_test, running_server, talk
from tests.situations import SenderFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Nobody's certificate or key; each test looks for these and nothing else.
CERTIFICATE_ID = uuid4().hex + "01234567"
CERTIFICATE = f"https://cert.trustedform.com/{CERTIFICATE_ID}"
PING = f"https://ping.trustedform.com/{CERTIFICATE_ID}"
KEYS = [generate(kind).text for kind in (API_KEY, API_SECRET, USER_TOKEN)]
FOREIGN = ["AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9, "sk_" + "live_" + "a1B2" * 6]


@pytest.fixture(scope="module")
def server(django_db_setup: None, sandbox_url: str) -> Iterator[Server]:
    with running_server(database_of_this_test(), TRUSTEDFORM_URL=sandbox_url) as server:
        yield server


@pytest.fixture
def sender() -> Sender:
    made: Sender = SenderFactory.create()
    return made


def log_of(server: Server) -> list[dict[str, Any]]:
    """Each line, which is one JSON object."""
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def metrics_of(server: Server) -> str:
    token = SETTINGS["METRICS_TOKEN"]
    answer = requests.get(
        f"{server.address}/metrics", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    assert answer.status_code == 200
    return answer.text


def everything_written(server: Server) -> str:
    return server.log.read_text() + metrics_of(server)


def traces(text: str, sender: Sender) -> list[str]:
    """What of all that was sent can be found in the text."""
    secrets = [*KEYS, *FOREIGN, CERTIFICATE_ID, sender.issued.api_key, sender.issued.api_secret]
    basic = b64encode(f"{sender.issued.api_key}:{sender.issued.api_secret}".encode()).decode()
    return [secret for secret in (*secrets, basic) if secret.lower() in text.lower()]


def test_each_request_is_one_line_with_its_id(server: Server, sender: Sender) -> None:
    answer = requests.post(
        f"{server.address}/leads/intake", json=flat_lead(), headers=sender.credentials, timeout=30
    )
    [line] = [line for line in log_of(server) if line.get("request_id") == answer.headers["X-Request-Id"]]
    assert {name: line[name] for name in ("event", "method", "path", "status", "ip", "level")} == {
        "event": "request",
        "method": "POST",
        "path": "/leads/intake",
        "status": answer.status_code,
        "ip": "127.0.0.1",
        "level": "info",
    }


@pytest.mark.parametrize("secret", [*KEYS, *FOREIGN, CERTIFICATE, PING], ids=range(8))
def test_nothing_is_repeated_wherever_it_was_put(server: Server, sender: Sender, secret: str) -> None:
    address, encoded = server.address, quote(secret, safe="")
    odd_headers = {"User-Agent": secret, "Referer": secret, "Cookie": f"a={secret}", "X-Anything": secret}
    for path in ("/leads", "/leads/intake", f"/leads/{encoded}", f"/{encoded}", f"/docs/errors/{encoded}"):
        for query in (
            "",
            f"?trustedFormUrl={encoded}&{encoded}={encoded}",
            f"?sourceId={encoded}&apiKey={encoded}",
        ):
            for headers in (
                odd_headers,
                {**odd_headers, **sender.credentials},
                {"X-Leadping-Source-Id": secret, "X-Leadping-Source-Key": secret},
                {"Authorization": f"Bearer {secret}", "Accept": "text/html"},
                {"Idempotency-Key": secret, "Leadping-Dry-Run": secret, **sender.credentials},
            ):
                requests.get(address + path + query, headers=headers, timeout=30, allow_redirects=False)
            requests.post(
                address + path + query,
                data=json.dumps({"trustedFormUrl": secret, secret: secret, "metadata": {"a": secret}}),
                headers={**sender.credentials, "Content-Type": "application/json"},
                timeout=30,
            )
    assert traces(everything_written(server), sender) == []


def test_credentials_that_open_the_door_are_not_repeated(server: Server, sender: Sender) -> None:
    lead = flat_lead(trustedFormUrl=CERTIFICATE)
    basic = b64encode(f"{sender.issued.api_key}:{sender.issued.api_secret}".encode()).decode()
    in_query = urlencode({"sourceId": sender.source.public_id, "apiKey": sender.issued.api_key})
    answers = [
        requests.post(f"{server.address}/leads/intake", json=lead, headers=headers, timeout=30)
        for headers in (
            sender.credentials,
            {"Authorization": f"Basic {basic}"},
            {"Authorization": f"Bearer {sender.issued.api_key}"},
        )
    ]
    answers.append(requests.get(f"{server.address}/leads/intake?{in_query}&{urlencode(lead)}", timeout=30))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert traces(everything_written(server), sender) == []


@pytest.mark.parametrize(
    "line",
    [
        "GET /leads/intake?trustedFormUrl=SECRET HTTP/9.9",
        "SECRET /leads HTTP/1.1",
        "GET SECRET",
        "GET /leads/intake?x=" + "SECRET" * 1000 + " HTTP/1.1",
    ],
)
@pytest.mark.parametrize("secret", [KEYS[0], CERTIFICATE], ids=["key", "certificate"])
def test_what_is_no_http_is_not_logged_either(server: Server, sender: Sender, line: str, secret: str) -> None:
    answer = talk(server, f"{line.replace('SECRET', secret)}\r\nHost: localhost\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 4")
    assert traces(everything_written(server), sender) == []


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("secret", [KEYS[0], CERTIFICATE], ids=["key", "certificate"])
def test_an_error_page_does_not_repeat_the_address(
    server: Server, sender: Sender, accept: str, secret: str
) -> None:
    answer = requests.get(
        f"{server.address}/nowhere/{quote(secret, safe='')}?apiKey={quote(secret, safe='')}",
        headers={"Accept": accept},
        timeout=30,
    )
    assert answer.status_code == 404
    assert traces(answer.text, sender) == []


def test_metrics_count_routes_and_outcomes_and_nothing_of_the_senders(server: Server, sender: Sender) -> None:
    requests.get(f"{server.address}/nowhere/at-all", timeout=30)
    requests.post(f"{server.address}/leads/intake", json=flat_lead(), headers=sender.credentials, timeout=30)
    told = metrics_of(server)
    assert 'leadping_submissions_total{door="flat",outcome=' in told
    assert "at-all" not in told
    assert sender.source.public_id not in told


def test_metrics_are_for_those_who_bring_the_token(server: Server) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        assert requests.get(f"{server.address}/metrics", headers=headers, timeout=30).status_code == 404


def test_a_contact_in_an_address_is_written_nowhere_and_a_refusal_is_one_line(server: Server) -> None:
    query = {"phone": "+15125550177", "email": "zqxmark@example.com"}
    for path in ("/suppressions", "/leads", "/console/leads/lead/", "/zqx/none"):
        answer = requests.get(f"{server.address}{path}", params=query, timeout=30, allow_redirects=False)
        told = [line for line in log_of(server) if line.get("request_id") == answer.headers["X-Request-Id"]]
        assert [line["event"] for line in told] == ["request"]
    written = everything_written(server)
    assert [text for text in ("5550177", "zqxmark") if text in written] == []
