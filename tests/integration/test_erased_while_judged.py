"""Whoever is erased while their request is being judged again is gone by the next morning."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import Lead, Submission
from leads.rejudging import verbs
from leads.retention.holds import place_hold
from leads.retention.purging import purge_business
from sources.lifecycle import change_source
from tests.erasing import erase, marked, where_marked
from tests.senders import Sender
from tests.situations import BY, REASON

SAID = {"by": BY, "reason": REASON}


@pytest.fixture
def refused(waived_sender: Sender) -> Submission:
    """What will pass once it is judged again."""
    source = waived_sender.source
    change_source(source, {"enabled": False}, **SAID, now=timezone.now())
    waived_sender.post(marked(trustedFormUrl=None))
    change_source(source, {"enabled": True}, **SAID, now=timezone.now())
    return Submission.objects.select_related("lead", "source").get(outcome="refused")


def judge_while_erased(
    monkeypatch: pytest.MonkeyPatch, refused: Submission, business: Business
) -> Submission:
    """It was read, and is stored once the person is gone."""
    store = verbs.take_in_one

    def erase_first(*args: Any) -> Any:
        erase(business)
        return store(*args)

    monkeypatch.setattr(verbs, "take_in_one", erase_first)
    return verbs.judge_again(refused, by="user_1", reason=REASON, now=timezone.now())


def purge(business: Business) -> None:
    purge_business(business, now=timezone.now() + timedelta(hours=12))


@pytest.mark.django_db
def test_the_lead_that_came_of_it_is_erased_too(
    business: Business, refused: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judge_while_erased(monkeypatch, refused, business).outcome == "accepted"
    assert where_marked()
    purge(business)
    assert Lead.objects.get().erased_at
    assert where_marked() == []


@pytest.mark.django_db
def test_unless_it_was_put_on_hold_since(
    business: Business, refused: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_while_erased(monkeypatch, refused, business)
    place_hold(business, on=Lead.objects.get(), **SAID, now=timezone.now())
    purge(business)
    assert Lead.objects.get().first_name == "Zqxmark"


@pytest.mark.django_db
def test_who_was_judged_again_before_and_came_anew_stays(
    business: Business, waived_sender: Sender, refused: Submission
) -> None:
    verbs.judge_again(refused, **SAID, now=timezone.now())
    erase(business)
    again = waived_sender.post(marked(trustedFormUrl=None))
    assert again.status_code == 201
    purge(business)
    assert Lead.objects.get(erased_at=None).first_name == "Zqxmark"
