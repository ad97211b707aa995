"""A refused or held submission judged again after a fix: a new attempt beside the old one, which stays."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.models import Event
from leads.importing.taking import count_stored
from leads.lifecycle import refuse_lead
from leads.models import Lead, Submission
from leads.rejudging.asking import ask_many
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.foresight import foresee
from leads.rejudging.jobs import judge_many_again
from leads.rejudging.many import read_progress
from leads.rejudging.verbs import judge_again
from sources.lifecycle import change_settings, change_source, pause_source, resume_source
from tests.importing import as_csv, import_file, people, undo
from tests.prepared import prepared
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, change_terms, complain, take_in
from tests.tenants import count_rows

FIXED = "The state was added to the terms."


def refused(sender: Sender, **fields: object) -> Submission:
    response = sender.post(flat_lead(**fields))
    assert response.status_code >= 400, response.content
    return Submission.named(response.json()["submissionId"]).get()


def again(submission: Submission) -> Submission:
    return judge_again(submission, by="user_1", reason=FIXED, now=timezone.now())


@prepared
def texan(business: object) -> Sender:
    return SenderFactory.create(business=business, waived=True, terms__states=["TX"])


def widen(sender: Sender) -> None:
    change_terms(sender.source, states=["TX", "OK"], trustedform_required=False)


def test_what_was_refused_is_taken_after_the_fix_and_the_old_answer_stays(texan: Sender) -> None:
    old = refused(texan, state="OK")
    widen(texan)
    new = again(old)
    lead = Lead.objects.get()
    assert (new.outcome, new.lead, new.repeats, new.repeated_by, new.repeated_reason) == (
        "accepted",
        lead,
        old,
        "user_1",
        FIXED,
    )
    assert (new.door, new.ip, bytes(new.body_sha256), new.credential) == (
        old.door,
        old.ip,
        bytes(old.body_sha256),
        None,
    )
    assert json.loads(new.answer)["id"] == lead.public_id
    kept = Submission.objects.get(pk=old.pk)
    assert (kept.outcome, kept.answer, kept.verdicts) == ("refused", old.answer, old.verdicts)
    event = Event.objects.get(subject=lead.public_id)
    assert (event.kind, event.actor, event.reason) == ("lead.created", "user_1", FIXED)


def test_what_is_still_wrong_is_refused_again_with_its_own_verdicts(texan: Sender) -> None:
    new = again(refused(texan, state="OK"))
    assert (new.outcome, new.http_status, new.lead) == ("refused", 400, None)
    assert "state_not_allowed" in new.codes


def test_only_the_newest_attempt_can_be_judged_again(texan: Sender) -> None:
    first = refused(texan, state="OK")
    second = again(first)
    with pytest.raises(NotAgainError, match="newest attempt"):
        again(first)
    assert again(second).repeats == second


def test_what_was_accepted_is_not_judged_again(texan: Sender) -> None:
    take_in(texan)
    with pytest.raises(NotAgainError, match="neither refused nor held"):
        again(Submission.objects.get())


@pytest.mark.django_db(transaction=True)
def test_twenty_who_judge_it_again_at_once_make_one_lead(texan: Sender) -> None:
    old = refused(texan, state="OK", externalId="race-1")
    widen(texan)

    def try_it(number: int) -> str:
        try:
            return again(Submission.objects.select_related("lead", "source").get(pk=old.pk)).outcome
        except NotAgainError:
            return "too late"

    assert sorted(at_once(20, try_it)) == ["accepted", *["too late"] * 19]
    assert Lead.objects.count() == 1
    assert Submission.objects.filter(repeats=old).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vendor_who_repeats_it_later_is_given_the_new_answer(texan: Sender) -> None:
    lead = flat_lead(state="OK", externalId="lead-1")
    old = Submission.named(texan.post(lead).json()["submissionId"]).get()
    widen(texan)
    new = again(old)
    repeated = texan.post(lead)
    assert (repeated.status_code, repeated.content.decode()) == (201, new.answer)
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_idempotency_key_of_a_refused_request_is_still_known_afterwards(texan: Sender) -> None:
    lead = flat_lead(state="OK")
    old = Submission.named(texan.post(lead, Idempotency_Key="k1").json()["submissionId"]).get()
    widen(texan)
    new = again(old)
    repeated = texan.post(lead, Idempotency_Key="k1")
    assert repeated.content.decode() == new.answer
    assert repeated["Idempotency-Replayed"] == "true"
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_its_vendor_brought_meanwhile_is_not_made_twice(texan: Sender) -> None:
    lead = flat_lead(state="OK", externalId="lead-1")
    old = Submission.named(texan.post(lead).json()["submissionId"]).get()
    widen(texan)
    assert texan.post(lead).status_code == 201
    assert again(old).outcome == "replayed"
    assert Lead.objects.count() == 1


def test_trustedform_is_asked_and_its_check_is_kept(sender: Sender, sandbox: str) -> None:
    change_source(sender.source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now())
    old = refused(sender)
    change_source(sender.source, {"enabled": True}, by=BY, reason=REASON, now=timezone.now())
    lead = again(old).lead
    assert lead is not None
    assert (lead.status, lead.trusted_form_outcome) == ("accepted", "verified")
    assert lead.certificate is not None
    assert lead.certificate.checks.count() == 1


def test_a_paused_source_still_refuses(texan: Sender) -> None:
    pause_source(texan.source, by=BY, reason=REASON, now=timezone.now())
    old = refused(texan)
    assert again(old).codes == ["source_paused"]
    resume_source(texan.source, by=BY, reason=REASON, now=timezone.now())
    assert again(Submission.objects.get(repeats=old)).outcome == "accepted"


def test_the_senders_address_is_judged_as_it_came(texan: Sender) -> None:
    settings = texan.source.settings
    change_settings(settings, {"ip_list": ["198.51.100.0/24"]}, by=BY, reason=REASON, now=timezone.now())
    old = refused(texan)
    assert again(old).codes == ["ip_not_allowed"]
    change_settings(settings, {"ip_list": ["127.0.0.1"]}, by=BY, reason=REASON, now=timezone.now())
    assert again(Submission.objects.get(repeats=old)).outcome == "accepted"


def test_a_held_lead_is_released_when_nothing_holds_it_any_more(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("flaky"))
    old = Submission.objects.get()
    new = again(old)
    lead.refresh_from_db()
    assert (new.outcome, new.lead, new.repeats) == ("accepted", lead, old)
    assert (lead.status, lead.held_for, lead.trusted_form_outcome, lead.recheck_at) == (
        "accepted",
        [],
        "verified",
        None,
    )
    event = Event.objects.filter(subject=lead.public_id).latest("id")
    assert (event.kind, event.actor, event.reason) == ("lead.released", "user_1", FIXED)


def test_a_held_lead_is_no_duplicate_of_itself(business: object) -> None:
    held = SenderFactory.create(
        business=business, waived=True, settings={"duplicate_rule": "hold", "duplicate_window_hours": 24}
    )
    take_in(held)
    lead = take_in(held, firstName="Other")
    old = Submission.objects.get(lead=lead)
    Lead.objects.exclude(pk=lead.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert again(old).outcome == "accepted"


def test_a_held_lead_that_is_refused_now_is_refused(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    change_terms(sender.source, states=["OK"])
    new = again(Submission.objects.get())
    lead.refresh_from_db()
    assert (new.outcome, lead.status) == ("refused", "refused")


def test_a_held_lead_that_is_held_again_says_why(sender: Sender, sandbox: str, settings: Settings) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    new = again(Submission.objects.get())
    lead.refresh_from_db()
    assert (new.outcome, lead.status, lead.held_for) == ("audit", "audit", ["certificate_mismatch"])


def test_a_held_lead_that_a_person_decided_on_is_left_alone(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    refuse_lead(lead, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(NotAgainError, match="not held any more"):
        again(Submission.objects.get())


def test_a_body_that_was_deleted_cannot_be_judged(texan: Sender) -> None:
    old = refused(texan, state="OK")
    Submission.objects.update(body="", body_purged_at=timezone.now())
    old.refresh_from_db()
    with pytest.raises(NotAgainError, match="was deleted"):
        again(old)


def test_a_credential_that_was_taken_out_of_metadata_still_refuses(texan: Sender) -> None:
    secret = "sk_live_" + "a1B2" * 6
    old = refused(texan, sourceMetadata={"note": f"with {secret}"})
    assert secret not in old.body
    new = again(old)
    assert "secret_in_metadata" in new.codes
    assert new.body_redacted


def test_what_would_come_of_it_is_foreseen_without_asking_or_storing(sender: Sender) -> None:
    # Nobody listens where TrustedForm is asked, so asking would foresee an outage, for which it is held.
    change_source(sender.source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now())
    refused(sender)
    change_source(sender.source, {"enabled": True}, by=BY, reason=REASON, now=timezone.now())
    before = count_rows()
    (one,) = foresee(Submission.objects.select_related("lead", "source"), by="user_1", now=timezone.now())
    assert (one.outcome, one.asks, one.codes) == ("accepted", True, ())
    assert count_rows() == before


def test_what_would_only_hold_it_is_not_named_where_something_refuses_it(texan: Sender) -> None:
    refused(texan, state="OK")
    hold = {"dispute_effect": "hold"}
    change_settings(texan.source.settings, hold, by=BY, reason=REASON, now=timezone.now())
    complain(texan.source)
    (one,) = foresee(Submission.objects.select_related("lead", "source"), by="user_1", now=timezone.now())
    assert (one.outcome, one.codes) == ("refused", ("state_not_allowed",))


def test_the_answer_to_the_new_attempt_names_its_faults(texan: Sender) -> None:
    new = again(refused(texan, state="OK", email="broken"))
    said = [error["code"] for error in json.loads(new.answer)["errors"]]
    assert {"state_not_allowed", "email_invalid"} <= set(said)


def test_the_vendor_is_told_by_the_submission_it_knows(texan: Sender) -> None:
    old = refused(texan, state="OK")
    path = f"/submissions/{old.public_id}"
    assert texan.client.get(path, headers=texan.credentials).json()["judgedAgain"] is None
    widen(texan)
    new = again(old)
    told = texan.client.get(path, headers=texan.credentials).json()
    assert told["judgedAgain"]["id"] == new.public_id
    assert told["judgedAgain"]["outcome"] == "accepted"
    assert (told["httpStatus"], told["lead"]["id"]) == (400, Lead.objects.get().public_id)


def test_many_are_judged_by_a_job_that_may_be_taken_up_twice(texan: Sender) -> None:
    old = [refused(texan, state="OK", phone=f"+1512555010{number}") for number in range(3)]
    widen(texan)
    row = ask_many(old, by="user_1", reason=FIXED, now=timezone.now())
    # As if the worker had died after the first.
    again(old[0])
    judge_many_again(rejudgement_id=row.public_id)
    judge_many_again(rejudgement_id=row.public_id)
    row.refresh_from_db()
    assert (row.status, Lead.objects.count()) == ("done", 3)
    progress = read_progress(row)
    assert (progress.done, progress.came_of, progress.left) == (3, {"accepted": 3}, {})


def test_what_cannot_be_judged_is_told_and_stops_nothing(texan: Sender) -> None:
    old = [refused(texan, state="OK"), refused(texan, state="FL")]
    widen(texan)
    row = ask_many(old, by="user_1", reason=FIXED, now=timezone.now())
    Submission.objects.filter(pk=old[0].pk).update(body="", body_purged_at=timezone.now())
    judge_many_again(rejudgement_id=row.public_id)
    row.refresh_from_db()
    progress = read_progress(row)
    assert progress.left == {
        "The body was deleted: its time to be kept had ended, or the person asked for it.": 1
    }
    assert progress.came_of == {"refused": 1}


def test_a_row_of_a_file_is_judged_again_beside_the_first(business: Business) -> None:
    terms = {"states": ["OK"], "trustedform_required": False, "exception_reason": REASON}
    source = SenderFactory.create(business=business, terms=terms).source
    imported = import_file(source, as_csv(people(2)))
    first = imported.submissions.earliest("row_number")
    change_terms(source, states=["TX", "OK"], trustedform_required=False)
    new = again(first)
    assert (new.outcome, new.row_number, new.imported_in_id) == ("accepted", first.row_number, imported.pk)
    assert count_stored(imported)["outcomes"] == {"refused": 2}
    undo(imported)
    assert Lead.objects.get().status == "withdrawn"
