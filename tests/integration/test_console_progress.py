"""Pages about what the worker is doing: they look again by themselves, and say when no worker is there."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import User
from leads.models import Import, Rejudgement, WhatIf
from leads.rejudging.asking import ask_many
from leads.whatif.asking import ask_settings
from sources.models import Source
from tests.console import address
from tests.importing import as_csv, people, upload
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON

Work = Import | Rejudgement | WhatIf


def file_to_check(sender: Sender) -> Work:
    imported = upload(sender.source, as_csv(people(3)))
    Import.objects.filter(pk=imported.pk).update(status=Import.Status.CHECKING)
    return imported


def what_if(sender: Sender) -> Work:
    source = Source.objects.get(pk=sender.source.pk)
    return ask_settings(source, {"cap_per_day": 1}, 7, by=BY, now=timezone.now())


def judging_again(sender: Sender) -> Work:
    sender.post(flat_lead(phone="555"))
    return ask_many(list(sender.source.submissions.all()), by=BY, reason=REASON, now=timezone.now())


@pytest.fixture(params=[file_to_check, what_if, judging_again])
def work(request: pytest.FixtureRequest, waived_sender: Sender) -> Work:
    begin: Callable[[Sender], Work] = request.param
    return begin(waived_sender)


@pytest.fixture
def shown(client: Client, owner: User, work: Work) -> Callable[[], HttpResponse]:
    client.force_login(owner)
    return lambda: client.get(address(type(work), "change", work.pk))


def start_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def test_a_page_of_unfinished_work_looks_again_by_itself(shown: Callable[[], HttpResponse]) -> None:
    assert shown()["Refresh"] == "2"


def test_it_says_that_no_worker_is_there(shown: Callable[[], HttpResponse]) -> None:
    assert b"No worker answers" in shown().content
    start_worker()
    assert b"No worker answers" not in shown().content


def test_a_page_of_finished_work_stays_as_it_is(work: Work, shown: Callable[[], HttpResponse]) -> None:
    type(work)._default_manager.filter(pk=work.pk).update(status="failed", failure="It was stopped.")
    page = shown()
    assert "Refresh" not in page
    assert b"<progress" not in page.content
