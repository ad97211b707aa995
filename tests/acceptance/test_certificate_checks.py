"""What comes of the checks of a certificate that a source switches on, at the door and over a real socket."""

import json
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from compliance.models import CertificateCheck, ServiceTrouble
from compliance.troubles import look_for_trouble
from leadping.accounts.models import Business
from leads.models import Lead, Submission
from sources.models import SourceSettings
from sources.models.certificate_checks import EFFECT_COLUMNS
from tests.senders import Sender, certificate, flat_lead
from tests.situations import SenderFactory

PAGES = {"landing_pages": ["https://example.com/quote"], "websites": ["https://www.example.com"]}
CONSENT = {"consent_wording": "I agree to be contacted.", "sender_brand": "Example Insurance"}
PERSON = {"ipAddress": "203.0.113.7", "userAgent": "Mozilla/5.0"}
FORBIDDEN = {"settings__certificate_phrases_forbidden": ["gift card"]}

# The sandbox's certificate that fails a check, and under which field of the lead that is told.
FAULTS = {
    "certificate_phone_mismatch": ("email-only", "phone"),
    "certificate_email_mismatch": ("phone-only", "email"),
    "certificate_too_old": ("old", "trustedFormUrl"),
    "certificate_other_page": ("other-page", "trustedFormUrl"),
    "certificate_masked": ("masked", "trustedFormUrl"),
    "certificate_framed": ("framed", "trustedFormUrl"),
    "certificate_owner_unknown": ("valid", "trustedFormUrl"),
    "certificate_other_ip": ("other-ip", "ipAddress"),
    "certificate_other_state": ("other-state", "state"),
    "certificate_other_device": ("other-device", "userAgent"),
    "certificate_bot": ("bot", "trustedFormUrl"),
    "certificate_too_fast": ("fast", "trustedFormUrl"),
    "certificate_pasted": ("pasted", "trustedFormUrl"),
    "certificate_hidden_content": ("hidden", "trustedFormUrl"),
    "certificate_not_submitted": ("not-submitted", "trustedFormUrl"),
    "certificate_wording_unapproved": ("unapproved", "trustedFormUrl"),
    "certificate_phrase_missing": ("no-consent", "trustedFormUrl"),
    "certificate_phrase_forbidden": ("forbidden-words", "trustedFormUrl"),
    "certificate_advertiser_missing": ("advertiser-missing", "trustedFormUrl"),
    "certificate_opt_in_type": ("pre-selected", "trustedFormUrl"),
    "certificate_small_print": ("small-print", "trustedFormUrl"),
}
# Of a source, and so what they cost it.
ALL_ON = {f"settings__{code}_effect": "hold" for code in FAULTS}


def sender_of(business: Business, **settings: Any) -> Sender:
    terms = {f"terms__{name}": value for name, value in (PAGES | CONSENT).items()}
    return SenderFactory.create(business=business, **terms, **FORBIDDEN, **settings)


def post(sender: Sender, scenario: str, **fields: Any) -> dict[str, Any]:
    lead = flat_lead(**PERSON | {"trustedFormUrl": certificate(scenario)} | fields)
    body: dict[str, Any] = sender.post(lead).json()
    return body


@pytest.mark.parametrize("effect", ["warn", "hold", "refuse", "off"])
@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_has_the_effect_that_its_source_set(
    business: Business, sandbox: str, code: str, effect: str
) -> None:
    scenario, field = FAULTS[code]
    body = post(sender_of(business, **{f"settings__{code}_effect": effect}), scenario)
    told = body.get({"warn": "warnings", "hold": "held", "refuse": "errors", "off": "held"}[effect])
    found = [(item["code"], item["field"]) for item in told or []]
    assert found == ([] if effect == "off" else [(code, field)])
    expected = {"warn": "accepted", "hold": "audit", "refuse": 400, "off": "accepted"}[effect]
    assert body["status"] == expected


def test_a_good_certificate_passes_every_check_at_once(business: Business, sandbox: str) -> None:
    settings = {**ALL_ON, "settings__certificate_asks_expiry": True}
    body = post(sender_of(business, **settings), "owned")
    assert (body["status"], body["held"], body["warnings"]) == ("accepted", [], [])
    verdicts = Submission.objects.get().verdicts
    passed = [one["code"] for one in verdicts if one["code"] in FAULTS and one["passed"]]
    assert passed == list(FAULTS)
    assert not [one for one in verdicts if one.get("detail", "").startswith("Not available")]


