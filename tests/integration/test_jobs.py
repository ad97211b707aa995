"""What the worker does by itself."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from leadping.models import Event
from leads.jobs import (
    end_what_is_over,
    look_up_phone,
    pause_sources,
    recheck_held_leads,
    warn_of_expiry,
)
from leads.models import Lead, Submission
from leads.phone_lookup import PhoneFacts, PhoneLookupFailure, read_facts
from leads.retention.jobs import purge
from sources.approval import approve_terms, draft_terms, expire, submit_terms
from sources.credentials import announce, rotate_credential
from sources.models import Credential, Source
from tests.senders import Sender, certificate, flat_lead
from tests.servers import ROOT, manage
from tests.situations import BY, REASON, SenderFactory, take_in


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def facts_of(lead: Lead) -> tuple[str, str]:
    found: tuple[str, str] = Lead.objects.values_list("phone_line_type", "phone_carrier").get(pk=lead.pk)
    return found


@pytest.mark.parametrize(
    ("phone", "line_type"),
    [("+15125550121", "mobile"), ("+15125550128", "landline"), ("+15125550129", "voip")],
)
def test_a_phone_look_up_adds_line_type_and_carrier(
    waived_sender: Sender, sandbox: str, phone: str, line_type: str
) -> None:
    lead = take_in(waived_sender, phone=phone)
    look_up_phone(lead.public_id)
    assert facts_of(lead) == (line_type, "Example Wireless")


@pytest.mark.parametrize("phone", ["+15125550123", None])
def test_without_a_phone_or_a_lead_nothing_is_looked_up(
    waived_sender: Sender, settings: Settings, phone: str | None
) -> None:
    """The service would raise, for it is not there."""
    settings.PHONE_LOOKUP_URL = "http://127.0.0.1:9"
    lead = take_in(waived_sender, phone=None)
    look_up_phone(lead.public_id)
    look_up_phone("lead_00000000000000000000000000")
    assert facts_of(lead) == ("", "")


def test_a_look_up_that_may_succeed_later_raises_for_the_worker_to_try_again(
    waived_sender: Sender, settings: Settings
) -> None:
    settings.PHONE_LOOKUP_URL = "http://127.0.0.1:9"
    lead = take_in(waived_sender)
    with pytest.raises(PhoneLookupFailure) as caught:
        look_up_phone(lead.public_id)
    assert caught.value.temporary


def test_what_the_service_will_never_know_is_left_blank(
    waived_sender: Sender, sandbox: str, settings: Settings
) -> None:
    settings.PHONE_LOOKUP_URL = f"{sandbox}/phone-lookup/no"
    lead = take_in(waived_sender)
    look_up_phone(lead.public_id)
    assert facts_of(lead) == ("", "")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"carrier": "x"}', b"\xff"])
def test_an_answer_that_cannot_be_read_will_not_be_asked_for_again(body: bytes) -> None:
    with pytest.raises(PhoneLookupFailure) as caught:
        read_facts(body)
    assert not caught.value.temporary


def plugged_in(number: str) -> PhoneFacts:
    return PhoneFacts("mobile", f"Carrier of {number}")


def test_another_client_is_plugged_in_by_name(waived_sender: Sender, settings: Settings) -> None:
    settings.PHONE_LOOKUP_CLIENT = f"{__name__}.plugged_in"
    lead = take_in(waived_sender)
    look_up_phone(lead.public_id)
    assert facts_of(lead) == ("mobile", "Carrier of +15125550123")


def test_only_leads_whose_time_has_come_are_asked_about(sender: Sender, sandbox: str) -> None:
    due, later = (take_in(sender, trustedFormUrl=certificate("flaky")) for _ in range(2))
    Lead.objects.filter(pk=later.pk).update(recheck_at=timezone.now() + timedelta(hours=1))
    recheck_held_leads(seconds(timezone.now() + timedelta(minutes=2)))
    statuses = dict(Lead.objects.values_list("pk", "status"))
    assert statuses == {due.pk: "accepted", later.pk: "audit"}


@pytest.fixture
def refused(sender: Sender) -> Submission:
    sender.post(flat_lead(trustedFormUrl=None))
    return Submission.objects.get()


def test_the_body_of_a_refused_request_is_emptied_after_its_days(refused: Submission) -> None:
    purge(seconds(refused.received_at + timedelta(days=90)) + 2)
    kept = Submission.objects.get()
    assert (kept.body, kept.codes, kept.http_status) == ("", refused.codes, 400)
    assert kept.body_purged_at
    assert bytes(kept.body_sha256) == bytes(refused.body_sha256)


def test_until_then_it_is_kept(refused: Submission) -> None:
    purge(seconds(refused.received_at + timedelta(days=89)))
    assert (Submission.objects.get().body, Submission.objects.get().body_purged_at) == (refused.body, None)


def test_how_many_days_is_a_setting(refused: Submission, settings: Settings) -> None:
    settings.REFUSED_BODY_DAYS = 7
    purge(seconds(refused.received_at + timedelta(days=8)))
    assert Submission.objects.get().body == ""


@pytest.mark.parametrize("scenario", ["valid", "mismatch"])
def test_the_body_of_what_was_taken_is_never_emptied(sender: Sender, sandbox: str, scenario: str) -> None:
    take_in(sender, trustedFormUrl=certificate(scenario))
    purge(seconds(datetime(2100, 1, 1, tzinfo=UTC)))
    assert Submission.objects.get().body


@pytest.mark.django_db
def test_a_body_is_emptied_once() -> None:
    sender = SenderFactory.create()
    sender.post(flat_lead(trustedFormUrl=None))
    moments = []
    for days in (100, 200):
        purge(seconds(timezone.now() + timedelta(days=days)))
        moments.append(Submission.objects.get().body_purged_at)
    assert moments[0] == moments[1]


def approve_until(source: Source, end: datetime) -> None:
    terms = draft_terms(source, {}, by=BY, now=timezone.now())
    submit_terms(terms, by=BY, reason=REASON, now=timezone.now())
    approve_terms(terms, by=BY, reason=REASON, now=timezone.now(), expires_at=end)


def test_approvals_and_rotated_keys_whose_end_has_come_are_marked_so(sender: Sender) -> None:
    end = timezone.now() + timedelta(hours=1)
    approve_until(sender.source, end)
    rotate_credential(sender.issued.credential, by=BY, reason=REASON, now=end - timedelta(hours=24))
    end_what_is_over(seconds(end) - 1)
    assert (sender.source.terms.latest("number").status, live_keys(sender)) == ("approved", 2)
    end_what_is_over(seconds(end) + 1)
    assert (sender.source.terms.latest("number").status, live_keys(sender)) == ("expired", 1)


@pytest.mark.django_db
def test_an_approval_that_cannot_be_ended_keeps_no_other_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    end = timezone.now() + timedelta(hours=1)
    failing, other = (SenderFactory.create().source for _ in range(2))
    for source in (failing, other):
        approve_until(source, end)

    def fail(source: Source, *, now: datetime) -> bool:
        if source == failing:
            raise RuntimeError
        return expire(source, now=now)

    monkeypatch.setattr("sources.approval.expire", fail)
    end_what_is_over(seconds(end) + 1)
    assert other.terms.latest("number").status == "expired"


@pytest.mark.django_db
def test_a_key_that_cannot_be_marked_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    end = timezone.now() + timedelta(hours=1)
    failing, other = (SenderFactory.create() for _ in range(2))
    for sender in (failing, other):
        key = sender.issued.credential
        rotate_credential(key, by=BY, reason=REASON, now=end - timedelta(hours=24))

    def fail(kind: str, credential: Credential, **said: Any) -> None:
        if credential.source_id == failing.source.pk:
            raise RuntimeError
        announce(kind, credential, **said)

    monkeypatch.setattr("sources.credentials.announce", fail)
    end_what_is_over(seconds(end) + 1)
    assert (live_keys(failing), live_keys(other)) == (2, 1)


def live_keys(sender: Sender) -> int:
    return Credential.objects.filter(source=sender.source, revoked_at=None).count()


def test_the_end_of_an_approval_is_warned_of_once_however_often_the_job_runs(source: Source) -> None:
    end = timezone.now() + timedelta(days=20)
    approve_until(source, end)
    for days in (15, 14, 13, 1):
        warn_of_expiry(seconds(end - timedelta(days=days)) + 1)
    assert Event.objects.filter(kind="terms.expiring", subject=source.public_id).count() == 1


def test_the_worker_knows_every_job_of_every_room() -> None:
    """In a process of its own, for in this one other tests import what they need."""
    asked = (
        "import leads.management.commands.worker; from procrastinate.contrib.django import app; "
        "print(*app.tasks)"
    )
    declared = {name.rpartition(".")[0] for name in manage("shell", "-v", "0", "-c", asked).split()}
    assert {".".join(path.with_suffix("").parts) for path in job_files()} <= declared


def job_files() -> list[Path]:
    """Seen from the top: whatever declares a task."""
    code = [path for room in ("leadping", "sources", "leads") for path in (ROOT / room).rglob("*.py")]
    return [
        path.relative_to(ROOT) for path in code if re.search(r"^@app\.task", path.read_text(), re.MULTILINE)
    ]


def test_look_ups_of_thousands_of_leads_keep_nobody_waiting(db: None) -> None:
    look_up_phone.batch_defer(*({"lead_id": f"lead_{number}"} for number in range(3)))
    pause_sources.defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)")
        assert cursor.fetchone() == ("leads.jobs.pause_sources",)
