"""Complaints, disputes and opt-outs, and what they do to their source."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadping.models import Event
from leads.complaints import ComplaintError, close_complaint, reopen_complaint
from leads.models import Complaint, Lead
from sources.lifecycle import change_settings
from sources.models import Source
from tests.races import at_once
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, SenderFactory, complain, take_in


def fresh(source: Source) -> Source:
    return Source.objects.select_related("settings").get(pk=source.pk)


def close(complaint: Complaint, outcome: str = "settled") -> None:
    close_complaint(complaint, outcome=outcome, reason=REASON, by=BY, now=timezone.now())


def reopen(complaint: Complaint) -> None:
    reopen_complaint(complaint, reason="It came up again.", by=BY, now=timezone.now())


def events(*kinds: str) -> list[tuple[str, str]]:
    return list(Event.objects.filter(kind__in=kinds).order_by("id").values_list("kind", "reason"))


def test_a_source_is_disputed_from_the_first_open_complaint_to_the_last(source: Source) -> None:
    first, second = complain(source), complain(source, kind="dispute")
    since = fresh(source).disputed_at
    assert since == first.opened_at
    close(first)
    assert fresh(source).disputed_at == since
    close(second)
    assert fresh(source).disputed_at is None
    assert [kind for kind, _ in events("source.disputed", "source.undisputed")] == [
        "source.disputed",
        "source.undisputed",
    ]


def test_intake_learns_of_it_at_once(source: Source) -> None:
    before = fresh(source).version
    complaint = complain(source)
    raised = fresh(source).version
    complain(source, details="Another.")
    assert before < raised == fresh(source).version
    close(complaint)
    assert raised == fresh(source).version


def test_an_opt_out_is_recorded_as_honoured_and_disputes_nothing(source: Source) -> None:
    opt_out = complain(source, kind="opt_out")
    assert (opt_out.outcome, opt_out.closed_by) == ("honoured", BY)
    assert opt_out.closed_at == opt_out.opened_at
    assert fresh(source).disputed_at is None
    with pytest.raises(ComplaintError, match="honoured"):
        reopen(opt_out)


def test_each_step_leaves_an_event_that_says_who_and_why_but_not_what_people_said(source: Source) -> None:
    complaint = complain(source, raised_by="Jordan", details="jordan@example.com never asked")
    close(complaint, "unfounded")
    reopen(complaint)
    told = Event.objects.filter(kind__startswith="complaint.").order_by("id")
    assert [(event.kind, event.reason) for event in told] == [
        ("complaint.recorded", ""),
        ("complaint.closed", REASON),
        ("complaint.reopened", "It came up again."),
    ]
    assert all(
        (event.subject, event.data["complaint"]) == (source.public_id, complaint.public_id) for event in told
    )
    assert "ordan" not in str([event.data for event in told])


def test_what_was_closed_can_be_opened_again_and_disputes_the_source_again(source: Source) -> None:
    complaint = complain(source)
    close(complaint)
    reopen(complaint)
    assert (complaint.outcome, complaint.closed_at) == ("", None)
    assert fresh(source).disputed_at
    with pytest.raises(ComplaintError, match="It is open"):
        reopen(complaint)


def test_it_is_closed_once_and_with_an_outcome_that_there_is(source: Source) -> None:
    complaint = complain(source)
    for outcome in ("", "honoured", "nonsense"):
        with pytest.raises(ComplaintError, match="upheld, unfounded or settled"):
            close(complaint, outcome)
    close(complaint)
    with pytest.raises(ComplaintError, match="closed already"):
        close(complaint)


def test_a_button_pressed_twice_records_once(source: Source) -> None:
    now = timezone.now()
    assert complain(source, now=now).pk == complain(source, now=now + timedelta(seconds=1)).pk
    assert complain(source, now=now + timedelta(hours=1)).pk != Complaint.objects.earliest("id").pk


@pytest.mark.django_db(transaction=True)
def test_sixteen_presses_at_once_record_once_and_dispute_once(source: Source) -> None:
    found = at_once(16, lambda _: complain(fresh(source)).pk)
    assert len(set(found)) == 1
    assert events("source.disputed") == [("source.disputed", "A complaint or dispute is open.")]


@pytest.mark.django_db(transaction=True)
def test_however_many_are_closed_and_recorded_at_once_the_source_is_right(source: Source) -> None:
    opened = [complain(source, details=f"Number {number}.") for number in range(8)]

    def deed(number: int) -> None:
        if number % 2:
            close(opened[number // 2])
        else:
            complain(fresh(source), details=f"Later {number}.")

    at_once(16, deed)
    assert fresh(source).disputed_at
    for complaint in Complaint.objects.filter(closed_at=None):
        close(complaint)
    assert fresh(source).disputed_at is None


def test_a_lead_of_another_source_is_refused(source: Source, waived_sender: Sender) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None)
    with pytest.raises(ComplaintError, match="another source"):
        complain(source, lead=lead)


def test_something_has_to_be_said(source: Source) -> None:
    with pytest.raises(ComplaintError, match="what is held against"):
        complain(source, details="  ")


pytestmark = pytest.mark.django_db


# --- at the door


def disputed(**settings: Any) -> Sender:
    sender = SenderFactory.create(waived=True, settings=settings)
    complain(sender.source)
    return sender


def test_leads_of_a_disputed_source_are_held_where_its_settings_say_so() -> None:
    sender = disputed(dispute_effect="hold")
    answer = sender.post(flat_lead(trustedFormUrl=None)).json()
    assert (answer["status"], [item["code"] for item in answer["held"]]) == ("audit", ["source_disputed"])
    assert Lead.objects.get().held_for == ["source_disputed"]


def test_or_taken_with_a_warning() -> None:
    answer = disputed(dispute_effect="warn").post(flat_lead(trustedFormUrl=None)).json()
    assert answer["status"] == "accepted"
    assert [item["code"] for item in answer["warnings"]] == ["source_disputed"]


def test_off_means_off() -> None:
    answer = disputed(dispute_effect="off").post(flat_lead(trustedFormUrl=None)).json()
    assert (answer["status"], answer["warnings"]) == ("accepted", [])


def test_with_the_last_complaint_closed_leads_are_taken_again() -> None:
    sender = disputed(dispute_effect="hold")
    close(Complaint.objects.get())
    assert sender.post(flat_lead(trustedFormUrl=None)).json()["status"] == "accepted"


def test_the_rule_can_be_changed_while_a_dispute_is_open() -> None:
    sender = disputed(dispute_effect="hold")
    changes = {"dispute_effect": "off"}
    change_settings(sender.source.settings, changes, by=BY, reason=REASON, now=timezone.now())
    assert sender.post(flat_lead(trustedFormUrl=None)).json()["status"] == "accepted"
