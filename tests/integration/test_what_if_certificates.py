"""What if a source had other checks of certificates: the answers of the past, judged by other demands."""

from typing import Any

import pytest
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import WhatIf
from leads.whatif.asking import ask_settings
from leads.whatif.jobs import try_on_the_past
from sources.models import Source
from tests.senders import Sender, certificate, flat_lead
from tests.situations import SenderFactory


def try_settings(sender: Sender, **changes: Any) -> WhatIf:
    source = Source.objects.get(pk=sender.source.pk)
    trial = ask_settings(source, changes, 7, by="user_1", now=timezone.now())
    try_on_the_past(what_if_id=trial.public_id)
    trial = WhatIf.objects.get(pk=trial.pk)
    assert (trial.status, trial.failure) == ("done", "")
    return trial


def outcomes(trial: WhatIf) -> dict[tuple[str, str], int]:
    return {(one["before"], one["after"]): one["count"] for one in trial.result["changes"]}


@pytest.fixture
def watching(business: Business, sandbox: str) -> Sender:
    """Asks for the age and how each form was filled in, and only warns."""
    sender: Sender = SenderFactory.create(
        business=business,
        settings__certificate_too_old_effect="warn",
        settings__certificate_too_fast_effect="warn",
    )
    for scenario in ("valid", "old", "fast", "phone-only", "email-only"):
        sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    return sender


def test_another_effect_of_a_check_that_was_on_is_foreseen(watching: Sender) -> None:
    trial = try_settings(watching, certificate_too_old_effect="refuse")
    assert outcomes(trial) == {("accepted", "accepted"): 4, ("accepted", "refused"): 1}
    assert trial.result["newly"] == {"certificate_too_old": 1}
    assert trial.result["would_ask"] == 0


def test_another_limit_is_held_against_what_the_certificate_showed(watching: Sender) -> None:
    trial = try_settings(watching, certificate_too_fast_effect="hold", certificate_seconds_least=31)
    assert outcomes(trial) == {("accepted", "audit"): 5}


def test_a_phone_that_must_match_is_known_without_asking(watching: Sender) -> None:
    trial = try_settings(watching, certificate_phone_mismatch_effect="refuse")
    assert outcomes(trial) == {("accepted", "accepted"): 4, ("accepted", "refused"): 1}
    assert trial.result["would_ask"] == 0


def test_what_nobody_asked_is_counted_as_to_be_asked_and_taken_for_good(watching: Sender) -> None:
    trial = try_settings(watching, certificate_masked_effect="refuse")
    assert outcomes(trial) == {("accepted", "accepted"): 5}
    assert trial.result["would_ask"] == 5


def test_a_lead_that_was_refused_by_a_check_would_have_been_taken_without_it(
    business: Business, sandbox: str
) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_pasted_effect="refuse")
    assert sender.post(flat_lead(trustedFormUrl=certificate("pasted"))).status_code == 400
    trial = try_settings(sender, certificate_pasted_effect="off")
    assert outcomes(trial) == {("refused", "accepted"): 1}
    assert trial.result["no_longer"] == {"certificate_pasted": 1}


def test_whether_it_was_invented_would_have_to_be_asked(business: Business, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_not_found_effect="hold")
    for scenario in ("invented", "valid"):
        sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    trial = try_settings(sender, certificate_invented_effect="refuse")
    assert outcomes(trial) == {("audit", "audit"): 1, ("accepted", "accepted"): 1}
    assert trial.result["would_ask"] == 1


def test_what_was_found_to_be_invented_stays_known(business: Business, sandbox: str) -> None:
    sender = SenderFactory.create(
        business=business,
        settings__certificate_not_found_effect="hold",
        settings__certificate_invented_effect="hold",
        settings__certificate_expired_effect="hold",
    )
    for scenario in ("invented", "gone"):
        sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    trial = try_settings(sender, certificate_invented_effect="refuse")
    assert outcomes(trial) == {("audit", "refused"): 1, ("audit", "audit"): 1}
    assert trial.result["would_ask"] == 0
    without = try_settings(sender, certificate_invented_effect="off", certificate_not_found_effect="off")
    assert outcomes(without) == {("audit", "accepted"): 2}
