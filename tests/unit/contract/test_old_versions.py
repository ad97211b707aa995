"""The contract about answers of old versions: ours to mend, never the lead's fault, and never believed."""

from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer

from compliance.certificates import judge_certificate
from compliance.checks.demands import Claim, Demands
from compliance.checks.facts import NOTHING_SHOWN
from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.retain import is_ours, read_kept
from leadping.verdicts import Effect
from tests.unit.asking import ask_at
from tests.unit.contract.old_shapes import OLD_SHAPES

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
IN_SANDBOX = {title: name for title, (_, _, name) in OLD_SHAPES.items() if name}


def sent(title: str, httpserver: HTTPServer) -> CertificateAnswer:
    status, said, _ = OLD_SHAPES[title]
    httpserver.expect_request("/some-id", method="POST").respond_with_json(said, status=status)
    return ask_at(httpserver.url_for("").rstrip("/"), "some-id")


@pytest.mark.parametrize("title", OLD_SHAPES)
def test_an_answer_of_an_old_version_is_our_configuration(title: str, httpserver: HTTPServer) -> None:
    answer = sent(title, httpserver)
    assert (answer.outcome, answer.http_status) == (Outcome.MISCONFIGURED, OLD_SHAPES[title][0])
    assert "4.0" in answer.reason


@pytest.mark.parametrize("title", OLD_SHAPES)
def test_nothing_of_it_is_believed_and_all_of_it_kept(title: str, httpserver: HTTPServer) -> None:
    answer = sent(title, httpserver)
    assert (answer.facts, answer.expires_at) == (NOTHING_SHOWN, None)
    assert (answer.phone_match, answer.email_match) == (None, None)
    assert answer.raw == OLD_SHAPES[title][1]


@pytest.mark.parametrize("title", OLD_SHAPES)
@pytest.mark.parametrize("outage", [Effect.HOLD, Effect.REFUSE])
def test_the_outage_policy_decides_about_the_lead(title: str, outage: Effect, httpserver: HTTPServer) -> None:
    demands = Demands(outage=outage)
    [verdict] = judge_certificate(sent(title, httpserver), claim=Claim(), demands=demands, now=NOW)
    assert (verdict.code, verdict.effect) == ("certificate_unavailable", outage)


@pytest.mark.parametrize("title", OLD_SHAPES)
def test_it_says_of_no_certificate_that_it_is_retained(title: str, httpserver: HTTPServer) -> None:
    answer = sent(title, httpserver)
    assert (read_kept(answer), is_ours(answer)) == (None, True)


@pytest.mark.parametrize("title", IN_SANDBOX)
def test_the_sandbox_answers_so_too(title: str, sandbox: str) -> None:
    status, said, name = OLD_SHAPES[title]
    answer = ask_at(sandbox, name)
    assert (answer.outcome, answer.http_status) == (Outcome.MISCONFIGURED, status)
    assert answer.raw.keys() <= said.keys()
    assert answer.raw["cert"].keys() <= said["cert"].keys()
