"""Pages about what the worker is doing: they look again by themselves, and say when no worker is there."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import User
from leads.models import Import, Rejudgement, Submission, WhatIf
from leads.rejudging.asking import ask_many
from leads.rejudging.jobs import FAILED as REJUDGING_FAILED
from leads.rejudging.jobs import judge_many_again
from leads.whatif.asking import ask_settings
from leads.whatif.jobs import FAILED as WHAT_IF_FAILED
from leads.whatif.jobs import try_on_the_past
from sources.models import Source
from tests.console import address
from tests.importing import as_csv, people, upload
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON

Work = Import | Rejudgement | WhatIf


def file_to_check(sender: Sender) -> Import:
    imported = upload(sender.source, as_csv(people(3)))
    Import.objects.filter(pk=imported.pk).update(status=Import.Status.CHECKING)
    return imported


def what_if(sender: Sender) -> WhatIf:
    source = Source.objects.get(pk=sender.source.pk)
    return ask_settings(source, {"cap_per_day": 1}, 7, by=BY, now=timezone.now())


def judging_again(sender: Sender) -> Rejudgement:
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


def test_work_whose_worker_died_says_how_far_it_came(
    waived_sender: Sender, client: Client, owner: User
) -> None:
    client.force_login(owner)
    trial = what_if(waived_sender)
    WhatIf.objects.filter(pk=trial.pk).update(status=WhatIf.Status.RUNNING, done=1500, total=4000)
    page = client.get(address(WhatIf, "change", trial.pk)).text
    assert "1,500 of 4,000 submissions." in page
    assert "No worker answers, so this does not go on." in page


def test_work_that_failed_says_why(work: Work, shown: Callable[[], HttpResponse]) -> None:
    type(work)._default_manager.filter(pk=work.pk).update(status="failed", failure="The disk was full.")
    page = shown().text
    assert "The disk was full." in page
    assert "No worker answers" not in page


def test_settings_that_make_no_sense_any_more_say_so(
    waived_sender: Sender, client: Client, owner: User
) -> None:
    client.force_login(owner)
    trial = what_if(waived_sender)
    WhatIf.objects.filter(pk=trial.pk).update(settings={"cap_per_day": -1})
    try_on_the_past(what_if_id=trial.public_id)
    trial.refresh_from_db()
    assert trial.status == WhatIf.Status.FAILED
    assert trial.failure.startswith("The settings cannot be tried any more: ")
    assert trial.failure in unescape(client.get(address(WhatIf, "change", trial.pk)).text)


def test_an_error_of_ours_ends_a_what_if_with_a_sentence(waived_sender: Sender) -> None:
    trial = what_if(waived_sender)
    # Nothing that the product would store, so nothing that it is prepared for.
    WhatIf.objects.filter(pk=trial.pk).update(settings=[1])
    try_on_the_past(what_if_id=trial.public_id)
    trial.refresh_from_db()
    assert (trial.status, trial.failure) == (WhatIf.Status.FAILED, WHAT_IF_FAILED)


def test_an_error_of_ours_ends_judging_again_with_a_sentence(waived_sender: Sender) -> None:
    row = judging_again(waived_sender)
    Rejudgement.objects.filter(pk=row.pk).update(left=5)
    judge_many_again(rejudgement_id=row.public_id)
    row.refresh_from_db()
    assert (row.status, row.failure) == (Rejudgement.Status.FAILED, REJUDGING_FAILED)


def test_what_was_left_as_it_is_was_looked_at_and_is_no_attempt(
    waived_sender: Sender, client: Client, owner: User
) -> None:
    waived_sender.post(flat_lead(phone="556"))
    row = judging_again(waived_sender)
    gone = Submission.objects.earliest("id")
    Submission.objects.filter(pk=gone.pk).update(body="", body_purged_at=timezone.now())
    judge_many_again(rejudgement_id=row.public_id)
    client.force_login(owner)
    page = client.get(address(Rejudgement, "change", row.pk)).text
    assert "2 of 2 looked at" in page
    assert "<summary>The new attempts</summary>" in page
    assert "1. The body was deleted" in page
