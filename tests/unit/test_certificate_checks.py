"""What is found in what a certificate shows, check by check."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from compliance.checks.check import Evidence
from compliance.checks.demands import Claim, Demands
from compliance.checks.facts import CertificateFacts
from compliance.checks.judging import CHECKS, facts_needed, judge_facts
from compliance.trustedform.operations import PROPERTIES, SCANNED, VERIFIED, build_operations
from leadping.verdicts import Effect, Verdict
from leads.demands import EFFECTS
from leads.intake.payload.shapes import FLAT_PATHS
from leads.intake.problems import CATALOGUE

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
CLAIM = Claim(
    phone="+15125550123", email="jordan@example.com", state="TX", ip="198.51.100.7", user_agent="Firefox"
)
PAGES = ("https://quotes.example.com/start", "https://www.example.org")


def judge(code: str, *, claim: Claim = CLAIM, demands: dict[str, Any] | None = None, **facts: Any) -> Verdict:
    """The finding of the one check that is on."""
    asked = Demands(effects={code: Effect.HOLD}, **(demands or {}))
    [verdict] = judge_facts(Evidence(CertificateFacts(**facts), claim, asked, NOW))
    assert verdict.code == code
    return verdict


def is_unavailable(verdict: Verdict) -> bool:
    return verdict.passed and verdict.detail.startswith("Not available: ")


NO_FINDING = "not available"
FOUND: list[tuple[str, dict[str, Any], bool | str]] = [
    ("certificate_phone_mismatch", {"phone_match": True, "email_match": False}, True),
    ("certificate_phone_mismatch", {"phone_match": False, "email_match": True}, False),
    ("certificate_phone_mismatch", {"comparable": False}, NO_FINDING),
    ("certificate_email_mismatch", {"email_match": True}, True),
    ("certificate_email_mismatch", {"email_match": False, "phone_match": True}, False),
    ("certificate_too_old", {"age_seconds": 1200}, True),
    ("certificate_too_old", {"age_seconds": 1201}, False),
    ("certificate_too_old", {"age_seconds": None}, NO_FINDING),
    ("certificate_expired", {"expires_at": NOW + timedelta(seconds=1)}, True),
    ("certificate_expired", {"expires_at": NOW}, False),
    ("certificate_masked", {"masked": False}, True),
    ("certificate_masked", {"masked": True}, False),
    ("certificate_masked", {}, NO_FINDING),
    ("certificate_framed", {"framed": False}, True),
    ("certificate_framed", {"framed": True}, False),
    ("certificate_framed", {}, NO_FINDING),
    ("certificate_owner_unknown", {"owner": "Example Media"}, True),
    ("certificate_owner_unknown", {"owner": ""}, False),
    ("certificate_owner_unknown", {"owner": None}, NO_FINDING),
    ("certificate_other_ip", {"ip": "198.51.100.7"}, True),
    ("certificate_other_ip", {"ip": "::ffff:198.51.100.7"}, True),
    ("certificate_other_ip", {"ip": "198.51.100.8"}, False),
    ("certificate_other_ip", {"ip": "2001:db8::1"}, NO_FINDING),
    ("certificate_other_ip", {"ip": "somewhere"}, NO_FINDING),
    ("certificate_other_ip", {}, NO_FINDING),
    ("certificate_other_state", {"state": "TX", "country": "US"}, True),
    ("certificate_other_state", {"state": "TX", "country": None}, True),
    ("certificate_other_state", {"state": "OK", "country": "US"}, False),
    ("certificate_other_state", {"state": "TX", "country": "MX"}, False),
    ("certificate_other_state", {}, NO_FINDING),
    ("certificate_other_device", {"user_agent": " Firefox "}, True),
    ("certificate_other_device", {"user_agent": "Chrome"}, False),
    ("certificate_other_device", {}, NO_FINDING),
    ("certificate_other_device", {"system": "Windows"}, NO_FINDING),
    ("certificate_bot", {"bot": False}, True),
    ("certificate_bot", {"bot": True}, False),
    ("certificate_bot", {}, NO_FINDING),
    ("certificate_too_fast", {"seconds_on_page": 5, "keys_per_minute": 1000}, True),
    ("certificate_too_fast", {"seconds_on_page": 4.9}, False),
    ("certificate_too_fast", {"keys_per_minute": 1001}, False),
    ("certificate_too_fast", {"seconds_on_page": 30, "keys_per_minute": None}, True),
    ("certificate_too_fast", {}, NO_FINDING),
    ("certificate_pasted", {"input_methods": ("typing", "paste")}, True),
    ("certificate_pasted", {"input_methods": ("autofill",)}, True),
    ("certificate_pasted", {"input_methods": ("paste", "pre-populated")}, False),
    ("certificate_pasted", {"input_methods": ("paste",)}, False),
    ("certificate_pasted", {"input_methods": ()}, NO_FINDING),
    ("certificate_pasted", {}, NO_FINDING),
    ("certificate_hidden_content", {"hidden_elements": 0}, True),
    ("certificate_hidden_content", {"hidden_elements": 2}, False),
    ("certificate_hidden_content", {}, NO_FINDING),
    ("certificate_not_submitted", {"submitted": True}, True),
    ("certificate_not_submitted", {"submitted": False}, False),
    ("certificate_not_submitted", {}, NO_FINDING),
    ("certificate_wording_unapproved", {"wording_approved": True}, True),
    ("certificate_wording_unapproved", {"wording_approved": False}, False),
    ("certificate_wording_unapproved", {}, NO_FINDING),
    ("certificate_opt_in_type", {"opt_in_allowed": True}, True),
    ("certificate_opt_in_type", {"opt_in_allowed": False}, False),
    ("certificate_opt_in_type", {}, NO_FINDING),
    ("certificate_small_print", {"font_satisfied": True, "contrast_satisfied": None}, True),
    ("certificate_small_print", {"font_satisfied": True, "contrast_satisfied": False}, False),
    ("certificate_small_print", {"font_satisfied": False}, False),
    ("certificate_small_print", {}, NO_FINDING),
]


@pytest.mark.parametrize(("code", "facts", "found"), FOUND)
def test_a_check_finds_a_fault_or_none_or_nothing_to_judge_by(
    code: str, facts: dict[str, Any], found: bool | str
) -> None:
    verdict = judge(code, **facts)
    assert (NO_FINDING if is_unavailable(verdict) else verdict.passed) == found
    if not verdict.passed:
        assert verdict.effect is Effect.HOLD
        assert verdict.hint
        assert verdict.field in FLAT_PATHS


@pytest.mark.parametrize(
    ("page", "parent", "approved"),
    [
        ("https://quotes.example.com/other", None, True),
        ("https://QUOTES.example.com.:443/", None, True),
        ("https://a.quotes.example.com", None, True),
        ("https://example.com", None, False),
        ("https://quotes.example.com.evil.example", None, False),
        ("https://evilquotes.example.com", None, False),
        ("https://example.org", None, True),
        ("https://www.example.org", None, True),
        ("https://user:pw@quotes.example.com@evil.example/", None, False),
        ("https://quotes.example.com", "https://evil.example", False),
        ("https://quotes.example.com", "https://www.example.org", True),
        ("https://quötes.example.com", None, False),
    ],
)
def test_every_page_that_is_named_must_be_approved_by_its_host_or_one_above(
    page: str, parent: str | None, approved: bool
) -> None:
    demands = {"pages": PAGES}
    verdict = judge("certificate_other_page", demands=demands, page_url=page, parent_page_url=parent)
    assert (verdict.passed, is_unavailable(verdict)) == (approved, False)


def test_the_domain_that_the_person_saw_counts_where_no_page_is_told() -> None:
    demands = {"pages": PAGES}
    assert judge("certificate_other_page", demands=demands, domain="quotes.example.com").passed
    assert not judge("certificate_other_page", demands=demands, domain="example.net").passed


@pytest.mark.parametrize(
    ("demands", "facts"),
    [
        ({"pages": PAGES}, {"masked": True, "domain": "disguise.example", "page_url": "https://d.example"}),
        ({"pages": PAGES}, {}),
        ({}, {"page_url": "https://example.com"}),
        ({"pages": PAGES}, {"page_url": "https://[broken"}),
    ],
)
def test_a_page_is_not_judged_where_it_is_disguised_or_unknown(
    demands: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert is_unavailable(judge("certificate_other_page", demands=demands, **facts))


@pytest.mark.parametrize(
    "code", ["certificate_other_ip", "certificate_other_state", "certificate_other_device"]
)
def test_what_the_lead_does_not_say_is_not_compared(code: str) -> None:
    verdict = judge(code, claim=Claim(), ip="198.51.100.7", state="TX", user_agent="Firefox")
    assert is_unavailable(verdict)


@pytest.mark.parametrize("code", ["certificate_phone_mismatch", "certificate_email_mismatch"])
def test_a_lead_without_what_is_demanded_does_not_meet_the_demand(code: str) -> None:
    assert not judge(code, claim=Claim(), phone_match=None, email_match=None).passed


@pytest.mark.parametrize("effect", [Effect.WARN, Effect.HOLD, Effect.REFUSE])
@pytest.mark.parametrize("what", ["phone", "email"])
def test_what_the_certificate_has_none_of_to_compare_is_no_mismatch_and_refuses_nobody(
    what: str, effect: Effect
) -> None:
    demands = Demands(effects={f"certificate_{what}_mismatch": effect})
    [verdict] = judge_facts(Evidence(CertificateFacts(), CLAIM, demands, NOW))
    assert (verdict.code, verdict.passed) == (f"certificate_{what}_absent", False)
    assert verdict.effect is (Effect.WARN if effect is Effect.WARN else Effect.HOLD)
    assert "to compare with" in verdict.detail


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"


@pytest.mark.parametrize(
    ("system", "posted", "passes"),
    [
        ("iOS", IPHONE, True),
        ("iOS", ANDROID, False),
        ("Android", ANDROID, True),
        ("Android", WINDOWS, False),
        ("iPadOS", MAC, True),
        ("Mac OS X", MAC, True),
        ("Mac OS X", IPHONE, False),
        ("Windows", WINDOWS, True),
        ("Linux", ANDROID, False),
    ],
)
def test_where_no_browser_is_told_the_kind_of_device_counts(system: str, posted: str, passes: bool) -> None:
    claim = replace(CLAIM, user_agent=posted)
    assert judge("certificate_other_device", claim=claim, system=system).passed is passes


@pytest.mark.parametrize(("system", "posted"), [("Haiku", WINDOWS), ("Windows", "curl/8.1"), ("", IPHONE)])
def test_a_device_of_no_known_kind_is_not_judged(system: str, posted: str) -> None:
    claim = replace(CLAIM, user_agent=posted)
    assert is_unavailable(judge("certificate_other_device", claim=claim, system=system))


def test_an_ip_address_is_named_in_no_finding() -> None:
    assert "198.51" not in judge("certificate_other_ip", ip="198.51.100.8").detail


@pytest.mark.parametrize(
    ("code", "demands", "facts", "passes"),
    [
        ("certificate_phrase_missing", {"phrases_required": ("I agree",)}, {"phrases_missing": ()}, True),
        (
            "certificate_phrase_missing",
            {"phrases_required": ("I agree",)},
            {"phrases_missing": ("I agree",)},
            False,
        ),
        ("certificate_phrase_forbidden", {"phrases_forbidden": ("$",)}, {"phrases_forbidden": ()}, True),
        ("certificate_phrase_forbidden", {"phrases_forbidden": ("$",)}, {"phrases_forbidden": ("$",)}, False),
        ("certificate_advertiser_missing", {"advertiser": "Acme"}, {"advertiser_named": True}, True),
        ("certificate_advertiser_missing", {"advertiser": "Acme"}, {"advertiser_named": False}, False),
    ],
)
def test_consent_is_held_against_what_is_set(
    code: str, demands: dict[str, Any], facts: dict[str, Any], passes: bool
) -> None:
    verdict = judge(code, demands=demands, **facts)
    assert (verdict.passed, is_unavailable(verdict)) == (passes, False)


@pytest.mark.parametrize(
    "code",
    [
        *("certificate_phrase_missing", "certificate_phrase_forbidden", "certificate_advertiser_missing"),
        "certificate_other_page",
    ],
)
def test_where_nothing_is_set_to_look_for_nothing_is_judged_nor_asked(code: str) -> None:
    assert is_unavailable(judge(code))
    assert facts_needed(Demands(effects={code: Effect.REFUSE})) == frozenset()


def test_a_check_that_is_off_finds_nothing() -> None:
    shown = CertificateFacts(masked=True, bot=True, age_seconds=10**9)
    assert list(judge_facts(Evidence(shown, CLAIM, Demands(effects={}), NOW))) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_check_has_its_setting_its_page_and_only_facts_that_can_be_asked_for(check: Any) -> None:
    assert check.code in EFFECTS
    assert check.code in CATALOGUE
    assert set(check.needs) <= {*PROPERTIES, *VERIFIED, *SCANNED, "phone_match", "email_match", "wordings"}


ASKED: list[tuple[list[str], dict[str, Any], dict[str, Any]]] = [
    ([], {}, {}),
    (["certificate_phone_mismatch", "certificate_email_mismatch"], {}, {}),
    ([], {"asks_expiry": True}, {"insights": {"properties": ["created_at", "expires_at"]}}),
    (["certificate_too_old"], {}, {"insights": {"properties": ["age_seconds"]}}),
    (["certificate_masked"], {}, {"insights": {"properties": ["is_masked"]}}),
    (
        ["certificate_other_page"],
        {"pages": PAGES},
        {"insights": {"properties": ["domain", "is_masked", "page_url", "parent_page_url"]}},
    ),
    (["certificate_other_state"], {}, {"insights": {"properties": ["approx_ip_geo"]}}),
    (
        ["certificate_too_fast", "certificate_bot"],
        {},
        {"insights": {"properties": ["bot_detected", "form_input_kpm", "seconds_on_page"]}},
    ),
    (
        ["certificate_phrase_missing"],
        {"phrases_required": ("I agree",), "phrases_forbidden": ("free",)},
        {"insights": {"properties": [], "scans": {"required": ["I agree"]}}},
    ),
    (["certificate_wording_unapproved"], {}, {"verify": {}}),
    (["certificate_advertiser_missing"], {"advertiser": "Acme"}, {"verify": {"advertiser_name": "Acme"}}),
    (["certificate_opt_in_type"], {}, {"verify": {"opt_in_types_allowed": ["manual"]}}),
    (
        ["certificate_small_print", "certificate_masked"],
        {},
        {
            "insights": {"properties": ["is_masked"]},
            "verify": {"min_contrast_ratio_required": 4.5, "min_font_size_px_required": 13},
        },
    ),
]


@pytest.mark.parametrize(("codes", "limits", "beyond"), ASKED)
def test_only_what_the_active_checks_look_at_is_asked_for(
    codes: list[str], limits: dict[str, Any], beyond: dict[str, Any]
) -> None:
    demands = Demands(effects=dict.fromkeys(codes, Effect.WARN), **limits)
    person = {"phone": "5125550123", "email": "jordan@example.com"}
    assert build_operations(CLAIM, demands, facts_needed(demands)) == {"match_lead": person, **beyond}
