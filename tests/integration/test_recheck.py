"""Asking TrustedForm again about leads that are held because it could not be asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from compliance.models import CertificateCheck
from compliance.trustedform.sandbox import running_sandbox
from conversations.models import Conversation
from leadping.models import Event
from leads.lifecycle import refuse_lead
from leads.models import Lead
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, SenderFactory, recheck_lead, take_in

LATER = timedelta(minutes=1)


def held_during_outage(sender: Sender, settings: Settings, url: str) -> Lead:
    """The certificate service is away when the lead comes, and back afterwards."""
    there, settings.TRUSTEDFORM_URL = settings.TRUSTEDFORM_URL, "http://127.0.0.1:9"
    lead = take_in(sender, trustedFormUrl=url)
    settings.TRUSTEDFORM_URL = there
    assert (lead.status, lead.held_for, lead.trusted_form_outcome) == (
        "audit",
        ["certificate_unavailable"],
        "pending",
    )
    return lead


def recheck(lead: Lead) -> Lead:
    recheck_lead(lead, now=lead.created_at + LATER)
    return Lead.objects.get(pk=lead.pk)


def test_a_verified_lead_is_released(sender: Sender, sandbox: str) -> None:
    lead = recheck(take_in(sender, trustedFormUrl=certificate("flaky")))
    assert (lead.status, lead.held_for, lead.recheck_at, lead.trusted_form_outcome) == (
        "accepted",
        [],
        None,
        "verified",
    )
    assert lead.conversation.inbox_since == lead.created_at + LATER
    event = Event.objects.filter(subject=lead.public_id).latest("id")
    assert (event.kind, event.actor) == ("lead.released", "system")


@pytest.mark.parametrize(
    ("scenario", "code"), [("mismatch", "certificate_mismatch"), ("overclaimed", "certificate_overclaimed")]
)
def test_a_lead_that_is_now_held_for_another_reason_stays_held(
    sender: Sender, sandbox: str, settings: Settings, scenario: str, code: str
) -> None:
    lead = recheck(held_during_outage(sender, settings, certificate(scenario)))
    assert (lead.status, lead.held_for, lead.recheck_at) == ("audit", [code], None)
    assert lead.conversation.inbox_since is None
    assert Event.objects.filter(subject=lead.public_id).latest("id").kind == "lead.still_held"


@pytest.mark.parametrize("scenario", ["not-found", "expired", "malformed", "sandbox"])
def test_a_certificate_that_would_have_been_refused_refuses_the_lead(
    sender: Sender, sandbox: str, settings: Settings, scenario: str
) -> None:
    lead = recheck(held_during_outage(sender, settings, certificate(scenario)))
    assert (lead.status, lead.held_for, lead.recheck_at) == ("refused", [], None)
    assert not Conversation.objects.exclude(inbox_since=None).exists()
    event = Event.objects.filter(subject=lead.public_id).latest("id")
    assert (event.kind, event.reason.startswith("TrustedForm was asked again.")) == ("lead.refused", True)


@pytest.mark.parametrize(
    "scenario", ["error", "html", "wrong-key", "inactive", "unavailable-product", "reset"]
)
def test_while_nothing_is_known_the_lead_waits_longer(sender: Sender, sandbox: str, scenario: str) -> None:
    lead = recheck(take_in(sender, trustedFormUrl=certificate(scenario)))
    assert (lead.status, lead.held_for, lead.rechecks) == ("audit", ["certificate_unavailable"], 1)
    assert lead.recheck_at == lead.created_at + LATER + timedelta(minutes=2)


def test_a_lead_waits_even_where_the_outage_policy_has_become_refuse(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("error"))
    type(sender.source.settings).objects.update(outage_policy="refuse")
    assert recheck(lead).status == "audit"


def test_each_conversation_with_trustedform_is_kept(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("flaky"))
    recheck(lead)
    checks = CertificateCheck.objects.order_by("at")
    assert [(check.outcome, check.http_status, check.certificate_id) for check in checks] == [
        ("unavailable", 500, lead.certificate_id),
        ("verified", 200, lead.certificate_id),
    ]


def test_a_lead_held_for_a_second_reason_is_not_released(business: object, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, settings__duplicate_rule="hold")
    take_in(sender)
    lead = recheck(take_in(sender, trustedFormUrl=certificate("flaky")))
    assert (lead.status, lead.held_for, lead.trusted_form_outcome) == (
        "audit",
        ["duplicate_lead"],
        "verified",
    )


@pytest.mark.django_db(transaction=True)
def test_a_decision_made_while_trustedform_is_asked_holds(settings: Settings) -> None:
    with running_sandbox() as url:
        settings.TRUSTEDFORM_URL = url
        sender = SenderFactory.create()
        lead = held_during_outage(sender, settings, certificate("delay-300"))

        def recheck_aside() -> None:
            try:
                recheck(Lead.objects.get(pk=lead.pk))
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(recheck_aside)
            sleep(0.1)
            refuse_lead(lead, by=BY, reason=REASON, now=timezone.now())
            asked.result(timeout=5)
    assert Lead.objects.get(pk=lead.pk).status == "refused"
    assert CertificateCheck.objects.count() == 1
