"""A worker that is killed in the middle of a file, for real: whoever goes on takes in what is missing."""

import os
import signal
import subprocess
import sys
from time import monotonic, sleep

import pytest
from django.utils import timezone

from leadping.accounts.models import Business
from leads.importing.course import start_import
from leads.models import Import, Lead, Submission
from tests.importing import as_csv, check, people, upload, work
from tests.servers import ROOT, database_of_this_test
from tests.situations import BY, REASON, SenderFactory

ROWS = 4_000


@pytest.mark.django_db(transaction=True)
def test_no_row_is_lost_or_doubled_when_the_worker_is_killed(business: Business) -> None:
    settings = {"duplicate_rule": "refuse", "cap_per_month": 100_000}
    source = SenderFactory.create(business=business, waived=True, settings=settings).source
    imported = check(upload(source, as_csv(people(ROWS))))
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    with subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_of_this_test()},
    ) as worker:
        until = monotonic() + 60
        while not Submission.objects.exists() and monotonic() < until:
            sleep(0.02)
        worker.send_signal(signal.SIGKILL)
    before = Submission.objects.count()
    assert 0 < before < ROWS
    done = work(imported)
    assert done.status == Import.Status.IMPORTED
    assert done.outcomes == {"accepted": ROWS}
    assert Lead.objects.count() == ROWS
    numbers = list(Submission.objects.order_by("row_number").values_list("row_number", flat=True))
    assert numbers == list(range(2, ROWS + 2))
