"""TrustedForm takes every request and never answers: senders hear something soon, half of the threads stay
free, nothing is called verified, and afterwards all that was held is asked about again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import monotonic

import pytest
import requests
from django.utils import timezone

from compliance.models import CertificateCheck
from leads.models import Lead
from leads.recheck import recheck_due
from tests.senders import Sender, certificate, flat_lead
from tests.servers import Server, database_of_this_test, running_server

# The two time-outs, and half a second for all else.
LONGEST = 3.5
SENDERS = 24
THREADS = 16

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(sandbox: str) -> Iterator[Server]:
    settings = {"WEB_THREADS": str(THREADS), "TRUSTEDFORM_URL": sandbox, "TRUSTEDFORM_TIMEOUT": "1,2"}
    settings |= {"TRUSTEDFORM_API_KEY": "a-key", "METRICS_TOKEN": "token"}
    with running_server(database_of_this_test(), **settings) as running:
        yield running


def post(server: Server, sender: Sender, number: int, scenario: str) -> tuple[float, requests.Response]:
    started = monotonic()
    lead = flat_lead(
        phone=f"+1512555{number:04}",
        email=f"p{number}@example.com",
        trustedFormUrl=certificate(scenario),
    )
    answer = requests.post(
        f"{server.address}/leads/intake", json=lead, headers=sender.credentials, timeout=20
    )
    return monotonic() - started, answer


def test_senders_hear_soon_and_nothing_is_called_verified(server: Server, sender: Sender) -> None:
    post(server, sender, 0, "valid")
    # The first fill the half that may wait; what fails of the next is too much to go on asking.
    with ThreadPoolExecutor(SENDERS) as senders:
        done = [
            one
            for numbers in (range(1, 100), range(100, 200))
            for one in senders.map(lambda number: post(server, sender, number, "hang"), numbers)
        ]
    assert max(took for took, _ in done) < LONGEST
    assert {answer.status_code for _, answer in done} == {201}
    assert {answer.json()["status"] for _, answer in done} == {"audit"}
    assert Lead.objects.filter(trusted_form_outcome="verified").count() == 1
    # Few ever waited for it; the others were answered at once.
    asked = CertificateCheck.objects.filter(outcome="unavailable").exclude(operations=[])
    assert 10 <= asked.count() <= 2 * THREADS
    assert median(took for took, _ in done) < 1
    took, _ = post(server, sender, 500, "valid")
    assert took < 1
    headers = {"Authorization": "Bearer token"}
    metrics = requests.get(f"{server.address}/metrics", headers=headers, timeout=20).text
    assert "leadping_certificate_breaker 2.0" in metrics
    assert 'leadping_certificates_unasked_total{why="failing"}' in metrics


def test_pages_come_as_fast_as_ever_while_senders_wait(server: Server, sender: Sender) -> None:
    with ThreadPoolExecutor(SENDERS) as senders:
        waiting = [senders.submit(post, server, sender, number, "hang") for number in range(SENDERS)]
        took = []
        for _ in range(20):
            started = monotonic()
            requests.get(f"{server.address}/healthz", timeout=20)
            took.append(monotonic() - started)
        assert sorted(took)[18] < 0.5
        assert not all(one.done() for one in waiting)


def test_afterwards_what_was_held_is_asked_about_and_released(
    server: Server, sender: Sender, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(lambda number: post(server, sender, number, "hang"), range(SENDERS)))
    assert set(Lead.objects.values_list("status", flat=True)) == {"audit"}
    for lead in Lead.objects.all():
        # The service is back, and knows the certificates.
        Lead.objects.filter(pk=lead.pk).update(trusted_form_url=certificate("valid"))
    recheck_due(now=timezone.now() + timedelta(minutes=2), seconds=30)
    found = set(Lead.objects.values_list("status", "trusted_form_outcome", "rechecks"))
    assert found == {("accepted", "verified", 0)}
