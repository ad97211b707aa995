"""Undoing an import: what it brought is withdrawn and counts no longer, and nothing else changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Conversation
from leadping.accounts.models import Business
from leadping.file_imports import ImportingError
from leadping.models import Event
from leads.importing.undoing import count_standing, worked_with
from leads.lifecycle import refuse_lead, release_lead
from leads.models import Complaint, Import, Lead, Submission
from sources.lifecycle import change_settings
from sources.models import CapCount
from tests.importing import as_csv, import_file, people, person, undo
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, SenderFactory, take_in


def make_sender(business: Business, **settings: Any) -> Sender:
    return SenderFactory.create(business=business, waived=True, settings=settings)


def test_every_lead_of_the_import_is_withdrawn_with_an_event_and_no_other(business: Business) -> None:
    sender = make_sender(business)
    other = take_in(sender, phone="+15125559999", trustedFormUrl=None)
    undone = undo(import_file(sender.source, as_csv(people(3))))
    assert (undone.status, undone.withdrawn) == (Import.Status.UNDONE, 3)
    assert set(Lead.objects.exclude(pk=other.pk).values_list("status", flat=True)) == {"withdrawn"}
    other.refresh_from_db()
    assert other.status == "accepted"
    events = Event.objects.filter(kind="lead.withdrawn")
    assert {(event.actor, event.reason) for event in events} == {(BY, REASON)}
    assert {event.subject for event in events} == {
        lead.public_id for lead in Lead.objects.filter(status="withdrawn")
    }
    assert Event.objects.get(kind="import.undone").data == {"withdrawn": 3, "left": 0}


def test_conversations_leave_the_inbox_unless_another_lead_asks_for_them(business: Business) -> None:
    sender = make_sender(business)
    take_in(sender, phone="+15125550001", trustedFormUrl=None)
    undo(import_file(sender.source, as_csv(people(2))))
    waits = dict(Conversation.objects.values_list("address", "inbox_since"))
    assert waits["+15125550001"] is not None
    assert waits["+15125550002"] is None


def test_the_mended_file_can_be_imported_for_neither_tokens_nor_duplicates_stand_in_its_way(
    business: Business,
) -> None:
    source = make_sender(business, duplicate_rule="refuse").source
    first = import_file(source, as_csv(people(3)))
    assert first.outcomes == {"accepted": 3}
    undo(first)
    assert not Submission.objects.exclude(replay_token=None).exists()
    assert import_file(source, as_csv(people(3))).outcomes == {"accepted": 3}


def test_the_caps_of_today_have_room_again_for_just_as_many(business: Business) -> None:
    sender = make_sender(business, cap_per_day=10, cap_per_month=20)
    take_in(sender, phone="+15125559999", trustedFormUrl=None)
    imported = import_file(sender.source, as_csv([*people(3), person(4, State="XX")]))
    assert set(CapCount.objects.values_list("count", flat=True)) == {4}
    undo(imported)
    assert set(CapCount.objects.values_list("count", flat=True)) == {1}


def test_a_cap_that_was_set_after_the_import_has_room_again_too(business: Business) -> None:
    sender = make_sender(business)
    imported = import_file(sender.source, as_csv(people(3)))
    source = sender.source
    change_settings(source.settings, {"cap_per_day": 10}, by=BY, reason=REASON, now=timezone.now())
    take_in(sender, phone="+15125559999", trustedFormUrl=None)
    undo(imported)
    assert CapCount.objects.get().count == 1


def test_what_was_only_a_repetition_stays_with_whoever_sent_it_first(business: Business) -> None:
    source = make_sender(business).source
    import_file(source, as_csv(people(1)))
    again = import_file(source, as_csv(people(2)))
    assert again.outcomes == {"replayed": 1, "accepted": 1}
    assert undo(again).withdrawn == 1
    assert Lead.objects.get(external_id="row-1").status == "accepted"


@pytest.fixture
def worked(business: Business) -> Import:
    """Of five held leads one was released, one refused, and about one there is a complaint."""
    source = make_sender(business, cap_per_day=1, cap_effect="hold").source
    imported = import_file(source, as_csv(people(5)))
    held = list(Lead.objects.filter(status="audit").order_by("external_id"))
    release_lead(held[0], by="user_x", reason=REASON, now=timezone.now())
    refuse_lead(held[1], by="user_x", reason=REASON, now=timezone.now())
    Complaint.objects.create(
        business=business, source=source, lead=held[2], kind="complaint", details="Angry.", opened_by="user_x"
    )
    return imported


def statuses() -> dict[str, str]:
    return dict(Lead.objects.order_by("external_id").values_list("external_id", "status"))


def test_leads_that_a_person_worked_with_are_left_unless_asked(worked: Import) -> None:
    assert len(worked_with(worked)) == 3
    assert count_standing(worked) == {"accepted": 2, "audit": 2, "refused": 1}
    left = undo(worked)
    assert left.withdrawn == 2
    assert statuses() == {
        "row-1": "withdrawn",
        "row-2": "accepted",
        "row-3": "refused",
        "row-4": "audit",
        "row-5": "withdrawn",
    }
    assert Event.objects.get(kind="import.undone").data == {"withdrawn": 2, "left": 3}


def test_asked_for_they_are_withdrawn_too_even_afterwards(worked: Import) -> None:
    undo(worked)
    assert undo(worked, worked=True).withdrawn == 5
    assert set(statuses().values()) == {"withdrawn"}
    assert Lead.objects.exclude(held_for=[]).count() == 0
    # Each is withdrawn once.
    assert Event.objects.filter(kind="lead.withdrawn").count() == 5


def test_an_import_can_be_undone_for_seven_days(business: Business) -> None:
    imported = import_file(make_sender(business).source, as_csv(people(1)))
    assert imported.finished_at
    with pytest.raises(ImportingError, match="7 days"):
        undo(imported, now=imported.finished_at + timedelta(days=7, seconds=1))
    assert undo(imported, now=imported.finished_at + timedelta(days=6)).withdrawn == 1


def test_a_withdrawn_lead_is_told_as_such_to_its_source(business: Business) -> None:
    sender = make_sender(business)
    undo(import_file(sender.source, as_csv(people(1))))
    submission = Submission.objects.get()
    answer = sender.client.get(f"/submissions/{submission.public_id}", headers=sender.credentials).json()
    assert answer["lead"] == {"id": Lead.objects.get().public_id, "status": "withdrawn", "reasons": []}


def test_the_same_lead_posted_anew_is_taken_after_the_undo(business: Business) -> None:
    sender = make_sender(business, duplicate_rule="refuse")
    undo(import_file(sender.source, as_csv(people(1))))
    answer = sender.post(flat_lead(phone="+15125550001", externalId="row-1", trustedFormUrl=None))
    assert answer.status_code == 201
    assert Conversation.objects.get(address="+15125550001").inbox_since is not None
