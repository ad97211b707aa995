"""What a source can look up with its own credentials."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.tokens import issue_token
from leadping.models import Event
from leadping.verdicts import Effect
from leads.lifecycle import refuse_lead, release_lead
from leads.models import Lead, Submission
from sources.approval import revoke_approval
from sources.credentials import revoke_credential
from sources.lifecycle import change_source, pause_source
from tests.senders import Answer, Sender, certificate, flat_lead
from tests.situations import REASON, SenderFactory, let_one_pass, recheck_lead, take_in

pytestmark = pytest.mark.django_db


def look_up(sender: Sender, path: str) -> Answer:
    return sender.client.get(path, headers=sender.credentials)


def submission_of(answer: Answer) -> str:
    return f"/submissions/{answer.json()['submissionId']}"


def reasons(sender: Sender, submission: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = look_up(sender, submission).json()["lead"]["reasons"]
    return told


def hold_a_lead(sender: Sender, *, scenario: str) -> tuple[Lead, str]:
    """A held lead, and the address of its submission."""
    answer = sender.post(flat_lead(trustedFormUrl=certificate(scenario)))
    assert answer.json()["status"] == "audit"
    return Lead.named(answer.json()["id"]).get(), submission_of(answer)


def test_an_accepted_submission_tells_what_was_answered_and_its_lead(waived_sender: Sender) -> None:
    answer = waived_sender.post()
    submission = Submission.objects.get()

    told = look_up(waived_sender, submission_of(answer))

    assert told.json() == {
        "id": submission.public_id,
        "receivedAt": submission.received_at.isoformat().replace("+00:00", "Z"),
        "httpStatus": 201,
        "answer": answer.json(),
        "lead": {"id": answer.json()["id"], "status": "accepted", "reasons": []},
        "judgedAgain": None,
    }


def test_a_refused_submission_has_no_lead(waived_sender: Sender) -> None:
    answer = waived_sender.post(flat_lead(email="nobody@"))

    told = look_up(waived_sender, submission_of(answer)).json()

    assert (told["httpStatus"], told["answer"], told["lead"]) == (400, answer.json(), None)


def test_a_held_lead_tells_why_it_is_held(sender: Sender, sandbox: str) -> None:
    _, submission = hold_a_lead(sender, scenario="mismatch")

    assert reasons(sender, submission) == [
        {
            "code": "certificate_mismatch",
            "field": "trustedFormUrl",
            "message": "The certificate does not show the lead's phone or email.",
            "hint": None,
        }
    ]


def test_a_released_lead_has_no_reasons_any_more(sender: Sender, sandbox: str) -> None:
    lead, submission = hold_a_lead(sender, scenario="mismatch")
    let_one_pass(lead.business)

    release_lead(lead, by="tests", reason="The person confirmed.", now=timezone.now())

    told = look_up(sender, submission).json()["lead"]
    assert told == {"id": lead.public_id, "status": "accepted", "reasons": []}


def test_a_lead_refused_by_a_person_tells_what_it_was_held_for_and_nothing_internal(
    sender: Sender, sandbox: str
) -> None:
    lead, submission = hold_a_lead(sender, scenario="mismatch")

    refuse_lead(lead, by="tests", reason="An internal remark.", now=timezone.now())

    assert [reason["code"] for reason in reasons(sender, submission)] == ["certificate_mismatch"]
    assert "internal" not in look_up(sender, submission).content.decode()


def test_a_lead_refused_when_trustedform_was_asked_again_tells_its_answer(
    sender: Sender, sandbox: str
) -> None:
    lead, submission = hold_a_lead(sender, scenario="error")
    Lead.objects.update(trusted_form_url=certificate("expired"))
    lead.refresh_from_db()

    recheck_lead(lead, now=timezone.now())

    assert [reason["code"] for reason in reasons(sender, submission)] == ["certificate_not_found"]


def test_a_lead_kept_as_a_duplicate_tells_of_which(business: Business) -> None:
    sender = SenderFactory.create(business=business, waived=True, settings__duplicate_rule=Effect.KEEP)
    first = take_in(sender, email="first@example.com")
    answer = sender.post(flat_lead(email="second@example.com"))

    (reason,) = reasons(sender, submission_of(answer))

    assert reason["code"] == "duplicate_lead"
    assert first.public_id in reason["message"]


def test_a_replay_tells_the_lead_of_the_first_request(sender: Sender, sandbox: str) -> None:
    lead = flat_lead(externalId="88391", trustedFormUrl=certificate("mismatch"))
    first = sender.post(lead)
    sender.post(lead)
    replay = Submission.objects.get(outcome=Submission.Outcome.REPLAYED)

    told = look_up(sender, f"/submissions/{replay.public_id}").json()

    assert told["answer"] == first.json()
    assert told["lead"]["id"] == first.json()["id"]
    assert [reason["code"] for reason in told["lead"]["reasons"]] == ["certificate_mismatch"]


def test_a_submission_of_another_source_is_not_found(waived_sender: Sender, business: Business) -> None:
    neighbour = SenderFactory.create(business=business, waived=True)
    answer = waived_sender.post()

    told = look_up(neighbour, submission_of(answer))

    assert (told.status_code, told.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["sub_nonsense", "lead_01kv301hg3e6jrv97szgy6v9eq", "0", "%00"])
def test_what_is_no_submission_is_not_found(waived_sender: Sender, name: str) -> None:
    assert look_up(waived_sender, f"/submissions/{name}").status_code == 404


def test_a_source_reads_what_it_is_approved_for(business: Business) -> None:
    sender = SenderFactory.create(
        business=business,
        name="Quote form",
        terms__states=["TX", "OK"],
        terms__products=["Final expense"],
        settings__rate_per_minute=100,
    )

    assert look_up(sender, "/source").json() == {
        "id": sender.source.public_id,
        "name": "Quote form",
        "enabled": True,
        "approved": True,
        "approvedUntil": None,
        "termsVersion": 1,
        "states": ["TX", "OK"],
        "products": ["Final expense"],
        "verticals": [],
        "trustedForm": "required",
        "limits": {"ratePerMinute": 100, "timeZone": "America/New_York", "caps": {}, "schedule": None},
    }


def test_an_approved_exception_makes_trustedform_optional(waived_sender: Sender) -> None:
    assert look_up(waived_sender, "/source").json()["trustedForm"] == "optional"


def test_without_approval_there_are_no_terms_to_tell(sender: Sender) -> None:
    revoke_approval(sender.source, by="tests", reason="Bad leads.", now=timezone.now())

    told = look_up(sender, "/source").json()

    assert told["approved"] is False
    assert {told[name] for name in ("termsVersion", "states", "products", "trustedForm")} == {None}


def test_a_source_that_may_not_send_can_still_read_why(sender: Sender) -> None:
    change_source(sender.source, {"enabled": False}, by="tests", reason=REASON, now=timezone.now())

    told = look_up(sender, "/source")

    assert (told.status_code, told.json()["enabled"]) == (200, False)


def test_a_paused_source_is_not_enabled(sender: Sender) -> None:
    pause_source(sender.source, by="tests", reason="Too many refusals.", now=timezone.now())

    assert look_up(sender, "/source").json()["enabled"] is False


def test_look_ups_leave_no_submission(waived_sender: Sender) -> None:
    look_up(waived_sender, "/source")
    look_up(waived_sender, "/submissions/sub_nonsense")

    assert not Submission.objects.exists()


def by_query(sender: Sender) -> dict[str, Any]:
    return {"query_params": {"sourceId": sender.source.public_id, "apiKey": sender.issued.api_key}}


def by_basic(sender: Sender) -> dict[str, Any]:
    pair = f"{sender.issued.api_key}:{sender.issued.api_secret}".encode()
    return {"headers": {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}}


def by_bearer(sender: Sender) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {sender.issued.api_key}"}}


@pytest.mark.parametrize("form", [by_query, by_basic, by_bearer])
def test_every_form_of_credentials_opens_the_look_ups(
    sender: Sender, form: Callable[[Sender], dict[str, Any]]
) -> None:
    assert Client().get("/source", **form(sender)).status_code == 200


def test_without_credentials_the_answer_says_which_forms_there_are(client: Client) -> None:
    answer = client.get("/source")

    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_missing")
    assert "Basic" in answer["WWW-Authenticate"]


def test_a_revoked_key_is_refused_at_once(sender: Sender) -> None:
    look_up(sender, "/source")

    revoke_credential(sender.issued.credential, by="tests", reason="Leaked.", now=timezone.now())

    assert look_up(sender, "/source").json()["code"] == "credentials_invalid"


@pytest.mark.parametrize("path", ["/source", "/submissions/sub_nonsense"])
def test_failed_authentication_is_counted_as_at_the_doors(sender: Sender, path: str) -> None:
    headers = {**sender.credentials, "X-Leadping-Source-Key": "lp_wrong"}
    for _ in range(2):
        assert sender.client.get(path, headers=headers).status_code == 401

    counted = Event.objects.filter(kind="authentication.failed", subject=sender.source.public_id)
    assert sum(counted.values_list("count", flat=True)) == 2


@pytest.mark.parametrize("path", ["/source", "/source/", "/submissions/sub_x", "/submissions/sub_x/"])
def test_addresses_are_read_only_and_say_so(sender: Sender, path: str) -> None:
    refused = sender.client.post(path, headers=sender.credentials)

    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert refused["Allow"] == "GET, HEAD, OPTIONS"
    assert refused["X-Request-Id"] == refused.json()["requestId"]


def test_a_user_token_does_not_open_the_look_ups(sender: Sender, owner: User) -> None:
    token = issue_token(owner, "report", reason=REASON, now=timezone.now(), lifetime=timedelta(days=1))

    assert Client().get("/source", headers={"Authorization": f"Bearer {token}"}).status_code == 401
