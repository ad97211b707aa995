"""The checks of certificates in the instructions for a vendor."""

from django.utils import timezone

from leadping.accounts.models import Business
from leads.posting.certificate_checks import SENTENCES, list_certificate_checks
from leads.posting.checks import list_checks
from leads.posting.facts import gather
from sources.models.certificate_checks import EFFECT, EFFECT_COLUMNS
from tests.senders import Sender
from tests.situations import SenderFactory


def sentences_of(sender: Sender) -> dict[str, tuple[str, str]]:
    checks = list_certificate_checks(gather(sender.source, address="https://example.com", now=timezone.now()))
    return {check.codes[0]: (check.sentence, check.effect[0]) for check in checks}


def test_a_vendor_reads_of_the_checks_that_are_on_and_no_others(business: Business) -> None:
    sender = SenderFactory.create(
        business=business,
        settings__certificate_too_old_effect="refuse",
        settings__certificate_age_minutes=45,
        settings__certificate_masked_effect="warn",
        settings__certificate_overclaimed_effect="off",
    )
    assert sentences_of(sender) == {
        "certificate_not_found": ("TrustedForm knows the certificate.", "Refused"),
        "certificate_not_claimable": ("It was not made in TrustedForm's test mode.", "Refused"),
        "certificate_expired": ("It has not expired, where TrustedForm tells when it does.", "Refused"),
        "certificate_mismatch": ("It shows the lead's phone or email.", "Held"),
        "certificate_too_old": (
            "The person was active on the page within the last 45 minutes before the lead comes.",
            "Refused",
        ),
        "certificate_masked": ("The certificate is not masked.", "Warning"),
    }


def test_limits_that_the_terms_give_are_told(business: Business) -> None:
    sender = SenderFactory.create(
        business=business,
        terms__landing_pages=["https://quotes.example.com/a", "https://quotes.example.com/b"],
        terms__websites=["https://example.org"],
        terms__consent_wording="I agree.",
        terms__sender_brand="Acme",
        settings__certificate_other_page_effect="hold",
        settings__certificate_phrase_missing_effect="hold",
        settings__certificate_advertiser_missing_effect="hold",
        settings__certificate_phrase_forbidden_effect="hold",
    )
    told = sentences_of(sender)
    assert "quotes.example.com or example.org" in told["certificate_other_page"][0]
    assert told["certificate_phrase_missing"][0] == "The page shows, word for word: “I agree.”."
    assert "“Acme”" in told["certificate_advertiser_missing"][0]
    assert "certificate_phrase_forbidden" not in told


def test_where_no_certificate_is_needed_none_of_its_checks_is_told(waived_sender: Sender) -> None:
    facts = gather(waived_sender.source, address="https://example.com", now=timezone.now())
    told = {code for check in list_checks(facts) for code in check.codes}
    assert not told & SENTENCES.keys()


def test_every_check_has_a_sentence() -> None:
    assert {f"{code}{EFFECT}" for code in SENTENCES} == set(EFFECT_COLUMNS)
