"""A certificate is retained as long as one accepted lead is there for whose sake it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from compliance.models import CertificateRetention
from leadping.accounts.models import Business
from leads.certificates.claiming import claim_new
from leads.certificates.retaining import retain_due
from leads.lifecycle import accept_lead, withdraw_leads
from leads.models import Lead
from sources.models import Terms
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, SenderFactory, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def retaining(business: Business, sandbox: str) -> Sender:
    terms = {"trustedform_required": True, "certificate_retention": Terms.Retention.RETAIN}
    return SenderFactory.create(business=business, terms=terms)


def work() -> None:
    """What the worker does in two of its minutes."""
    for minutes in (0, 1):
        claim_new(now=timezone.now())
        retain_due(now=timezone.now() + timedelta(minutes=minutes), seconds=10)


def withdraw(lead: Lead) -> None:
    said = {"by": BY, "reason": REASON, "now": timezone.now()}
    withdraw_leads([lead.pk], business_id=lead.business_id, **said)


def stored_for() -> tuple[str, str]:
    row = CertificateRetention.objects.get()
    return row.status, row.lead


def test_of_two_with_one_certificate_it_is_retained_for_who_is_left(retaining: Sender) -> None:
    url = certificate()
    first, second = (take_in(retaining, trustedFormUrl=url) for _ in range(2))
    claim_new(now=timezone.now())
    withdraw(first)
    work()
    assert stored_for() == ("stored", second.public_id)


def test_who_comes_after_it_was_given_up_has_it_retained(retaining: Sender) -> None:
    url = certificate()
    withdrawn = take_in(retaining, trustedFormUrl=url)
    claim_new(now=timezone.now())
    withdraw(withdrawn)
    work()
    assert stored_for() == ("given_up", withdrawn.public_id)
    again = take_in(retaining, trustedFormUrl=url)
    work()
    assert stored_for() == ("stored", again.public_id)


def test_who_is_released_after_it_was_given_up_has_it_retained(retaining: Sender) -> None:
    url = certificate("mismatch")
    first, second = (take_in(retaining, trustedFormUrl=url) for _ in range(2))
    accept_lead(first, by=BY, reason=REASON, now=timezone.now())
    withdraw(first)
    work()
    accept_lead(second, by=BY, reason=REASON, now=timezone.now())
    work()
    assert stored_for() == ("stored", second.public_id)


def test_what_trustedform_refuses_for_good_is_not_asked_for_another(retaining: Sender) -> None:
    url = certificate()
    first, _ = (take_in(retaining, trustedFormUrl=url) for _ in range(2))
    claim_new(now=timezone.now())
    given_up = {"status": "given_up", "next_at": None, "reason": "Certificate not found"}
    CertificateRetention.objects.update(**given_up)
    work()
    assert stored_for() == ("given_up", first.public_id)
