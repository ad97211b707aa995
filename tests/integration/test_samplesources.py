"""The sample sources that make the console's screens alive."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leadping.accounts.models import Business
from leads.console.example import judge_example
from sources.models import Source, Terms


def test_one_sample_waits_for_a_review_and_one_ends_soon(business: Business) -> None:
    call_command("samplesources", business=business.name)
    [waiting] = Terms.objects.filter(status="submitted")
    [ending] = Terms.objects.filter(status="approved", expires_at__isnull=False)
    assert waiting.source.terms_in_force
    assert ending.expires_at
    assert ending.expires_at - timezone.now() < timedelta(days=14)


def test_the_example_that_waits_shows_what_intake_says_to_a_misnamed_field(business: Business) -> None:
    call_command("samplesources", business=business.name)
    waiting = Terms.objects.get(status="submitted")
    example = judge_example(waiting.source, waiting, now=timezone.now())
    assert example
    assert example.outcome == "refused"
    assert any("Rename “trusted_form” to “trustedFormUrl”" in line.hint for line in example.faults)


def test_samples_are_made_once(business: Business) -> None:
    call_command("samplesources", business=business.name)
    with pytest.raises(CommandError, match="already"):
        call_command("samplesources", business=business.name)
    assert Source.objects.count() == 2


def test_samples_need_a_business(db: None) -> None:
    with pytest.raises(CommandError, match="There is no business"):
        call_command("samplesources", business="Nobody's")
