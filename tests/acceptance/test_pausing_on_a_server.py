"""A source that goes bad, as its vendor sees it: web server, worker and mail as they are deployed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leads.jobs import pause_sources
from sources.models import Source
from tests.senders import Sender, certificate, flat_lead
from tests.servers import ROOT, Server, database_of_this_test, running_server
from tests.situations import SenderFactory, sign_in

SECONDS = 60
THRESHOLD = {"pause_bad_certificates": 60, "pause_bad_certificates_of": 5}


@pytest.fixture
def server(transactional_db: None, sandbox_url: str) -> Iterator[Server]:
    """With a worker beside it."""
    address = database_of_this_test()
    with running_server(address, TRUSTEDFORM_URL=sandbox_url) as server:
        environment = {**os.environ, "DATABASE_URL": address}
        worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
        yield server
        worker.terminate()
        worker.wait(timeout=60)


def come(what: Callable[[], list[Path]]) -> list[Path]:
    until = monotonic() + SECONDS
    while not (found := what()) and monotonic() < until:
        sleep(0.2)
    return found


def mails_to(address: str) -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return [path for path in folder.glob("*") if f"To: {address}" in path.read_text()]


def post(server: Server, sender: Sender, scenario: str) -> requests.Response:
    lead = flat_lead(trustedFormUrl=certificate(scenario))
    return requests.post(f"{server.address}/leads/intake", json=lead, headers=sender.credentials, timeout=30)


def test_bad_certificates_pause_it_its_contact_is_written_to_and_a_click_reopens_it(
    server: Server, business: Business, owner: User, client: Client
) -> None:
    contact = f"desk-{uuid4().hex}@vendor.example"
    rules = {**THRESHOLD, "support_contact": contact}
    sender: Sender = SenderFactory.create(business=business, settings=rules)
    scenarios = ["valid", "valid", "expired", "expired", "expired"]
    assert [post(server, sender, scenario).status_code for scenario in scenarios] == [201, 201, 400, 400, 400]
    pause_sources.defer(timestamp=int(timezone.now().timestamp()))
    (mail,) = come(lambda: mails_to(contact))
    refused = post(server, sender, "valid")
    assert (refused.status_code, refused.json()["code"]) == (403, "source_paused")
    assert "3 of the last 5 certificates were bad (60 %; the threshold is 60 %)" in refused.text
    assert "certificate_not_found 3" in mail.read_text()
    mail.unlink()
    sign_in(client, owner)
    source = Source.objects.get(pk=sender.source.pk)
    client.post(reverse("console:sources_source_resume", args=[source.pk]), {"reason": "Mended."})
    sleep(1.1)
    assert post(server, sender, "valid").status_code == 201
    (again,) = come(lambda: mails_to(contact))
    assert "taken again" in again.read_text()
    again.unlink()
