"""What the first page says needs somebody: failing sources, paused ones, proofs that are about to be lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from compliance.models import CertificateCheck, CertificateRetention
from leadping.accounts.models import Business, User
from leadping.console.notices import Notice
from leads.certificates.claiming import claim_new
from leads.certificates.retaining import retain_due
from leads.models import Lead, SourceTally
from leads.watching.buckets import Period, floor
from leads.watching.failing import note_failing
from leads.watching.perishing import note_perishing
from sources.lifecycle import delete_source, pause_source
from sources.models import Source, Terms
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, SenderFactory, take_in

NOW = datetime(2026, 3, 9, 14, 3, 20, tzinfo=UTC)
SOON = timedelta(seconds=1)
YESTERDAY, LAST_WEEK = NOW - timedelta(hours=20), NOW - timedelta(days=5)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def came(source: Source, at: datetime, **figures: Any) -> None:
    for period in (Period.HOUR, Period.DAY):
        own = {"source": source, "business": source.business, "period": period}
        SourceTally.objects.create(**own, starts_at=floor(at, period), **figures)


def notice(console: Client, title: str) -> Notice | None:
    """Once the worker has looked."""
    note_failing(now=NOW)
    note_perishing(now=NOW)
    notices = console.get(reverse("console:index")).context["notices"]
    return next((one for one in notices if one.title == title), None)


def failing(console: Client) -> dict[str, str]:
    found = notice(console, "Failing sources")
    return {line.text: line.note for line in found.lines} if found else {}


def test_a_source_that_accepts_less_than_half_is_failing(console: Client, business: Business) -> None:
    bad = SenderFactory.create(business=business, name="Bad form").source
    came(bad, YESTERDAY, accepted=9, held=2, refused=9, refused_codes={"phone_invalid": 9})
    came(SenderFactory.create(business=business).source, YESTERDAY, accepted=10, refused=10)
    came(SenderFactory.create(business=business).source, YESTERDAY, accepted=0, refused=19)
    assert failing(console) == {
        "Bad form": "45% of 20 accepted, 45% refused; most refused for: Phone invalid"
    }


def test_a_source_whose_refusals_doubled_is_failing(console: Client, business: Business) -> None:
    worse = SenderFactory.create(business=business, name="Worse").source
    came(worse, YESTERDAY, accepted=80, refused=20)
    came(worse, LAST_WEEK, accepted=90, refused=10)
    steady = SenderFactory.create(business=business).source
    came(steady, YESTERDAY, accepted=80, refused=20)
    came(steady, LAST_WEEK, accepted=85, refused=15)
    assert failing(console) == {"Worse": "20% of 100 refused, 10% the week before"}


def test_the_source_that_loses_most_comes_first_and_the_notice_counts_all(
    console: Client, business: Business
) -> None:
    for refused in range(20, 27):
        came(
            SenderFactory.create(business=business, name=f"Lost {refused}").source, YESTERDAY, refused=refused
        )
    found = notice(console, "Failing sources")
    assert found
    assert (found.figure, found.lines[0].text, len(found.lines)) == ("7", "Lost 26", 5)
    assert console.get(found.url).status_code == 200
    assert console.get(found.lines[0].url).status_code == 200


def test_stopped_and_deleted_sources_are_not_failing(console: Client, business: Business) -> None:
    paused, deleted = (SenderFactory.create(business=business).source for _ in range(2))
    for source in (paused, deleted):
        came(source, YESTERDAY, refused=50)
    pause_source(paused, by=BY, reason=REASON, now=NOW)
    delete_source(deleted, by=BY, reason=REASON, now=NOW)
    assert failing(console) == {}


def test_a_source_that_mends_itself_is_failing_no_more(console: Client, business: Business) -> None:
    source = SenderFactory.create(business=business, name="Mended").source
    came(source, YESTERDAY, refused=50)
    assert "Mended" in failing(console)
    SourceTally.objects.filter(source=source).update(accepted=900)
    assert failing(console) == {}


def test_failing_sources_of_others_are_not_told(console: Client, other_business: Business) -> None:
    came(SenderFactory.create(business=other_business).source, YESTERDAY, refused=50)
    assert failing(console) == {}


def test_paused_sources_are_told_with_the_reason_and_apart_from_others(
    console: Client, business: Business
) -> None:
    paused = SenderFactory.create(business=business, name="Paused form").source
    pause_source(paused, by=BY, reason="Too many bad certificates.", now=NOW)
    SenderFactory.create(business=business, name="New form", approved=False)
    told, others = notice(console, "Paused sources"), notice(console, "Sources that cannot send")
    assert told
    assert [(line.text, line.note) for line in told.lines] == [("Paused form", "Too many bad certificates.")]
    assert others
    assert [line.text for line in others.lines] == ["New form"]


def test_what_is_bad_comes_first(console: Client, business: Business) -> None:
    source = SenderFactory.create(business=business).source
    SenderFactory.create(business=business, approved=False)
    came(source, YESTERDAY, refused=50)
    note_failing(now=NOW)
    tones = [one.tone for one in console.get(reverse("console:index")).context["notices"]]
    assert tones == sorted(tones, key=lambda tone: tone != "bad")
    assert tones[0] == "bad"


# --- certificates


@pytest.fixture
def retaining(business: Business, sandbox: str) -> Sender:
    terms = {"trustedform_required": True, "certificate_retention": Terms.Retention.RETAIN}
    return SenderFactory.create(business=business, name="Retained", terms=terms)


def took(sender: Sender, ends_in: timedelta, *, days_ago: int = 1) -> Lead:
    """A lead whose certificate is not retained yet; when it is deleted TrustedForm has told."""
    lead = take_in(sender, trustedFormUrl=certificate(), phone=f"+1512555{Lead.objects.count():04}")
    at = NOW - timedelta(days=days_ago)
    CertificateCheck.objects.filter(certificate=lead.certificate_id).update(expires_at=NOW + ends_in)
    claim_new(now=NOW + SOON)
    CertificateRetention.objects.filter(certificate=lead.certificate_id).update(wanted_at=at)
    return lead


def perishing(console: Client) -> list[str]:
    found = notice(console, "Sources that lose certificates soon")
    return [f"{line.text}: {line.note}" for line in found.lines] if found else []


def test_certificates_that_go_within_two_weeks_are_told_once_for_each_source(
    console: Client, retaining: Sender
) -> None:
    for days in (60, 20, 12, 10):
        took(retaining, timedelta(days=days))
    assert perishing(console) == ["Retained: 2, the first in 10 days: Jordan Example"]


def test_certificates_that_nobody_promised_to_retain_are_not_told(
    console: Client, sender: Sender, sandbox: str
) -> None:
    take_in(sender)
    claim_new(now=NOW + SOON)
    assert perishing(console) == []


def test_what_was_wanted_just_now_is_about_to_be_retained_and_not_told(
    console: Client, retaining: Sender
) -> None:
    took(retaining, timedelta(days=2), days_ago=0)
    assert perishing(console) == []


def test_what_is_retained_is_not_told(console: Client, retaining: Sender) -> None:
    took(retaining, timedelta(days=2))
    retain_due(now=NOW + SOON, seconds=10)
    assert perishing(console) == []


def test_a_certificate_leads_to_its_lead_and_is_gone_with_its_source(
    console: Client, retaining: Sender
) -> None:
    lead = took(retaining, timedelta(days=2))
    found = notice(console, "Sources that lose certificates soon")
    assert found
    assert found.lines[0].url == reverse("console:leads_lead_change", args=[lead.pk])
    delete_source(retaining.source, by=BY, reason=REASON, now=NOW)
    assert notice(console, "Sources that lose certificates soon") is None
