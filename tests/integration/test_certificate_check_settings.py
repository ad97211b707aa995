"""The settings of a source's certificate checks, and what a lead's page tells of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from compliance.models import CertificateCheck, ServiceTrouble
from compliance.troubles import look_for_trouble
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from sources.admin.forms import SettingsForm
from sources.admin.plain_words import describe_settings, list_checks
from sources.lifecycle import SourceError, change_settings
from sources.models import SourceSettings
from sources.models.certificate_checks import EFFECT_COLUMNS
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, SenderFactory, recheck_lead, take_in


@pytest.mark.parametrize("column", EFFECT_COLUMNS)
def test_the_database_knows_the_effects_of_each_check(sender: Sender, column: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceSettings.objects.update(**{column: "sell"})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("certificate_age_minutes", 0),
        ("certificate_seconds_least", 3601),
        ("certificate_keys_per_minute_most", 0),
        ("certificate_font_px_least", 101),
        ("certificate_contrast_least", "0.5"),
        ("certificate_opt_in_types", ["telepathy"]),
    ],
)
def test_a_limit_out_of_range_is_refused_by_verb_and_database(
    sender: Sender, column: str, value: Any
) -> None:
    with pytest.raises(SourceError):
        change_settings(sender.source.settings, {column: value}, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceSettings.objects.update(**{column: value})


def test_every_setting_of_a_check_is_in_the_form_with_help() -> None:
    fields = SettingsForm.base_fields
    ours = {
        field.name for field in SourceSettings._meta.local_fields if field.name.startswith("certificate_")
    }
    assert ours <= fields.keys()
    assert all(fields[name].help_text for name in ours)
    assert not any((fields[name].label or "").startswith("Certificate ") for name in ours)


def test_what_is_off_is_not_told_with_its_limits(business: Business) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_too_old_effect="hold")
    told = {name: value for _, said in describe_settings(sender.source.settings) for name, value in said}
    assert (told["Too old"], told["Minutes at most"]) == ("Hold for audit", "20")
    assert not {"Masked", "Seconds on the page at least", "Ask when it expires"} & told.keys()


def test_a_reviewer_reads_which_faults_of_a_certificate_have_which_effect(business: Business) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_masked_effect="warn")
    assert sender.source.terms_in_force
    told = " ".join(list_checks(sender.source.terms_in_force, sender.source.settings))
    assert "A lead is refused where its certificate has one of these faults: no such certificate" in told
    assert "A lead is taken with a warning where its certificate has one of these faults: masked." in told


def test_a_leads_page_tells_what_was_compared_and_what_was_found(
    client: Client, member: Callable[[Role], User], business: Business, sandbox: str
) -> None:
    sender = SenderFactory.create(
        business=business,
        settings__certificate_bot_effect="hold",
        settings__certificate_other_ip_effect="warn",
    )
    lead = take_in(sender, trustedFormUrl=certificate("bot"))
    client.force_login(member(Role.COMPLIANCE))
    page = client.get(f"/workspace/leads/{lead.public_id}/").content.decode()
    assert "Program seen at work" in page
    assert "A program was seen at work in the form." in page
    assert "The lead came without one." in page


def test_what_is_found_when_trustedform_is_asked_again_stays_beside_the_answer(
    business: Business, sandbox: str, settings: Settings
) -> None:
    effects = {"settings__certificate_bot_effect": "hold", "settings__certificate_masked_effect": "hold"}
    sender = SenderFactory.create(business=business, **effects)
    there, settings.TRUSTEDFORM_URL = settings.TRUSTEDFORM_URL, "http://127.0.0.1:9"
    lead = take_in(sender, trustedFormUrl=certificate("bot"))
    settings.TRUSTEDFORM_URL = there
    recheck_lead(lead, now=timezone.now())
    lead.refresh_from_db()
    assert (lead.status, lead.held_for) == ("audit", ["certificate_bot"])
    check = CertificateCheck.objects.latest("id")
    assert [(found["code"], found["passed"]) for found in check.findings] == [
        ("certificate_mismatch", True),
        ("certificate_masked", True),
        ("certificate_bot", False),
    ]


def test_one_source_without_its_product_is_trouble_among_many_good_answers(
    business: Business, sandbox: str
) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_masked_effect="warn")
    for number, scenario in enumerate(["unavailable-product", *["valid"] * 4]):
        take_in(sender, trustedFormUrl=certificate(scenario), phone=f"+1512555010{number}")
    look_for_trouble(now=timezone.now())
    trouble = ServiceTrouble.objects.get()
    assert (trouble.kind, trouble.reason) == (
        "misconfigured",
        "Unavailable product requested: insights",
    )
