"""A source that changes between judging and recording: the old judgement stores nothing."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client import REGISTRY

from compliance.models import CertificateCheck
from compliance.trustedform import guard
from compliance.trustedform.answers import CertificateAnswer
from leads.intake.answers import Reply
from leads.intake.case import Case
from leads.intake.examine import examine
from leads.intake.receive import receive
from leads.intake.record import SourceMoved, record
from leads.models import Lead, Submission
from sources.approval import revoke_approval
from sources.authentication import Presented, authenticate
from sources.credentials import revoke_credential
from sources.lifecycle import change_settings, change_source, delete_source, pause_source
from sources.models import Credential
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, codes, flat_lead
from tests.situations import BY, REASON, SenderFactory, change_terms

Change = Callable[[Sender], None]

CHANGES: dict[str, tuple[Change, int, str]] = {
    "disabled": (
        lambda sender: change_source(
            sender.source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now()
        ),
        403,
        "source_disabled",
    ),
    "paused": (
        lambda sender: pause_source(sender.source, by=BY, reason=REASON, now=timezone.now()),
        403,
        "source_paused",
    ),
    "detached": (
        lambda sender: change_source(
            sender.source, {"account": None}, by=BY, reason=REASON, now=timezone.now()
        ),
        403,
        "source_unattached",
    ),
    "approval revoked": (
        lambda sender: revoke_approval(sender.source, by=BY, reason=REASON, now=timezone.now()),
        400,
        "source_not_approved",
    ),
    "terms narrowed": (lambda sender: change_terms(sender.source, states=["OK"]), 400, "state_not_allowed"),
    "key revoked": (
        lambda sender: revoke_credential(sender.issued.credential, by=BY, reason=REASON, now=timezone.now()),
        401,
        "credentials_invalid",
    ),
    "deleted": (
        lambda sender: delete_source(sender.source, by=BY, reason=REASON, now=timezone.now()),
        401,
        "credentials_invalid",
    ),
    "rate lowered": (
        lambda sender: change_settings(
            sender.source.settings, {"rate_per_minute": 0}, by=BY, reason=REASON, now=timezone.now()
        ),
        429,
        "rate_exceeded",
    ),
}
changes = pytest.mark.parametrize(("change", "status", "code"), CHANGES.values(), ids=CHANGES.keys())


@changes
def test_a_change_holds_from_the_next_request_on_though_a_copy_is_kept(
    waived_sender: Sender, change: Change, status: int, code: str
) -> None:
    assert waived_sender.post().status_code == 201
    change(waived_sender)
    response = waived_sender.post()
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code)
    assert Lead.objects.count() == 1


@changes
def test_the_judgement_of_before_a_change_stores_nothing(
    waived_sender: Sender, change: Change, status: int, code: str
) -> None:
    arrival = arrival_of(waived_sender, flat_lead())
    credential = authenticate(Presented(waived_sender.issued.api_key), now=arrival.received_at, fresh=True)
    assert isinstance(credential, Credential)
    case = Case(arrival, credential.source, credential)
    examine(case)
    assert case.makes_lead
    change(waived_sender)
    with pytest.raises(SourceMoved):
        record(case)
    assert not Lead.objects.exists()
    assert not Submission.objects.exists()


@pytest.fixture
def post_while(monkeypatch: pytest.MonkeyPatch, sandbox: str) -> Callable[[Change, Sender], Reply]:
    """Gives the answer to a post during whose conversation with TrustedForm the source changes."""
    guarded = guard.GUARD

    def post(change: Change, sender: Sender) -> Reply:
        def ask(*asked: Any, **options: Any) -> CertificateAnswer:
            at_once(1, lambda _: change(sender))
            return guarded.ask(*asked, **options)

        monkeypatch.setattr(guard, "GUARD", SimpleNamespace(ask=ask))
        return receive(arrival_of(sender, flat_lead()))

    return post


@pytest.mark.django_db(transaction=True)
@changes
def test_a_change_while_trustedform_is_asked_is_judged_anew(
    post_while: Callable[[Change, Sender], Reply], change: Change, status: int, code: str
) -> None:
    reply = post_while(change, SenderFactory.create())
    assert (reply.status, f'"code":"{code}"' in reply.body) == (status, True)
    assert not Lead.objects.exists()
    assert list(Submission.objects.values_list("http_status", flat=True)) == (
        [] if status == 401 else [status]
    )


@pytest.mark.django_db(transaction=True)
def test_what_trustedform_said_stays_said_when_a_lead_is_judged_anew(
    post_while: Callable[[Change, Sender], Reply],
) -> None:
    sender = SenderFactory.create()
    before = times_asked()
    reply = post_while(
        lambda sender: change_settings(
            sender.source.settings, {"tags": ["new"]}, by=BY, reason=REASON, now=timezone.now()
        ),
        sender,
    )
    assert (reply.status, Lead.objects.get().tags) == (201, ["new"])
    assert (times_asked() - before, CertificateCheck.objects.count()) == (1, 1)


def times_asked() -> float:
    counted = REGISTRY.get_sample_value("leadping_certificate_checks_total", {"outcome": "verified"})
    return counted or 0.0


def test_a_refusal_is_judged_anew_as_well(sender: Sender) -> None:
    refused = flat_lead(trustedFormUrl=None)
    assert codes(sender.post(refused)) == ["certificate_missing"]
    change_terms(sender.source, trustedform_required=False)
    assert sender.post(refused).status_code == 201
