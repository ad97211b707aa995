"""Certificates that TrustedForm finds nowhere: those that nobody ever made, told from those that expired."""

from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from compliance.calls import count_calls
from compliance.models import CertificateCalls, CertificateCheck, ServiceTrouble
from compliance.troubles import look_for_trouble
from leadping.accounts.models import Business
from leads.models import Lead
from tests.senders import Sender, certificate, flat_lead
from tests.situations import SenderFactory, recheck_lead, take_in

ASKED = ["match_lead", "validate"]


def sender_of(business: Business, invented: str = "refuse", **settings: Any) -> Sender:
    effects = {f"settings__{name}_effect": effect for name, effect in settings.items()}
    return SenderFactory.create(business=business, settings__certificate_invented_effect=invented, **effects)


def post(sender: Sender, scenario: str) -> dict[str, Any]:
    body: dict[str, Any] = sender.post(flat_lead(trustedFormUrl=certificate(scenario))).json()
    return body


def codes(body: dict[str, Any]) -> list[str]:
    return [one["code"] for one in body.get("errors") or [*body.get("held", ()), *body.get("warnings", ())]]


@pytest.mark.parametrize(
    ("scenario", "code", "outcome"),
    [
        ("invented", "certificate_invented", "invented"),
        ("expired", "certificate_expired", "expired"),
        ("gone", "certificate_expired", "expired"),
    ],
)
def test_what_is_not_found_is_told_apart(
    business: Business, sandbox: str, scenario: str, code: str, outcome: str
) -> None:
    assert codes(post(sender_of(business), scenario)) == [code]
    check = CertificateCheck.objects.get()
    assert (check.outcome, check.operations) == (outcome, ASKED)
    assert check.raw["reason"].startswith("TrustedForm certificate has expired")
    assert check.raw["validate"]["http_status"] == 200


@pytest.mark.parametrize("scenario", ["validate-odd", "validate-error", "validate-forbidden"])
def test_an_answer_that_tells_nothing_changes_nothing(
    business: Business, sandbox: str, scenario: str
) -> None:
    assert codes(post(sender_of(business), scenario)) == ["certificate_not_found"]
    check = CertificateCheck.objects.get()
    assert (check.outcome, check.operations) == ("not_found", ASKED)
    assert check.raw["validate"]["reason"]


@pytest.mark.parametrize("scenario", ["valid", "mismatch", "sandbox", "malformed", "wrong-key"])
def test_nothing_more_is_asked_where_the_answer_says_enough(
    business: Business, sandbox: str, scenario: str
) -> None:
    post(sender_of(business), scenario)
    assert CertificateCheck.objects.get().operations == ["match_lead"]


def test_nothing_more_is_asked_where_the_check_is_off(business: Business, sandbox: str) -> None:
    assert codes(post(sender_of(business, "off"), "invented")) == ["certificate_not_found"]
    assert CertificateCheck.objects.get().operations == ["match_lead"]


def test_nothing_more_is_asked_without_a_key(business: Business, sandbox: str, settings: Settings) -> None:
    settings.TRUSTEDFORM_API_KEY = ""
    post(sender_of(business), "invented")
    assert CertificateCheck.objects.get().operations == ["page"]


@pytest.mark.parametrize(
    ("scenario", "effects", "status"),
    [
        ("invented", {"certificate_not_found": "hold"}, 400),
        ("expired", {"certificate_not_found": "hold", "certificate_expired": "warn"}, "audit"),
        ("expired", {"certificate_not_found": "off", "certificate_expired": "off"}, "accepted"),
        ("validate-odd", {"certificate_not_found": "hold"}, "audit"),
    ],
)
def test_each_has_its_own_effect_and_none_a_milder_one_than_what_is_not_found(
    business: Business, sandbox: str, scenario: str, effects: dict[str, str], status: int | str
) -> None:
    assert post(sender_of(business, **effects), scenario)["status"] == status


def test_an_invented_one_that_only_warns_is_refused_as_not_found(business: Business, sandbox: str) -> None:
    assert codes(post(sender_of(business, "warn"), "invented")) == ["certificate_invented"]
    assert not Lead.objects.exists()


def test_both_questions_are_answered_within_the_time_of_one(
    business: Business, sandbox: str, settings: Settings
) -> None:
    settings.TRUSTEDFORM_TIMEOUT = (0.3, 0.5)
    started = monotonic()
    assert codes(post(sender_of(business), "validate-hang")) == ["certificate_not_found"]
    assert monotonic() - started < 1.5
    assert CertificateCheck.objects.get().outcome == "not_found"


def test_both_questions_are_counted(business: Business, sandbox: str) -> None:
    sender = sender_of(business)
    post(sender, "invented")
    post(sender, "valid")
    count_calls(datetime.now(UTC).date())
    counted = dict(CertificateCalls.objects.values_list("operation", "calls"))
    assert counted == {"match_lead": 2, "validate": 1}


def test_that_we_may_not_ask_is_an_alarm_and_not_the_leads_fault(business: Business, sandbox: str) -> None:
    with capture_logs() as logs:
        post(sender_of(business), "validate-forbidden")
    assert [line["status"] for line in logs if line["log_level"] == "error"] == [403]
    look_for_trouble(now=timezone.now())
    trouble = ServiceTrouble.objects.get()
    assert (trouble.kind, trouble.http_status) == ("misconfigured", 403)
    assert "Validate" in trouble.reason


def test_a_lead_that_waited_for_trustedform_is_told_apart_too(
    business: Business, sandbox: str, settings: Settings
) -> None:
    there, settings.TRUSTEDFORM_URL = settings.TRUSTEDFORM_URL, "http://127.0.0.1:9"
    lead = take_in(sender_of(business), trustedFormUrl=certificate("invented"))
    settings.TRUSTEDFORM_URL = there
    recheck_lead(lead, now=timezone.now())
    lead.refresh_from_db()
    assert (lead.status, lead.trusted_form_outcome) == ("refused", "invented")
