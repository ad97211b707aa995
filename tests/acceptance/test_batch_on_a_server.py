"""Batches over a real web server: how they travel, several at a time, and what breaks off in the middle."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

import pytest
import requests

from leads.models import Lead, Submission
from sources.models import CapCount
from tests.acceptance.test_batch import NDJSON, ndjson, person
from tests.senders import Sender
from tests.servers import (
    Server,
    connected,
    database_of_this_test,
    running_server,
    talk,
    talk_and_hang_up,
)
from tests.situations import SenderFactory

Told = tuple[list[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def server(django_db_setup: None, sandbox_url: str) -> Iterator[Server]:
    with running_server(database_of_this_test(), TRUSTEDFORM_URL=sandbox_url) as server:
        yield server


@pytest.fixture
def far_sender(transactional_db: None) -> Sender:
    """Known to the real server, for its rows are committed."""
    sender: Sender = SenderFactory.create(waived=True)
    return sender


def post(server: Server, sender: Sender, sent: bytes, **headers: str) -> Told:
    response = requests.post(
        f"{server.address}/leads/batch",
        sent,
        headers={**sender.credentials, "Content-Type": NDJSON, **headers},
        timeout=120,
    )
    assert response.status_code == 200, response.text
    return told(response.text)


def told(text: str) -> Told:
    *lines, last = map(json.loads, text.splitlines())
    return lines, last["summary"]


def raw(sender: Sender, *headers: str) -> bytes:
    """The head of a request, to be followed by the body."""
    lines = [
        *("POST /leads/batch HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Type: {NDJSON}"),
        *(f"{name}: {value}" for name, value in sender.credentials.items()),
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def chunk(part: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(part), part)


def lines_of(answer: bytes) -> list[dict[str, Any]]:
    """The JSON lines of an answer whose body came in chunks."""
    _, _, body = answer.partition(b"\r\n\r\n")
    text = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        text, body = text + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return [json.loads(line) for line in text.splitlines()]


class TestOnTheWay:
    def test_ten_thousand_lines_are_ten_thousand_leads(self, server: Server, far_sender: Sender) -> None:
        lines, summary = post(server, far_sender, ndjson(person(number) for number in range(10_000)))
        assert [line["line"] for line in lines] == list(range(1, 10_001))
        assert {line["status"] for line in lines} == {201}
        assert (summary["accepted"], summary["complete"]) == (10_000, True)
        stored = set(Lead.objects.values_list("pk", flat=True))
        assert len(stored) == len({line["answer"]["id"] for line in lines}) == 10_000
        assert Submission.objects.filter(lead__in=stored).count() == 10_000

    def test_a_chunked_body_is_read(self, server: Server, far_sender: Sender) -> None:
        sent = ndjson([person(1), person(2)])
        answer = talk(
            server,
            raw(far_sender, "Transfer-Encoding: chunked") + chunk(sent[:30]) + chunk(sent[30:]) + chunk(b""),
        )
        assert [line["status"] for line in lines_of(answer)[:-1]] == [201, 201]

    def test_a_sender_that_waits_to_be_asked_on_is_asked_on(self, server: Server, far_sender: Sender) -> None:
        sent = ndjson([person(1)])
        with connected(server) as sock:
            sock.sendall(raw(far_sender, f"Content-Length: {len(sent)}", "Expect: 100-continue"))
            assert sock.recv(65_536).startswith(b"HTTP/1.1 100 ")
            sock.sendall(sent)
            assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")

    def test_a_batch_over_the_limit_hears_the_answer(self, server: Server, far_sender: Sender) -> None:
        response = requests.post(
            f"{server.address}/leads/batch",
            b"{}\n" * 10_500,
            headers={**far_sender.credentials, "Content-Type": NDJSON},
            timeout=30,
        )
        assert (response.status_code, response.json()["code"]) == (413, "batch_too_large")

    def test_the_connection_serves_another_request_afterwards(
        self, server: Server, far_sender: Sender
    ) -> None:
        with requests.Session() as session:
            for number in range(3):
                response = session.post(
                    f"{server.address}/leads/batch/",
                    ndjson([person(number)]),
                    headers={**far_sender.credentials, "Content-Type": NDJSON},
                    timeout=30,
                )
                assert told(response.text)[1]["accepted"] == 1


class TestBrokenOff:
    def test_lines_that_came_whole_are_taken_in(self, server: Server, far_sender: Sender) -> None:
        sent = ndjson([person(1), person(2)]) + b'{"firstName": "Jor'
        answer = talk_and_hang_up(server, raw(far_sender, "Content-Length: 100000") + sent)
        *lines, last = lines_of(answer)
        assert [line["status"] for line in lines] == [201, 201, 400]
        assert lines[2]["answer"]["code"] == "body_broken"
        assert last["summary"]["complete"] is False
        assert Lead.objects.count() == 2

    def test_so_are_those_before_a_broken_chunk(self, server: Server, far_sender: Sender) -> None:
        sent = raw(far_sender, "Transfer-Encoding: chunked") + chunk(ndjson([person(1)])) + b"nonsense\r\n"
        *_, last = lines_of(talk(server, sent))
        assert (last["summary"]["accepted"], last["summary"]["complete"]) == (1, False)

    def test_who_stops_listening_leaves_nothing_half(self, server: Server, far_sender: Sender) -> None:
        sent = ndjson(person(number) for number in range(5_000))
        with connected(server) as sock:
            sock.sendall(raw(far_sender, f"Content-Length: {len(sent)}") + sent)
            sock.recv(1_000)
        before = -1
        while before != (before := Lead.objects.count()):
            sleep(2)
        assert Submission.objects.count() == Submission.objects.exclude(lead=None).count() == before
        _, summary = post(server, far_sender, sent)
        assert (summary["replayed"], summary["accepted"]) == (before, 5_000 - before)


def at_once(count: int, deed: Any) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(deed, range(count)))


class TestAtOnce:
    def test_twins_with_the_same_key_make_no_double(self, server: Server, far_sender: Sender) -> None:
        sent = ndjson(person(number, externalId=None) for number in range(600))
        key = {"Idempotency-Key": "one"}
        (one, _), (other, _) = at_once(2, lambda _: post(server, far_sender, sent, **key))
        assert [line["answer"] for line in one] == [line["answer"] for line in other]
        assert Lead.objects.count() == 600

    def test_twins_in_opposite_order_make_no_double(self, server: Server, far_sender: Sender) -> None:
        leads = [person(number) for number in range(600)]
        orders = [ndjson(leads), ndjson(reversed(leads))]
        tallies = at_once(2, lambda turn: post(server, far_sender, orders[turn])[1])
        assert sum(tally["accepted"] for tally in tallies) == Lead.objects.count() == 600
        assert sum(tally["replayed"] for tally in tallies) == 600

    def test_of_20_batches_with_the_same_people_each_is_taken_once(
        self, server: Server, transactional_db: None
    ) -> None:
        sender = SenderFactory.create(waived=True, settings__duplicate_rule="refuse")

        def bring(turn: int) -> dict[str, Any]:
            people = [person(number, externalId=f"{turn}-{number}") for number in range(120)]
            return post(server, sender, ndjson(people[turn:] + people[:turn]))[1]

        tallies = at_once(20, bring)
        assert sum(tally["accepted"] for tally in tallies) == 120
        assert sum(tally["refused"] for tally in tallies) == 20 * 120 - 120
        assert max(Counter(Lead.objects.values_list("phone", flat=True)).values()) == 1

    def test_a_cap_is_filled_to_the_last_place_and_never_beyond(
        self, server: Server, transactional_db: None
    ) -> None:
        sender = SenderFactory.create(waived=True, settings__cap_per_month=777)

        def bring(turn: int) -> dict[str, Any]:
            return post(server, sender, ndjson(person(turn * 1000 + number) for number in range(100)))[1]

        tallies = at_once(12, bring)
        assert sum(tally["accepted"] for tally in tallies) == 777
        assert Lead.objects.count() == CapCount.objects.get().count == 777

    def test_leads_posted_meanwhile_count_too(self, server: Server, transactional_db: None) -> None:
        sender = SenderFactory.create(
            waived=True, settings__cap_per_month=150, settings__duplicate_rule="refuse"
        )
        people = [person(number) for number in range(200)]

        def bring(turn: int) -> int:
            if turn < 2:
                return int(post(server, sender, ndjson(people))[1]["accepted"])
            headers = sender.credentials
            mine = people[turn - 2 :: 6]
            answers = [
                requests.post(f"{server.address}/leads/intake", json=one, headers=headers, timeout=30)
                for one in mine
            ]
            return sum("Idempotency-Replayed" not in one.headers for one in answers if one.status_code == 201)

        assert sum(at_once(8, bring)) == Lead.objects.count() == 150

    def test_single_posts_go_on_while_batches_come_in(self, server: Server, far_sender: Sender) -> None:
        sent = [ndjson(person(turn * 10_000 + number) for number in range(3_000)) for turn in range(4)]
        with ThreadPoolExecutor(4) as pool:
            batches = [pool.submit(post, server, far_sender, one) for one in sent]
            slowest = 0.0
            number = 90_000
            while not all(batch.done() for batch in batches):
                number += 1
                started = monotonic()
                lead = person(number)
                answer = requests.post(
                    f"{server.address}/leads/intake", json=lead, headers=far_sender.credentials, timeout=30
                )
                assert answer.status_code == 201
                slowest = max(slowest, monotonic() - started)
        assert slowest < 3
