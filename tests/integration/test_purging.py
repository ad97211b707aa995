"""What is kept no longer goes each night, in batches, and only that."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.events import SYSTEM
from leads.complaints import close_complaint
from leads.lifecycle import refuse_lead
from leads.models import Complaint, Import, KeptKind, LastPurge, Lead, RetentionPeriod, Submission
from leads.retention import purging
from leads.retention.periods import PeriodError, change_period, read_periods, warn_of_period
from leads.retention.purging import count_due, purge_business
from tests.console import events
from tests.erasing import marked, where_marked
from tests.importing import as_csv, people, upload
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, complain, take_in

YEAR = timedelta(days=366)


def keep(business: Business, kind: KeptKind, days: int | None) -> None:
    change_period(business, kind, days, by=BY, reason=REASON, now=timezone.now())


def purge(business: Business, now: datetime | None = None) -> dict[str, int]:
    done = purge_business(business, now=now or timezone.now() + YEAR)
    return {kind.value: one.purged for kind, one in done.items() if one.purged}


def test_by_default_only_what_made_no_lead_and_old_files_go(business: Business, sandbox: str) -> None:
    sender = SenderFactory.create(business=business)
    take_in(sender, **marked())
    take_in(sender, trustedFormUrl=certificate("mismatch"))
    sender.post(marked(trustedFormUrl=None))
    sender.post(marked(), Leadping_Dry_Run="true")
    complain(sender.source)
    upload(sender.source, as_csv(people(1)))
    assert purge(business) == {"refused_requests": 2, "import_files": 1}


def test_of_a_refused_request_nothing_is_left_that_was_sent(business: Business, sender: Sender) -> None:
    sender.post(marked(state="Zqxmark", trustedFormUrl="https://zqxmark.example.com/1"))
    purge(business)
    assert where_marked() == []
    stored = Submission.objects.get()
    assert (stored.http_status, stored.body, stored.ip) == (400, "", None)
    assert "state_unknown" in stored.codes


def test_bodies_of_requests_that_were_purged_by_an_earlier_release_go_on_to_lose_the_rest(
    business: Business, sender: Sender
) -> None:
    sender.post(marked(state="Zqxmark", trustedFormUrl=None))
    Submission.objects.update(body="", body_purged_at=timezone.now())
    assert purge(business) == {"refused_requests": 1}


def test_the_body_of_what_was_taken_goes_alone(business: Business, waived_sender: Sender) -> None:
    lead = take_in(waived_sender, **marked(trustedFormUrl=None))
    before = Submission.objects.get()
    keep(business, KeptKind.TAKEN_REQUESTS, 30)
    assert purge(business) == {"taken_requests": 1}
    stored = Submission.objects.get()
    assert (stored.body, stored.answer, stored.ip) == ("", before.answer, before.ip)
    assert Lead.objects.get().first_name == lead.first_name


def test_where_requests_came_from_goes_alone(business: Business, waived_sender: Sender) -> None:
    take_in(waived_sender, trustedFormUrl=None)
    keep(business, KeptKind.SENDERS, 30)
    assert purge(business) == {"senders": 1}
    stored = Submission.objects.get()
    assert (stored.ip, stored.user_agent, bool(stored.body)) == (None, "", True)


def test_leads_that_came_to_nothing_lose_their_people(business: Business, sandbox: str) -> None:
    sender = SenderFactory.create(business=business)
    refused = take_in(sender, **marked(trustedFormUrl=certificate("mismatch")))
    refuse_lead(refused, by=BY, reason=REASON, now=timezone.now())
    take_in(sender)
    keep(business, KeptKind.DROPPED_LEADS, 30)
    assert purge(business) == {"dropped_leads": 1}
    assert where_marked() == []
    assert Lead.objects.filter(erased_at=None).count() == 1


def test_a_lead_that_is_still_held_when_its_time_is_over_is_refused(
    business: Business, sender: Sender, sandbox: str
) -> None:
    held = take_in(sender, trustedFormUrl=certificate("mismatch"))
    keep(business, KeptKind.DROPPED_LEADS, 30)
    purge(business)
    held.refresh_from_db()
    assert (held.status, held.held_for) == ("refused", [])


def test_accepted_leads_keep_their_people_until_somebody_decides_otherwise(
    business: Business, waived_sender: Sender
) -> None:
    take_in(waived_sender, **marked(trustedFormUrl=None))
    assert purge(business, timezone.now() + 50 * YEAR) == {}
    keep(business, KeptKind.ACCEPTED_LEADS, 1826)
    assert purge(business) == {}
    assert purge(business, timezone.now() + 6 * YEAR) == {"accepted_leads": 1}
    assert where_marked() == []


def test_answers_of_trustedform_keep_what_was_found(business: Business, sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, **marked())
    keep(business, KeptKind.CERTIFICATE_ANSWERS, 30)
    assert purge(business) == {"certificate_answers": 1}
    assert lead.certificate
    check = lead.certificate.checks.get()
    assert (check.outcome, check.raw["match_lead"]["result"]["success"]) == ("verified", True)
    assert "zqxmark" not in str(check.raw).lower()
    assert purge(business) == {}


def test_words_of_closed_complaints_go_and_open_ones_stay(business: Business, sender: Sender) -> None:
    closed, still_open = complain(sender.source, details="One."), complain(sender.source, details="Two.")
    close_complaint(closed, outcome="upheld", reason="It was so.", by=BY, now=timezone.now())
    keep(business, KeptKind.COMPLAINTS, 30)
    assert purge(business) == {"complaints": 1}
    stored = Complaint.objects.in_bulk([closed.pk, still_open.pk])
    assert (stored[closed.pk].details, stored[closed.pk].outcome) == ("", "upheld")
    assert stored[still_open.pk].details == "Two."


def test_a_file_that_is_at_work_is_left(business: Business, waived_sender: Sender) -> None:
    upload(waived_sender.source, as_csv(people(1)))
    Import.objects.update(status=Import.Status.IMPORTING)
    assert purge(business) == {}


def test_a_purge_leaves_one_event_with_all_counts(business: Business, sender: Sender) -> None:
    sender.post(flat_lead(trustedFormUrl=None))
    upload(sender.source, as_csv(people(1)))
    purge(business)
    purge(business)
    (told,) = events("retention.purged")
    assert told["actor"] == SYSTEM
    assert told["data"] == {"purged": {"refused_requests": 1, "import_files": 1}, "on_hold": {}}


def test_a_purge_of_many_goes_on_batch_by_batch(
    business: Business, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for number in range(5):
        sender.post(flat_lead(trustedFormUrl=None, externalId=str(number)))
    assert purge(business) == {"refused_requests": 5}
    assert LastPurge.objects.get().purged == 5


def test_what_broke_off_is_gone_on_with(
    business: Business, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        sender.post(flat_lead(trustedFormUrl=None, externalId=str(number)))
    monkeypatch.setattr(purging, "BATCH", 2)
    note, calls = purging.note, []

    def break_off(*args: Any, **said: Any) -> None:
        calls.append(said)
        if len(calls) == 2:
            raise RuntimeError("The worker dies.")
        note(*args, **said)

    now = timezone.now() + YEAR
    monkeypatch.setattr(purging, "note", break_off)
    with pytest.raises(RuntimeError):
        purge(business, now)
    monkeypatch.setattr(purging, "note", note)
    assert Submission.objects.filter(erased_at=None).count() == 3
    assert purge(business, now) == {"refused_requests": 3}
    assert LastPurge.objects.get().purged == 5


@pytest.mark.django_db(transaction=True)
def test_two_at_once_purge_each_row_once(
    business: Business, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for number in range(7):
        sender.post(flat_lead(trustedFormUrl=None, externalId=str(number)))
    now = timezone.now() + YEAR
    counts = at_once(2, lambda number: purge(business, now).get("refused_requests", 0))
    assert sum(counts) == 7
    assert LastPurge.objects.get().purged == 7


def test_how_long_is_the_installations_word_until_a_business_says_otherwise(
    business: Business, other_business: Business, settings: Settings
) -> None:
    settings.REFUSED_BODY_DAYS = 7
    assert read_periods(business.pk)[KeptKind.REFUSED_REQUESTS] == 7
    keep(business, KeptKind.REFUSED_REQUESTS, None)
    assert read_periods(business.pk)[KeptKind.REFUSED_REQUESTS] is None
    assert read_periods(other_business.pk)[KeptKind.REFUSED_REQUESTS] == 7


@pytest.mark.parametrize(
    ("kind", "days"), [("accepted_leads", 29), ("refused_requests", 0), ("senders", 40_000)]
)
def test_a_period_has_its_bounds(business: Business, kind: str, days: int) -> None:
    with pytest.raises(PeriodError, match="at least"):
        keep(business, KeptKind(kind), days)
    assert not RetentionPeriod.objects.exists()


def test_evidence_for_less_than_five_years_is_warned_of() -> None:
    assert "five years" in warn_of_period(KeptKind.ACCEPTED_LEADS, 1825)
    assert (
        warn_of_period(KeptKind.ACCEPTED_LEADS, 1826) == warn_of_period(KeptKind.ACCEPTED_LEADS, None) == ""
    )
    assert warn_of_period(KeptKind.REFUSED_REQUESTS, 1) == ""


def test_a_changed_period_is_on_record(business: Business) -> None:
    keep(business, KeptKind.SENDERS, 30)
    (told,) = events("retention.period_changed")
    assert told["data"] == {"record": "senders", "before": {"days": None}, "after": {"days": 30}}


def test_what_would_go_is_counted(business: Business, sender: Sender) -> None:
    for _ in range(3):
        sender.post(flat_lead(trustedFormUrl=None))
    now = timezone.now() + timedelta(days=10)
    due = {days: count_due(business.pk, KeptKind.REFUSED_REQUESTS, days, now=now, most=2) for days in (9, 11)}
    assert due == {9: 2, 11: 0}
