"""What the pages say once something is done."""

import pytest
from django.utils import timezone

from leadping.accounts.models import Business
from leads.console.retention.erasing import say_counts
from leads.deciding import Choice, decide
from leads.models import Lead
from tests.prepared import prepared
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, take_in
from tests.suppressing import suppress_contact

SAID = {"by": BY, "reason": REASON}


@prepared
def held(sender: Sender, sandbox: str) -> Lead:
    Business.objects.filter(pk=sender.source.business_id).update(second_person=False)
    return take_in(sender, trustedFormUrl=certificate("mismatch"))


@pytest.mark.django_db
def test_of_a_released_lead_that_it_may_be_contacted(held: Lead) -> None:
    said = decide(held, Choice.RELEASE, **SAID, now=timezone.now())
    assert said == "Released. The lead may be contacted now."


@pytest.mark.django_db
def test_but_not_of_one_whose_person_is_suppressed(held: Lead) -> None:
    suppress_contact(held.business, held.phone)
    said = decide(held, Choice.RELEASE, **SAID, now=timezone.now())
    assert said == "Released. Do not contact: no calls, no texts, for the suppression list has them."


def test_an_erasure_names_what_it_counts() -> None:
    assert say_counts({"leads": 1, "checks": 2, "suppressions": 1}) == (
        "1 lead, 2 answers of TrustedForm, 1 entry of the suppression list"
    )
