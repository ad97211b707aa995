"""From events to jobs: each pending event becomes one job."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from leadping.ids import new_id, public_id
from leadping.models import Event
from leads.relay import BATCH, relay_events
from tests.races import at_once
from tests.senders import Sender
from tests.situations import take_in


def pending_events(count: int) -> list[str]:
    """The ids of leads whose events wait."""
    subjects = [public_id("lead", new_id()) for _ in range(count)]
    Event.objects.bulk_create(
        Event(kind="lead.created", subject=subject, actor="tests", pending=True) for subject in subjects
    )
    return subjects


def deferred() -> list[str]:
    """The ids of leads for which there are jobs."""
    return list(
        ProcrastinateJob.objects.filter(task_name="leads.jobs.look_up_phone").values_list(
            "args__lead_id", flat=True
        )
    )


def test_a_lead_that_was_taken_in_becomes_a_job(waived_sender: Sender, sandbox: str) -> None:
    lead = take_in(waived_sender)
    assert (relay_events(), deferred()) == (1, [lead.public_id])
    assert not Event.objects.filter(pending=True).exists()


def test_nothing_waits_while_no_phone_look_up_is_set(waived_sender: Sender, settings: Settings) -> None:
    settings.PHONE_LOOKUP_URL = ""
    take_in(waived_sender)
    assert (relay_events(), deferred()) == (0, [])


@pytest.mark.django_db
def test_an_event_is_relayed_once() -> None:
    subjects = pending_events(3)
    assert [relay_events(), relay_events()] == [3, 0]
    assert sorted(deferred()) == sorted(subjects)


@pytest.mark.django_db
def test_many_events_go_batch_by_batch() -> None:
    subjects = pending_events(BATCH + 5)
    assert relay_events() == BATCH
    assert len(set(deferred())) == BATCH
    assert relay_events() == 5
    assert sorted(deferred()) == sorted(subjects)


@pytest.mark.django_db(transaction=True)
def test_relays_at_the_same_time_share_the_events_and_repeat_none() -> None:
    subjects = pending_events(2 * BATCH)
    assert sum(at_once(2, lambda _: relay_events())) > 0
    while relay_events():
        pass
    assert sorted(deferred()) == sorted(subjects)
