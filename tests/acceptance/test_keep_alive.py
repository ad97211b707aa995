"""Senders who keep their connection open, over a real web server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from leadping.web_worker import IN_A_ROW
from tests.servers import Server, database_of_this_test, running_server, talk

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
# More than the server has threads, so that somebody has to wait for a turn.
BUSY_SENDERS = 4


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    with running_server(database_of_this_test(), WEB_THREADS="2") as server:
        yield server


def ask_often(server: Server, times: int) -> set[int]:
    with requests.Session() as session:
        return {session.get(f"{server.address}/healthz", timeout=5).status_code for _ in range(times)}


def test_a_sender_is_served_on_one_connection_for_as_long_as_it_goes_on(server: Server) -> None:
    assert ask_often(server, 3 * IN_A_ROW) == {200}


def test_requests_sent_all_at_once_are_all_answered(server: Server) -> None:
    sent = (GET + b"\r\n") * (2 * IN_A_ROW) + GET + b"Connection: close\r\n\r\n"
    assert talk(server, sent).count(b"HTTP/1.1 200 OK") == 2 * IN_A_ROW + 1


def test_busy_senders_leave_turns_to_the_others(server: Server) -> None:
    with ThreadPoolExecutor(BUSY_SENDERS) as pool:
        assert list(pool.map(ask_often, [server] * BUSY_SENDERS, [200] * BUSY_SENDERS)) == [{200}] * 4
