"""What a certificate's URL and TrustedForm's answer mean for the lead."""

from datetime import UTC, datetime

import pytest

from compliance.certificates import judge_certificate, judge_url, stated_outcome
from compliance.checks.demands import Claim, Demands
from compliance.trustedform.answers import CertificateAnswer, Outcome
from leadping.verdicts import Effect, Verdict

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef01234567"
URL = f"https://cert.trustedform.com/{ID}"


def answer(outcome: Outcome) -> CertificateAnswer:
    return CertificateAnswer(outcome, "", "cert.trustedform.com", 12)


def judge(outcome: Outcome, outage: Effect) -> list[Verdict]:
    return judge_certificate(answer(outcome), claim=Claim(), demands=Demands(outage=outage), now=NOW)


def test_a_certificate_to_ask_about_comes_out_normalised() -> None:
    certificate, verdicts = judge_url(f" http://cert.trustedform.com/{ID}/?a=b ", required=True)
    assert certificate
    assert (certificate.url, certificate.id) == (URL, ID)
    assert [(verdict.code, verdict.passed) for verdict in verdicts] == [("certificate_missing", True)]


@pytest.mark.parametrize(("required", "passes"), [(True, False), (False, True)])
def test_a_certificate_may_be_missing_only_by_an_approved_exception(required: bool, passes: bool) -> None:
    certificate, [verdict] = judge_url("", required=required)
    assert (certificate, verdict.code, verdict.passed) == (None, "certificate_missing", passes)


@pytest.mark.parametrize(("required", "effect"), [(True, Effect.REFUSE), (False, Effect.WARN)])
def test_a_bad_certificate_refuses_only_where_one_is_required(required: bool, effect: Effect) -> None:
    certificate, [verdict] = judge_url("https://example.com/x.png", required=required)
    assert (certificate, verdict.code, verdict.effect) == (None, "certificate_wrong_host", effect)
    assert verdict.field == "trusted_form_url"


def test_of_a_comma_list_the_first_is_taken_with_a_warning() -> None:
    certificate, verdicts = judge_url(f"{URL},https://example.com", required=True)
    assert certificate
    assert certificate.url == URL
    assert [verdict.code for verdict in verdicts if not verdict.passed] == ["certificate_several"]


@pytest.mark.parametrize(
    ("outcome", "code", "effect"),
    [
        (Outcome.VERIFIED, "certificate_mismatch", None),
        (Outcome.REACHABLE, "certificate_not_found", None),
        (Outcome.NOT_FOUND, "certificate_not_found", Effect.REFUSE),
        (Outcome.MALFORMED, "certificate_malformed", Effect.REFUSE),
        (Outcome.NOT_CLAIMABLE, "certificate_not_claimable", Effect.REFUSE),
        (Outcome.MISMATCH, "certificate_mismatch", Effect.HOLD),
        (Outcome.OVERCLAIMED, "certificate_overclaimed", Effect.HOLD),
    ],
)
@pytest.mark.parametrize("outage", [Effect.HOLD, Effect.REFUSE])
def test_an_answer_has_its_effect_whatever_the_outage_policy(
    outcome: Outcome, code: str, effect: Effect | None, outage: Effect
) -> None:
    [verdict] = judge(outcome, outage)
    assert (verdict.code, None if verdict.passed else verdict.effect) == (code, effect)


@pytest.mark.parametrize("outcome", [Outcome.UNAVAILABLE, Outcome.MISCONFIGURED, Outcome.UNKNOWN])
@pytest.mark.parametrize("outage", [Effect.HOLD, Effect.REFUSE])
def test_while_nothing_is_known_the_outage_policy_decides(outcome: Outcome, outage: Effect) -> None:
    [verdict] = judge(outcome, outage)
    assert (verdict.code, verdict.effect) == ("certificate_unavailable", outage)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_word_for_the_sender(outcome: Outcome) -> None:
    pending = outcome in {Outcome.UNAVAILABLE, Outcome.MISCONFIGURED, Outcome.UNKNOWN}
    assert stated_outcome(answer(outcome)) == ("pending" if pending else outcome.value)
