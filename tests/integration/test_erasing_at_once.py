"""An erasure beside others who do something with the same person at the same instant."""

from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Conversation
from leadping.accounts.models import Business
from leads.lifecycle import LifecycleError, refuse_lead
from leads.models import Erasure, Lead, Submission
from leads.retention.requests import ErasureError
from tests.erasing import PHONE, erase, marked
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, take_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_at_once_one_erases(business: Business, waived_sender: Sender) -> None:
    take_in(waived_sender, **marked(trustedFormUrl=None))

    def try_it(number: int) -> str:
        try:
            return erase(business).public_id
        except ErasureError as error:
            return str(error)

    results = at_once(2, try_it)
    assert sum("Nothing on record" in result for result in results) == 1
    assert Erasure.objects.count() == 1


def test_who_comes_again_at_the_same_instant_is_whole_or_gone(
    business: Business, waived_sender: Sender
) -> None:
    """A lead either came before the erasure and is erased, or after it and is a new one with a conversation
    of its own contact point; never a lead in a nameless conversation."""
    take_in(waived_sender, **marked(trustedFormUrl=None))

    def do(number: int) -> Any:
        if number == 0:
            return erase(business)
        return waived_sender.post(marked(trustedFormUrl=None, externalId=f"again-{number}")).status_code

    assert at_once(4, do)[1:] == [201] * 3
    for lead in Lead.objects.select_related("conversation"):
        named = lead.conversation.address == PHONE
        assert named is (lead.erased_at is None)
        assert bool(lead.first_name) is (lead.erased_at is None)


def test_a_held_lead_that_is_decided_on_at_the_same_instant_is_erased_all_the_same(
    business: Business, sandbox: str
) -> None:
    sender = SenderFactory.create(business=business)
    held = take_in(sender, **marked(trustedFormUrl=certificate("mismatch")))

    def do(number: int) -> None:
        if number == 0:
            erase(business)
            return
        with suppress(LifecycleError):
            refuse_lead(held, by=BY, reason=REASON, now=timezone.now())

    at_once(2, do)
    lead = Lead.objects.get()
    assert (lead.status, lead.first_name) == ("refused", "")


def test_a_conversation_that_others_share_stays_theirs(business: Business, waived_sender: Sender) -> None:
    """Two people of one household share a phone; one asks by email to be erased."""
    mine = take_in(waived_sender, **marked(trustedFormUrl=None))
    other = take_in(
        waived_sender, phone=PHONE, email="spouse@example.com", firstName="Spouse", trustedFormUrl=None
    )
    from leads.retention.people import read_person  # noqa: PLC0415

    erase(business, read_person("", "zqxmark@example.com"))
    other.refresh_from_db()
    mine.refresh_from_db()
    assert (other.conversation.address, other.first_name) == (PHONE, "Spouse")
    assert mine.conversation.address.startswith("erased:")
    assert Conversation.objects.count() == 2


def test_a_request_sent_again_after_the_erasure_is_new(business: Business, waived_sender: Sender) -> None:
    lead = flat_lead(**marked(trustedFormUrl=None))
    first = waived_sender.post(lead).json()["id"]
    assert waived_sender.post(lead).json()["id"] == first
    erase(business)
    assert waived_sender.post(lead).json()["id"] != first
    assert Submission.objects.filter(erased_at=None).count() == 1
