"""Trying a request without sending a lead."""

from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest

from compliance.calls import count_calls
from compliance.models import Certificate, CertificateCalls, CertificateCheck, DryRunCall
from compliance.trustedform import guard
from conversations.models import Conversation
from leadping.models import Event
from leads.models import Lead, Submission
from tests.senders import Sender, certificate, codes, flat_lead
from tests.situations import SenderFactory


def without_ids(body: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in body.items()
        if name not in {"id", "submissionId", "requestId", "createdAt", "dryRun"}
    }


def test_the_answer_is_that_of_the_real_request_but_for_status_and_id(waived_sender: Sender) -> None:
    sent = flat_lead(zip="90210", favouriteColour="blue")
    dry = waived_sender.post(sent, Leadping_Dry_Run="true")
    real = waived_sender.post(sent)
    assert (dry.status_code, real.status_code) == (200, 201)
    assert (dry.json()["id"], dry.json()["dryRun"], "dryRun" in real.json()) == (None, True, False)
    assert without_ids(dry.json()) == without_ids(real.json())


def test_a_refusal_is_that_of_the_real_request(sender: Sender) -> None:
    sent = flat_lead(state="Texass", trustedFormUrl=None)
    dry = sender.post(sent, Leadping_Dry_Run="true")
    real = sender.post(sent)
    assert (dry.status_code, dry.json()["dryRun"]) == (real.status_code, True)
    assert without_ids(dry.json()) == without_ids(real.json())


@pytest.mark.parametrize("mode", ["true", "full", " TRUE "])
def test_nothing_is_stored_but_the_submission(sender: Sender, sandbox: str, mode: str) -> None:
    events = Event.objects.count()
    assert sender.post(flat_lead(), Leadping_Dry_Run=mode).status_code == 200
    submission = Submission.objects.get()
    assert (submission.dry_run, submission.outcome, submission.http_status, submission.lead_id) == (
        True,
        "accepted",
        200,
        None,
    )
    left = [Lead, Conversation, Certificate, CertificateCheck]
    assert [model._default_manager.count() for model in left] == [0, 0, 0, 0]
    assert Event.objects.count() == events


def test_trustedform_is_not_asked_and_the_answer_says_so(sender: Sender, sandbox: str) -> None:
    body = sender.post(flat_lead(trustedFormUrl=certificate("not-found")), Leadping_Dry_Run="true").json()
    assert (body["status"], body["trustedForm"]["outcome"]) == ("accepted", "unasked")
    assert [item["code"] for item in body["warnings"]] == ["certificate_unasked"]


@pytest.mark.parametrize(("scenario", "status"), [("valid", 200), ("mismatch", 200), ("not-found", 400)])
def test_a_full_dry_run_asks_trustedform(sender: Sender, sandbox: str, scenario: str, status: int) -> None:
    sent = flat_lead(trustedFormUrl=certificate(scenario))
    dry, real = sender.post(sent, Leadping_Dry_Run="full"), sender.post(sent)
    assert dry.status_code == status
    assert without_ids(dry.json()) == without_ids(real.json())


@pytest.mark.django_db
def test_a_source_that_is_not_approved_yet_is_judged_by_its_latest_draft() -> None:
    sender = SenderFactory.create(approved=False, waived=True, terms__states=["OK"])
    refused = sender.post(flat_lead(state="TX"), Leadping_Dry_Run="true")
    passing = sender.post(flat_lead(state="OK"), Leadping_Dry_Run="true")
    real = sender.post(flat_lead(state="OK"))
    assert (refused.status_code, codes(refused)) == (400, ["state_not_allowed"])
    assert passing.status_code == 200
    assert (real.status_code, codes(real)) == (400, ["source_not_approved"])
    terms = sender.source.terms.get()
    assert Submission.objects.filter(dry_run=True, terms=terms).count() == 2


@pytest.mark.parametrize("mode", ["yes", "1", "false", "fulll"])
def test_another_value_is_refused_rather_than_taken_for_a_real_lead(waived_sender: Sender, mode: str) -> None:
    response = waived_sender.post(flat_lead(), Leadping_Dry_Run=mode)
    assert (response.status_code, codes(response)) == (400, ["dry_run_invalid"])
    assert not Lead.objects.exists()


def test_an_empty_value_is_a_real_lead(waived_sender: Sender) -> None:
    assert waived_sender.post(flat_lead(), Leadping_Dry_Run="").status_code == 201


def test_a_full_dry_run_is_counted_and_marked_as_one(sender: Sender, sandbox: str) -> None:
    for mode in ("full", "full", "true"):
        sender.post(flat_lead(trustedFormUrl=certificate()), Leadping_Dry_Run=mode)
    sender.post(flat_lead(trustedFormUrl=certificate()))
    for _ in range(2):
        count_calls(datetime.now(UTC).date())
        counted = CertificateCalls.objects.filter(source=sender.source.public_id)
        assert dict(counted.values_list("operation", "calls")) == {"match_lead": 1, "dry run: match_lead": 2}


def test_a_full_dry_run_of_which_nobody_was_asked_counts_nothing(sender: Sender, sandbox: str) -> None:
    guard.GUARD.breaker.open(monotonic(), wait=60)
    sender.post(flat_lead(trustedFormUrl=certificate()), Leadping_Dry_Run="full")
    assert not DryRunCall.objects.exists()