def test_several_faults_are_all_told(business: Business, sandbox: str) -> None:
    settings = {
        **dict.fromkeys(("settings__certificate_too_fast_effect",), "hold"),
        **dict.fromkeys(("settings__certificate_mismatch_effect",), "warn"),
        "settings__certificate_phone_mismatch_effect": "refuse",
        "settings__certificate_email_mismatch_effect": "refuse",
    }
    body = post(sender_of(business, **settings), "mismatch")
    assert [error["code"] for error in body["errors"]] == [
        "certificate_phone_mismatch",
        "certificate_email_mismatch",
    ]
    assert [warning["code"] for warning in body["warnings"]] == ["certificate_mismatch"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize("scenario", ["mobile", "meta", "nulls"])
def test_what_a_certificate_does_not_tell_is_never_a_fault(
    business: Business, sandbox: str, scenario: str
) -> None:
    body = post(
        sender_of(business, **{**ALL_ON, "settings__certificate_owner_unknown_effect": "off"}), scenario
    )
    assert (body["status"], body["held"]) == ("accepted", [])
    details = {one["code"]: one.get("detail", "") for one in Submission.objects.get().verdicts}
    assert details["certificate_other_page"].startswith("Not available: the page.")
    assert details["certificate_bot"].startswith("Not available: ")


def test_a_certificate_that_is_compared_with_nobody_is_not_called_verified(
    business: Business, sandbox: str
) -> None:
    body = post(sender_of(business, **ALL_ON), "unmatchable")
    assert (body["status"], body["trustedForm"]["outcome"]) == ("accepted", "unmatched")
    assert CertificateCheck.objects.get().outcome == "unmatched"


def test_a_masked_certificate_is_not_blamed_for_its_disguise(business: Business, sandbox: str) -> None:
    body = post(sender_of(business, settings__certificate_other_page_effect="refuse"), "masked")
    assert body["status"] == "accepted"
    details = {one["code"]: one.get("detail", "") for one in Submission.objects.get().verdicts}
    assert "masked" in details["certificate_other_page"]


def test_by_default_nothing_beyond_the_match_is_asked_for(business: Business, sandbox: str) -> None:
    post(sender_of(business), "valid")
    check = CertificateCheck.objects.get()
    assert (check.operations, set(check.raw)) == (["match_lead"], {"outcome", "reason", "match_lead"})


def test_each_check_is_asked_about_by_itself(business: Business, sandbox: str) -> None:
    settings = {
        "settings__certificate_masked_effect": "warn",
        "settings__certificate_opt_in_type_effect": "warn",
    }
    post(sender_of(business, **settings), "valid")
    check = CertificateCheck.objects.get()
    assert check.operations == ["match_lead", "insights", "verify"]
    assert check.raw["insights"]["properties"].keys() == {"is_masked"}
    assert check.raw["verify"]["opt_in_types_allowed"] == ["manual"]


@pytest.mark.parametrize(
    ("scenario", "setting", "refused"),
    [
        ("no-insights", "certificate_masked_effect", "insights"),
        ("no-verify", "certificate_wording_unapproved_effect", "verify"),
    ],
)
def test_a_product_that_our_plan_lacks_is_an_alarm_and_never_the_leads_fault(
    business: Business, sandbox: str, scenario: str, setting: str, refused: str
) -> None:
    sender = sender_of(business, **{f"settings__{setting}": "refuse"})
    with capture_logs() as logs:
        body = post(sender, scenario)
    assert (body["status"], [item["code"] for item in body["held"]]) == (
        "audit",
        ["certificate_unavailable"],
    )
    [alarm] = [entry for entry in logs if entry["event"] == "TrustedForm refuses our key or plan"]
    assert (alarm["log_level"], alarm["refused"]) == ("error", (refused,))


def test_without_an_api_key_no_check_is_failed(business: Business, sandbox: str, settings: Settings) -> None:
    settings.TRUSTEDFORM_API_KEY = ""
    body = post(sender_of(business, **ALL_ON), "valid")
    assert (body["status"], body["trustedForm"]["outcome"]) == ("accepted", "reachable")


@pytest.mark.parametrize(
    ("scenario", "code", "usual"),
    [
        ("mismatch", "certificate_mismatch", "audit"),
        ("overclaimed", "certificate_overclaimed", "audit"),
        ("expired", "certificate_not_found", 400),
        ("malformed", "certificate_not_found", 400),
        ("sandbox", "certificate_not_claimable", 400),
    ],
)
@pytest.mark.parametrize(("effect", "status"), [("off", "accepted"), ("warn", "accepted"), ("hold", "audit")])
def test_what_trustedform_says_of_the_certificate_itself_has_an_effect_too(
    business: Business, sandbox: str, scenario: str, code: str, usual: Any, effect: str, status: str
) -> None:
    assert post(sender_of(business), scenario)["status"] == usual
    body = post(sender_of(business, **{f"settings__{code}_effect": effect}), scenario)
    assert body["status"] == status
    assert body["trustedForm"]["outcome"] != "verified"


def test_every_effect_is_one_that_this_file_knows() -> None:
    by_itself = {
        *("certificate_not_found", "certificate_not_claimable", "certificate_expired"),
        *("certificate_overclaimed", "certificate_mismatch"),
    }
    # Each has a file of its own.
    elsewhere = {"certificate_invented", "certificate_shared_ip"}
    assert {f"{code}_effect" for code in {*FAULTS, *by_itself, *elsewhere}} == set(EFFECT_COLUMNS)
    assert set(EFFECT_COLUMNS) <= {field.name for field in SourceSettings._meta.get_fields()}


def test_a_batch_is_judged_by_the_same_checks(business: Business, sandbox: str) -> None:
    sender = sender_of(business, settings__certificate_too_fast_effect="refuse")
    leads = [flat_lead(trustedFormUrl=certificate(name)) for name in ("fast", "valid")]
    sent = "\n".join(map(json.dumps, leads)).encode()
    sender.send(sent, path="/leads/batch", content_type="application/x-ndjson").getvalue()
    assert [submission.http_status for submission in Submission.objects.order_by("row_number")] == [400, 201]


@pytest.mark.parametrize("what", ["phone", "email"])
@pytest.mark.parametrize(("effect", "status"), [("warn", "accepted"), ("hold", "audit"), ("refuse", "audit")])
def test_what_the_certificate_has_none_of_is_no_mismatch_and_held_at_most(
    business: Business, sandbox: str, what: str, effect: str, status: str
) -> None:
    body = post(
        sender_of(business, **{f"settings__certificate_{what}_mismatch_effect": effect}), f"{what}-absent"
    )
    told = body["warnings" if effect == "warn" else "held"]
    assert (body["status"], body["trustedForm"]["outcome"]) == (status, "verified")
    assert [(one["code"], one["field"]) for one in told] == [(f"certificate_{what}_absent", what)]


def test_where_nothing_could_be_compared_it_is_said_so(business: Business, sandbox: str) -> None:
    body = post(sender_of(business), "match-null")
    assert [one["code"] for one in body["held"]] == ["certificate_mismatch"]
    assert "neither a phone nor an email to compare with" in body["held"][0]["message"]


@pytest.mark.parametrize("scenario", ["version-2", "version-3"])
def test_an_answer_of_an_old_version_is_an_alarm_and_never_the_leads_fault(
    business: Business, sandbox: str, scenario: str
) -> None:
    with capture_logs() as logs:
        body = post(sender_of(business), scenario)
    assert (body["status"], body["trustedForm"]["outcome"]) == ("audit", "pending")
    assert [one["code"] for one in body["held"]] == ["certificate_unavailable"]
    assert [line["status"] for line in logs if line["log_level"] == "error"] == [201]
    check = CertificateCheck.objects.get()
    assert (check.outcome, check.phone_match, "fingerprints" in check.raw) == ("misconfigured", None, True)
    look_for_trouble(now=timezone.now())
    assert "old version" in ServiceTrouble.objects.get().reason


def test_an_app_tells_the_device_alone(business: Business, sandbox: str) -> None:
    sender = sender_of(business, settings__certificate_other_device_effect="hold")
    iphone = {"userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"}
    body = post(sender, "mobile-android", **iphone)
    assert [one["code"] for one in body["held"]] == ["certificate_other_device"]
