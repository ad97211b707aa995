"""The form of the posting instructions: a dry run with the vendor's own key, and every verdict shown."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import Lead, Submission
from sources.lifecycle import change_settings
from tests.prepared import prepared
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory
from tests.vendors import STRICT, block, link_to, shown, try_out

pytestmark = pytest.mark.django_db


@prepared
def strict(business: Business) -> Sender:
    sender: Sender = SenderFactory.create(business=business, **STRICT)
    return sender


def test_the_form_shows_every_verdict_passed_and_failed(strict: Sender) -> None:
    strict.source.settings.refresh_from_db()
    change_settings(
        strict.source.settings,
        {"schedule_from": None, "schedule_until": None, "schedule_days": []},
        by=BY,
        reason=REASON,
        now=timezone.now(),
    )
    payload = json.dumps({"phone": "555", "state": "CA", "trusted_form": "x"})
    page = shown(try_out(link_to(strict.source)[1], strict.issued.api_key, payload))
    assert "A real request would be refused" in page
    assert "CA is not allowed; allowed: TX, OK." in page
    assert "Rename “trusted_form” to “trustedFormUrl”." in page
    assert "The source is enabled." in page
    submission = Submission.objects.get()
    assert (submission.dry_run, submission.source) == (True, strict.source)
    assert not Lead.objects.exists()


@pytest.mark.parametrize("shape", ["flat", "structured"])
def test_a_good_lead_passes_in_either_shape(waived_sender: Sender, shape: str) -> None:
    page = Client().get(link_to(waived_sender.source)[1]).text
    tried = try_out(
        link_to(waived_sender.source)[1],
        waived_sender.issued.api_key,
        block(page, f"payload-{shape}"),
        shape=shape,
    )
    assert "A real request would be accepted" in shown(tried)
    assert not Lead.objects.exists()


def test_a_full_dry_run_asks_the_certificate_service(sender: Sender, sandbox: str) -> None:
    lead = {"phone": "+15125550123", "trustedFormUrl": "https://cert.trustedform.com/mismatch-1"}
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, json.dumps(lead), mode="full")
    assert "A real request would be held" in shown(tried)


def test_a_key_of_another_source_opens_nothing_and_is_counted(sender: Sender) -> None:
    other = SenderFactory.create()
    for key in (other.issued.api_key, "", "lp_nonsense", "\x00", "é" * 50):
        tried = try_out(link_to(sender.source)[1], key, "{}")
        assert "This key does not open this source" in shown(tried)
    assert not Submission.objects.exists()


def test_no_credential_is_repeated_wherever_it_was_put(waived_sender: Sender) -> None:
    key = waived_sender.issued.api_key
    payload = json.dumps({"phone": "+15125550123", "note": key, key: "x", "password": "hunter2hunter2"})
    tried = try_out(link_to(waived_sender.source)[1], key, payload)
    assert tried.status_code == 200
    for secret in (key, "hunter2hunter2"):
        assert secret not in tried.text
        assert secret not in str(tried.cookies)
        assert secret not in Submission.objects.get().body


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"phone": "\\u0000"}', "\x00", "{" * 500, "x" * 70_000])
def test_what_is_no_lead_is_told_as_the_door_tells_it(sender: Sender, payload: str) -> None:
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, payload)
    assert tried.status_code == 200
    assert "A real request would be refused" in shown(tried)


def test_a_choice_that_is_none_sends_nothing(sender: Sender) -> None:
    tried = try_out(link_to(sender.source)[1], sender.issued.api_key, "{}", shape="round")
    assert "Choose a shape and a kind of dry run." in shown(tried)
    assert not Submission.objects.exists()
