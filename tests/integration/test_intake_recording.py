"""What an accepted, a held and a refused request leave behind."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from time_machine import TimeMachineFixture

from compliance.models import Certificate, CertificateCheck
from conversations.models import Conversation
from leadping.models import Event
from leads.intake.receive import receive
from leads.models import Lead, Submission
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import SenderFactory, take_in

NOW = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)


def test_an_accepted_lead_keeps_all_that_was_sent(waived_sender: Sender) -> None:
    lead = take_in(
        waived_sender,
        email="Jordan@Example.com",
        phone="(512) 555-0123 x9",
        address1="100 Main St",
        address2="Suite 200",
        city="Austin",
        state="Texas",
        zip="00001",
        birthDate="1970-01-15",
        gender="Unknown",
        vertical="insurance",
        externalId="partner-lead-88391",
        sellerLeadId="seller-4471",
        subId="affiliate-22",
        price=18.1,
        utmSource="partner-site",
        utmCampaign="june",
        landingPage="https://example.com/quote",
        referrer="https://example.com",
        sourceMetadata={"placement": "homepage-form", "n": [1, 2.5]},
        ipAddress="2001:DB8::7",
        userAgent="Mozilla/5.0",
        favouriteColour={"name": "blue"},
    )
    kept = {
        name: getattr(lead, name)
        for name in (
            *("status", "held_for", "test", "first_name", "last_name", "email", "email_key", "phone"),
            *("phone_extension", "phone_region", "phone_time_zones", "address1", "address2", "city", "state"),
            *("postal_code", "birth_date", "gender", "product", "vertical", "external_id", "seller_lead_id"),
            *("sub_id", "price", "utm", "landing_page", "referrer", "source_metadata", "extra", "ip_address"),
            *("user_agent", "trusted_form_outcome", "recheck_at", "rechecks"),
        )
    }
    assert kept == {
        "status": "accepted",
        "held_for": [],
        "test": False,
        "first_name": "Jordan",
        "last_name": "Example",
        "email": "Jordan@Example.com",
        "email_key": "jordan@example.com",
        "phone": "+15125550123",
        "phone_extension": "9",
        "phone_region": "US",
        "phone_time_zones": ["America/Chicago"],
        "address1": "100 Main St",
        "address2": "Suite 200",
        "city": "Austin",
        "state": "TX",
        "postal_code": "00001",
        "birth_date": date(1970, 1, 15),
        "gender": "Unknown",
        "product": "Final expense",
        "vertical": "insurance",
        "external_id": "partner-lead-88391",
        "seller_lead_id": "seller-4471",
        "sub_id": "affiliate-22",
        "price": Decimal("18.1"),
        "utm": {"utm_source": "partner-site", "utm_campaign": "june"},
        "landing_page": "https://example.com/quote",
        "referrer": "https://example.com",
        "source_metadata": {"placement": "homepage-form", "n": [1, 2.5]},
        "extra": {"favouriteColour": {"name": "blue"}},
        "ip_address": "2001:db8::7",
        "user_agent": "Mozilla/5.0",
        "trusted_form_outcome": "waived",
        "recheck_at": None,
        "rechecks": 0,
    }


def test_a_lead_points_at_its_source_account_terms_and_business(waived_sender: Sender) -> None:
    lead, source = take_in(waived_sender), waived_sender.source
    assert (lead.source_id, lead.account_id, lead.terms_id, lead.business_id) == (
        source.pk,
        source.account_id,
        source.terms_in_force_id,
        source.business_id,
    )


def test_a_lead_carries_the_tags_of_its_source(business: object) -> None:
    sender = SenderFactory.create(business=business, waived=True, settings__tags=["web", "Texas, first"])
    assert take_in(sender).tags == ["web", "Texas, first"]


def test_an_accepted_lead_leaves_one_event_by_its_source(waived_sender: Sender) -> None:
    lead = take_in(waived_sender)
    [event] = Event.objects.filter(subject=lead.public_id)
    assert (event.kind, event.data, event.actor, event.business_id, event.at, event.pending) == (
        "lead.created",
        {"status": "accepted"},
        waived_sender.source.public_id,
        lead.business_id,
        lead.created_at,
        False,
    )


def test_an_event_waits_for_the_relay_while_phones_are_looked_up(waived_sender: Sender, sandbox: str) -> None:
    lead = take_in(waived_sender)
    assert Event.objects.get(subject=lead.public_id).pending


def test_a_verified_certificate_is_kept_with_what_was_said_of_it(sender: Sender, sandbox: str) -> None:
    url = certificate()
    lead = take_in(sender, trustedFormUrl=f" {url}/?x=y ")
    kept = Certificate.objects.get()
    check = CertificateCheck.objects.get()
    assert (lead.certificate_id, lead.trusted_form_url, lead.trusted_form_outcome) == (
        kept.pk,
        url,
        "verified",
    )
    assert (kept.url, kept.business_id) == (url, lead.business_id)
    assert (check.certificate_id, check.outcome, check.host, check.sandbox, check.http_status) == (
        kept.pk,
        "verified",
        "127.0.0.1",
        True,
        200,
    )
    assert check.raw["match_lead"]["phone"] == "5125550123"


def test_a_certificate_that_comes_again_is_the_same_row_with_another_check(
    sender: Sender, sandbox: str
) -> None:
    url = certificate()
    leads = [take_in(sender, trustedFormUrl=url) for _ in range(2)]
    assert leads[0].certificate_id == leads[1].certificate_id
    assert (Certificate.objects.count(), CertificateCheck.objects.count()) == (1, 2)


def test_a_certificate_is_kept_unasked_where_none_is_needed(waived_sender: Sender) -> None:
    lead = take_in(waived_sender)
    assert lead.certificate_id == Certificate.objects.get().pk
    assert not CertificateCheck.objects.exists()


def test_what_is_said_with_one_phone_number_is_one_conversation(waived_sender: Sender) -> None:
    leads = [take_in(waived_sender, phone=phone) for phone in ("+15125550123", "512.555.0123", "5125550124")]
    conversations = [lead.conversation_id for lead in leads]
    assert conversations[0] == conversations[1] != conversations[2]
    first = Conversation.objects.get(pk=conversations[0])
    assert (first.channel, first.address, first.inbox_since) == ("phone", "+15125550123", leads[0].created_at)


def test_without_a_phone_the_email_in_any_case_is_the_contact_point(waived_sender: Sender) -> None:
    leads = [take_in(waived_sender, phone=None, email=email) for email in ("A@example.com", "a@EXAMPLE.com")]
    assert leads[0].conversation_id == leads[1].conversation_id
    conversation = leads[0].conversation
    assert (conversation.channel, conversation.address) == ("email", "a@example.com")


def test_each_business_has_conversations_of_its_own(waived_sender: Sender, other_business: object) -> None:
    other = SenderFactory.create(business=other_business, waived=True)
    assert take_in(waived_sender).conversation_id != take_in(other).conversation_id


@pytest.mark.django_db(transaction=True)
def test_leads_of_one_person_at_the_same_instant_share_one_conversation() -> None:
    sender = SenderFactory.create(waived=True)
    lead = flat_lead()
    replies = at_once(12, lambda number: receive(arrival_of(sender, {**lead, "subId": str(number)})))
    assert {reply.status for reply in replies} == {201}
    assert (Lead.objects.count(), Conversation.objects.count()) == (12, 1)


def test_a_held_lead_stays_out_of_the_inbox(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    assert (lead.status, lead.held_for, lead.conversation.inbox_since) == (
        "audit",
        ["certificate_mismatch"],
        None,
    )
    assert Event.objects.get(subject=lead.public_id).data == {"status": "audit"}


def test_a_held_lead_takes_nobody_out_of_the_inbox(sender: Sender, sandbox: str) -> None:
    accepted = take_in(sender)
    held = take_in(sender, trustedFormUrl=certificate("mismatch"))
    assert held.conversation_id == accepted.conversation_id
    assert held.conversation.inbox_since == accepted.created_at


def test_a_lead_waits_to_be_asked_about_again_only_after_an_outage(sender: Sender, sandbox: str) -> None:
    waiting = take_in(sender, trustedFormUrl=certificate("error"))
    assert waiting.recheck_at
    assert (waiting.recheck_at - waiting.created_at).total_seconds() == 60
    assert take_in(sender, trustedFormUrl=certificate("mismatch")).recheck_at is None


def test_a_submission_keeps_the_request_as_it_came(waived_sender: Sender) -> None:
    body = json.dumps(flat_lead(externalId="1"), indent=1)
    response = waived_sender.send(
        body, headers={"User-Agent": "sender/2.1", "Content-Type": "application/json; charset=utf-8"}
    )
    submission = Submission.objects.get()
    lead = Lead.objects.get()
    kept = {
        name: getattr(submission, name)
        for name in (
            *("lead_id", "source_id", "business_id", "terms_id", "credential_id", "received_at", "door"),
            *("test", "dry_run", "outcome", "http_status", "codes", "answer", "request_id", "ip"),
            *("user_agent", "body", "body_redacted", "body_purged_at"),
        )
    }
    assert kept == {
        "lead_id": lead.pk,
        "source_id": waived_sender.source.pk,
        "business_id": waived_sender.source.business_id,
        "terms_id": waived_sender.source.terms_in_force_id,
        "credential_id": waived_sender.issued.credential.pk,
        "received_at": lead.created_at,
        "door": "flat",
        "test": False,
        "dry_run": False,
        "outcome": "accepted",
        "http_status": 201,
        "codes": [],
        "answer": response.content.decode(),
        "request_id": response["X-Request-Id"],
        "ip": "127.0.0.1",
        "user_agent": "sender/2.1",
        "body": body,
        "body_redacted": False,
        "body_purged_at": None,
    }
    assert bytes(submission.body_sha256) == sha256(body.encode()).digest()


def test_a_submission_keeps_every_verdict_passed_or_not(sender: Sender, sandbox: str) -> None:
    sender.post(flat_lead(trustedFormUrl=certificate("mismatch"), zip="90210"))
    submission = Submission.objects.get()
    assert submission.codes == ["zip_state_mismatch", "certificate_mismatch"]
    assert {(verdict["code"], verdict["passed"]) for verdict in submission.verdicts} == {
        ("source_disabled", True),
        ("source_paused", True),
        ("source_unattached", True),
        ("contact_missing", True),
        ("source_not_approved", True),
        ("zip_state_mismatch", False),
        ("state_not_allowed", True),
        ("product_not_allowed", True),
        ("contact_suppressed", True),
        ("certificate_missing", True),
        ("certificate_reused_person", True),
        ("certificate_reused_source", True),
        ("certificate_mismatch", False),
    }


def test_a_refused_request_leaves_its_submission_and_nothing_else(sender: Sender) -> None:
    events = Event.objects.count()
    response = sender.post(flat_lead(trustedFormUrl=None))
    submission = Submission.objects.get()
    assert (response.status_code, submission.http_status, submission.outcome) == (400, 400, "refused")
    assert response.json()["submissionId"] == submission.public_id
    assert (submission.lead_id, submission.answer) == (None, response.content.decode())
    left = [Lead, Conversation, Certificate, CertificateCheck]
    assert [model._default_manager.count() for model in left] == [0, 0, 0, 0]
    assert Event.objects.count() == events


def test_a_lead_came_at_the_moment_its_request_was_received(
    waived_sender: Sender, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    response = waived_sender.post()
    assert response.json()["createdAt"] == "2026-06-14T12:00:00Z"
    assert Lead.objects.get().created_at == Submission.objects.get().received_at == NOW
