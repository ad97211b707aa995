"""`manage.py erase`, which others script."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leadping.accounts.models import Business
from leads.models import Erasure, Lead
from tests.erasing import EMAIL, PHONE, marked, where_marked
from tests.senders import Sender
from tests.situations import take_in


@pytest.fixture
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, **marked(trustedFormUrl=None))


def erase(business: Business, **options: Any) -> Any:
    out = StringIO()
    call_command("erase", business=business.name, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_a_preview_says_what_is_found_and_erases_nothing(business: Business, lead: Lead) -> None:
    told = erase(business, phone="512-555-0177", preview=True)
    assert (told["leads"], told["requests"], told["refused"]) == ([lead.public_id], 1, "")
    assert told["others"] == [EMAIL]
    assert Lead.objects.get().erased_at is None


def test_a_person_is_erased_by_either(business: Business, lead: Lead) -> None:
    told = erase(business, email=EMAIL.upper(), reason="Ticket 12.")
    assert told == {
        "erasure": Erasure.objects.get().public_id,
        **{"leads": 1, "requests": 1, "conversations": 1},
    }
    assert where_marked() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"phone": PHONE}, "--reason"),
        ({"reason": "Ticket 12."}, "Give a phone"),
        ({"phone": "12", "reason": "Ticket 12."}, "too few digits"),
        ({"phone": "+15125550100", "reason": "Ticket 12."}, "Nothing on record"),
    ],
)
def test_what_is_missing_is_said(business: Business, lead: Lead, options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        erase(business, **options)
    assert Lead.objects.get().erased_at is None


@pytest.mark.django_db
def test_an_unknown_business_is_said() -> None:
    with pytest.raises(CommandError, match="There is no business Nobody"):
        call_command("erase", business="Nobody", phone=PHONE)
