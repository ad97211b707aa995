"""Senders of batches who take their time, or want to do harm with it: everybody else is served meanwhile."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from socket import SHUT_WR, socket
from time import sleep

import pytest
import requests

from tests.acceptance.test_batch_on_a_server import raw
from tests.senders import Sender, flat_lead
from tests.servers import Server, connected, database_of_this_test, read_all, running_server
from tests.situations import SenderFactory

# More than the server has connections to its database, and fewer than it has threads.
MANY = 10
BEGUN = b'{"email": "jordan@exam'


@pytest.fixture(scope="module")
def server(django_db_setup: None, sandbox_url: str) -> Iterator[Server]:
    with running_server(database_of_this_test(), TRUSTEDFORM_URL=sandbox_url) as server:
        yield server


@pytest.fixture
def senders(transactional_db: None) -> list[Sender]:
    """Each with a key that the server has not seen lately."""
    return [SenderFactory.create(waived=True) for _ in range(MANY + 1)]


def head(sender: Sender) -> bytes:
    return raw(sender, "Content-Length: 100000")


def begin(server: Server, request: bytes) -> socket:
    sock = connected(server)
    sock.sendall(request)
    return sock


def statuses(server: Server, sender: Sender) -> list[int]:
    return [
        requests.post(
            f"{server.address}/leads/intake",
            json.dumps(flat_lead(trustedFormUrl=None, externalId=f"e{number}")),
            headers={**sender.credentials, "Content-Type": "application/json"},
            timeout=30,
        ).status_code
        for number in range(2)
    ]


def hinder(server: Server, heads: Sequence[bytes], other: Sender) -> list[int]:
    """What the other is answered while no more comes of the batches."""
    with ExitStack() as stack:
        socks = [stack.enter_context(begin(server, one + BEGUN)) for one in heads]
        sleep(1)
        answered = statuses(server, other)
        for sock in socks:
            sock.shutdown(SHUT_WR)
            read_all(sock)
        return answered


def test_senders_who_never_send_the_rest_keep_nobody_out(server: Server, senders: list[Sender]) -> None:
    *hostile, other = senders
    assert hinder(server, [head(sender) for sender in hostile], other) == [201, 201]


def test_nor_do_those_whose_key_is_wrong(server: Server, senders: list[Sender]) -> None:
    *hostile, other = senders
    keys = (sender.credentials["X-Leadping-Source-Key"].encode() for sender in hostile)
    heads = [head(sender).replace(key, key[::-1]) for sender, key in zip(hostile, keys, strict=True)]
    assert hinder(server, heads, other) == [201, 201]
