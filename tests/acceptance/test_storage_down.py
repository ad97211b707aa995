"""PostgreSQL goes away and comes back, while the web server stays."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep

import pytest
import requests

from leadping.embedded_postgres import Cluster
from tests.senders import flat_lead
from tests.servers import Server, manage, running_server

SECONDS_TO_RECOVER = 15


@dataclass(frozen=True)
class Product:
    """A web server with a PostgreSQL of its own, and a source that may post."""

    cluster: Cluster
    server: Server
    credentials: dict[str, str]

    def post(self) -> requests.Response:
        return requests.post(
            f"{self.server.address}/leads/intake", json=flat_lead(), headers=self.credentials, timeout=30
        )


@pytest.fixture(scope="module")
def product(worker_id: str) -> Iterator[Product]:
    cluster = Cluster(f"outage-{worker_id}", durable=False)
    cluster.start()
    try:
        manage("migrate", "--verbosity=0", DATABASE_URL=cluster.url())
        command = ["createsource", "--business=B", "--name=S", "--trustedform=optional", "--json"]
        made = json.loads(manage(*command, DATABASE_URL=cluster.url()))
        credentials = {
            "X-Leadping-Source-Id": made["sourceId"],
            "X-Leadping-Source-Key": made["apiKey"],
        }
        with running_server(cluster.url()) as server:
            yield Product(cluster, server, credentials)
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home)


@pytest.fixture
def without_database(product: Product) -> Iterator[Product]:
    """While the test runs, PostgreSQL does not; afterwards the product has recovered."""
    assert product.post().status_code == 201
    product.cluster.stop()
    yield product
    product.cluster.start()
    wait_until_taken(product)


def wait_until_taken(product: Product) -> None:
    deadline = monotonic() + SECONDS_TO_RECOVER
    while product.post().status_code != 201:
        assert monotonic() < deadline
        sleep(0.1)


def test_without_a_database_a_lead_is_never_accepted(without_database: Product) -> None:
    answers = [without_database.post() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert {answer.headers["Retry-After"] for answer in answers} == {"5"}
    assert {answer.json()["code"] for answer in answers} == {"storage_unavailable"}
    assert all("id" not in answer.json() for answer in answers)


def test_without_a_database_every_door_says_so(without_database: Product) -> None:
    address = without_database.server.address
    asked = [
        requests.post(f"{address}/leads", json={}, headers=without_database.credentials, timeout=30),
        requests.get(f"{address}/leads/intake?phone=1", headers=without_database.credentials, timeout=30),
        requests.get(f"{address}/source", headers=without_database.credentials, timeout=30),
    ]
    assert [answer.status_code for answer in asked] == [503] * 3


def test_without_a_database_who_is_signed_in_is_told_so(without_database: Product) -> None:
    address = without_database.server.address
    answer = requests.get(f"{address}/console/", cookies={"sessionid": "0" * 32}, timeout=30)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_process_says_that_it_lives_but_is_not_ready(without_database: Product) -> None:
    address = without_database.server.address
    assert requests.get(f"{address}/healthz", timeout=30).status_code == 200
    assert requests.get(f"{address}/readyz", timeout=30).status_code == 503


def test_when_the_database_is_back_leads_are_taken_without_a_restart(product: Product) -> None:
    before = product.server.process.pid
    product.cluster.stop()
    assert product.post().status_code == 503
    product.cluster.start()
    wait_until_taken(product)
    assert (product.server.process.pid, product.server.process.poll()) == (before, None)


def test_a_restart_of_the_database_between_two_leads_goes_unnoticed_or_is_told(product: Product) -> None:
    assert product.post().status_code == 201
    product.cluster.stop()
    product.cluster.start()
    assert product.post().status_code in {201, 503}
    wait_until_taken(product)


def test_a_batch_loses_nothing_that_it_answered_and_can_be_sent_again(product: Product) -> None:
    leads = "".join(
        json.dumps(flat_lead(phone=f"+1512{2_000_000 + number}", trustedFormUrl=None)) + "\n"
        for number in range(6_000)
    )
    headers = {**product.credentials, "Content-Type": "application/x-ndjson", "Idempotency-Key": "batch"}

    def post() -> Iterator[bytes]:
        address = f"{product.server.address}/leads/batch"
        response = requests.post(address, leads, headers=headers, stream=True, timeout=60)
        assert response.status_code == 200
        return response.iter_lines()

    answers = post()
    first = next(answers)
    product.cluster.stop()
    *lines, last = map(json.loads, [first, *answers])
    product.cluster.start()
    wait_until_taken(product)

    statuses = [line["status"] for line in lines]
    taken = statuses.count(201)
    assert statuses == [201] * taken + [503] * (6_000 - taken)
    assert 0 < taken < 6_000
    assert lines[-1]["answer"]["code"] == "storage_unavailable"
    assert lines[-1]["retryAfter"] > 0
    assert last["summary"]["failed"] == 6_000 - taken

    again = [json.loads(line) for line in post()][:-1]
    assert {line["status"] for line in again} == {201}
    assert [line["answer"]["id"] for line in again[:taken]] == [
        line["answer"]["id"] for line in lines[:taken]
    ]
    assert len({line["answer"]["id"] for line in again}) == 6_000
