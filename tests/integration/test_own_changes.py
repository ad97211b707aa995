"""Nobody passes over failed evidence alone by loosening what is demanded of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.suppression.contacts import read_contact
from compliance.suppression.verbs import suppress
from leadping.accounts.businesses import change_review_rule
from leadping.accounts.models import User
from leadping.accounts.roles import Role
from leads.deciding import Choice, decide
from leads.lifecycle import SecondPersonError, release_lead
from leads.models import Lead, Override, Submission
from leads.overrides import ask_override, confirm_override
from leads.own_changes import STRICTER, hold_to_earlier_checks, stricter_values
from leads.recheck import recheck_due
from leads.rejudging.asking import ask_many
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.jobs import judge_many_again
from leads.rejudging.verbs import judge_again
from sources.approval import approve_terms, draft_terms, submit_terms
from sources.lifecycle import SourceError, change_settings, change_source
from sources.models import Source, SourceSettings
from sources.models.certificate_checks import CertificateCheckSettings
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import REASON, let_one_pass, sign_in, take_in

MISMATCH = "certificate_mismatch"


@pytest.fixture
def held(sender: Sender, sandbox: str) -> Lead:
    return take_in(sender, trustedFormUrl=certificate("mismatch"))


@pytest.fixture
def colleague(member: Callable[[Role], User]) -> User:
    return member(Role.ADMIN)


def set_by(user: User, source: Source, **values: Any) -> None:
    settings = SourceSettings.objects.select_related("source").get(pk=source.pk)
    change_settings(settings, values, by=user.public_id, reason=REASON, now=timezone.now())


def loosen(user: User, source: Source) -> None:
    set_by(user, source, certificate_mismatch_effect="off")


def judged_by(user: User, lead: Lead | None = None) -> Submission:
    found = Submission.objects.select_related("lead", "source")
    old = (found.filter(lead=lead) if lead else found).latest("id")
    return judge_again(old, by=user.public_id, reason=REASON, now=timezone.now())


def test_who_loosened_the_check_does_not_get_the_lead_through(held: Lead, owner: User) -> None:
    loosen(owner, held.source)
    new = judged_by(owner)
    held.refresh_from_db()
    assert (new.outcome, held.status, held.held_for) == ("audit", "audit", [MISMATCH])


def test_the_attempt_says_for_good_what_was_changed(held: Lead, owner: User) -> None:
    loosen(owner, held.source)
    (said,) = [one for one in judged_by(owner).verdicts if one["code"] == "own_changes"]
    assert said["passed"]
    assert "neither phone nor email matches" in said["detail"]


def test_somebody_else_judges_by_what_is_in_force(held: Lead, owner: User, colleague: User) -> None:
    loosen(owner, held.source)
    assert judged_by(colleague).outcome == "accepted"


def test_a_second_person_can_confirm_what_stayed_held(held: Lead, owner: User, colleague: User) -> None:
    loosen(owner, held.source)
    judged_by(owner)
    with pytest.raises(SecondPersonError):
        release_lead(held, by=owner.public_id, reason=REASON, now=timezone.now())
    asked = ask_override(held, by=owner.public_id, reason=REASON, now=timezone.now())
    confirm_override(asked, by=colleague.public_id, reason=REASON, now=timezone.now())
    assert Lead.objects.get(pk=held.pk).status == "accepted"
    assert Override.objects.get().codes == [MISMATCH]


def test_a_check_that_only_warns_now_still_holds(held: Lead, owner: User) -> None:
    set_by(owner, held.source, certificate_mismatch_effect="warn")
    assert judged_by(owner).outcome == "audit"


def test_what_was_refused_is_refused_again(sender: Sender, sandbox: str, owner: User) -> None:
    change_settings(
        sender.source.settings,
        {"certificate_mismatch_effect": "refuse"},
        by="tests",
        reason=REASON,
        now=timezone.now(),
    )
    assert sender.post(flat_lead(trustedFormUrl=certificate("mismatch"))).status_code == 400
    loosen(owner, sender.source)
    assert (judged_by(owner).outcome, Lead.objects.count()) == ("refused", 0)


def test_steps_and_turns_in_between_make_no_difference(held: Lead, owner: User, colleague: User) -> None:
    set_by(owner, held.source, certificate_mismatch_effect="warn")
    set_by(colleague, held.source, certificate_mismatch_effect="refuse")
    set_by(owner, held.source, certificate_mismatch_effect="off")
    # Hold and refuse stood before their two changes; the graver of the two counts.
    assert judged_by(owner).outcome == "refused"


def test_what_was_made_stricter_since_is_not_undone(held: Lead, owner: User) -> None:
    set_by(owner, held.source, certificate_phone_mismatch_effect="refuse")
    assert judged_by(owner).outcome == "refused"


def test_a_limit_that_was_raised_counts_as_it_was(sender: Sender, sandbox: str, owner: User) -> None:
    strict = {"certificate_too_old_effect": "hold", "certificate_age_minutes": 20}
    change_settings(sender.source.settings, strict, by="tests", reason=REASON, now=timezone.now())
    lead = take_in(sender, trustedFormUrl=certificate("old"))
    assert lead.held_for == ["certificate_too_old"]
    set_by(owner, sender.source, certificate_age_minutes=129_600)
    assert judged_by(owner).outcome == "audit"


def test_what_was_never_asked_before_counts_as_well(sender: Sender, sandbox: str, owner: User) -> None:
    # TrustedForm could not be asked when it came, so the mismatch was not found yet.
    lead = take_in(sender, trustedFormUrl=certificate("flaky"))
    set_by(owner, sender.source, certificate_too_old_effect="off", certificate_mismatch_effect="off")
    held = hold_to_earlier_checks(Source.objects.with_rules().get(), since=lead.created_at)
    assert held.settings == ["certificate_mismatch_effect"]
    assert held.source.settings.certificate_mismatch_effect == "hold"


def test_the_worker_releases_nothing_that_somebody_loosened(
    sender: Sender, sandbox: str, owner: User
) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))
    Lead.objects.filter(pk=lead.pk).update(
        held_for=["certificate_unavailable"], recheck_at=timezone.now(), trusted_form_outcome="pending"
    )
    loosen(owner, sender.source)
    recheck_due(now=timezone.now(), seconds=5)
    lead.refresh_from_db()
    assert (lead.status, lead.held_for) == ("audit", [MISMATCH])


def test_nor_does_it_where_the_lead_was_made_after_it_was_loosened(
    sender: Sender, sandbox: str, owner: User, colleague: User
) -> None:
    """What came first is what it is held to, not the attempt that made the lead."""
    source, began = sender.source, timezone.now()
    change_source(source, {"enabled": False}, by="tests", reason=REASON, now=began)
    sender.post(flat_lead(trustedFormUrl=certificate("mismatch")))
    change_source(source, {"enabled": True}, by="tests", reason=REASON, now=began)
    with time_machine.travel(began + timedelta(hours=1)):
        loosen(owner, source)
    with time_machine.travel(began + timedelta(hours=2)):
        assert judged_by(colleague).outcome == "accepted"
        Lead.objects.update(status="audit", held_for=["certificate_unavailable"], recheck_at=timezone.now())
        recheck_due(now=timezone.now(), seconds=5)
    assert Lead.objects.get().held_for == [MISMATCH]


def test_the_worker_releases_nobody_who_is_suppressed_because_a_setting_was_loosened(
    sender: Sender, sandbox: str, owner: User
) -> None:
    lead = take_in(sender, phone="+15125550123")
    Lead.objects.update(status="audit", held_for=["certificate_unavailable"], recheck_at=timezone.now())
    put_on_the_list(sender, "+15125550123")
    set_by(owner, sender.source, suppression_effect="off")
    recheck_due(now=timezone.now(), seconds=5)
    lead.refresh_from_db()
    assert lead.status == "audit"


def put_on_the_list(sender: Sender, phone: str) -> None:
    suppress(
        sender.source.business,
        read_contact(phone),
        channel="all",
        account=None,
        origin="manual",
        note="",
        by="tests",
        now=timezone.now(),
    )


def test_the_suppression_setting_is_no_way_round(sender: Sender, sandbox: str, owner: User) -> None:
    put_on_the_list(sender, "+15125550123")
    lead = take_in(sender, phone="+15125550123")
    assert lead.held_for == ["contact_suppressed"]
    set_by(owner, sender.source, suppression_effect="off")
    assert judged_by(owner).outcome == "audit"


def test_many_at_once_are_no_way_round(held: Lead, owner: User) -> None:
    loosen(owner, held.source)
    found = list(Submission.objects.all())
    row = ask_many(found, by=owner.public_id, reason=REASON, now=timezone.now())
    judge_many_again(row.public_id)
    assert Submission.objects.get(repeats=found[0]).outcome == "audit"
    assert Lead.objects.get(pk=held.pk).held_for == [MISMATCH]


def test_the_audit_queues_own_step_is_no_way_round(held: Lead, owner: User) -> None:
    loosen(owner, held.source)
    decide(held, Choice.AGAIN, by=owner.public_id, reason=REASON, now=timezone.now())
    assert Lead.objects.get(pk=held.pk).status == "audit"


def test_where_one_person_is_enough_the_lead_goes_through_and_says_so(held: Lead, owner: User) -> None:
    let_one_pass(held.business)
    loosen(owner, held.source)
    attempt = judged_by(owner)
    assert attempt.outcome == "accepted"
    (said,) = [one for one in attempt.verdicts if one["code"] == "own_changes"]
    assert "one person is enough here" in said["detail"]


@pytest.fixture
def alone_on_terms(held: Lead, owner: User) -> Lead:
    """The owner writes and approves an exception from TrustedForm, as the business lets them."""
    change_review_rule(held.business, separate_reviewer=False, by="tests", reason=REASON, now=timezone.now())
    approve_exception(held.source, by=owner, reviewer=owner)
    return held


def approve_exception(source: Source, *, by: User, reviewer: User) -> None:
    now = timezone.now()
    fields = {"trustedform_required": False, "exception_reason": REASON}
    draft = draft_terms(source, fields, by=by.public_id, now=now)
    submit_terms(draft, by=by.public_id, reason=REASON, now=now)
    approve_terms(draft, by=reviewer.public_id, reason=REASON, now=now)


def test_terms_that_one_approved_alone_hold_the_lead(alone_on_terms: Lead, owner: User) -> None:
    assert judged_by(owner).outcome == "audit"
    assert Lead.objects.get(pk=alone_on_terms.pk).held_for == ["own_changes"]


def test_terms_that_another_approved_count(held: Lead, owner: User, colleague: User) -> None:
    approve_exception(held.source, by=owner, reviewer=colleague)
    assert judged_by(owner).outcome == "accepted"


def test_another_may_judge_by_terms_that_one_approved_alone(alone_on_terms: Lead, colleague: User) -> None:
    assert judged_by(colleague).outcome == "accepted"


@pytest.mark.django_db(transaction=True)
def test_who_loosens_and_judges_at_the_same_instant_gains_nothing(
    sender: Sender, sandbox: str, owner: User
) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"))

    def hurry(number: int) -> None:
        try:
            if number % 2:
                judged_by(owner)
            else:
                loosen(owner, sender.source)
        except (NotAgainError, SourceError):
            pass

    at_once(8, hurry)
    assert Lead.objects.get(pk=lead.pk).status == "audit"


def test_the_page_says_so_beforehand(held: Lead, owner: User, client: Client) -> None:
    sign_in(client, owner)
    loosen(owner, held.source)
    submission = Submission.objects.get()
    page = client.get(reverse("console:leads_submission_judge_again", args=[submission.pk]))
    assert b"Nobody passes over failed evidence alone" in page.content
    assert b"You changed these settings since it came" in page.content
    assert b"neither phone nor email matches" in page.content


# How much we take, when, at what cost and from whom we hear; nothing about whether a person agreed.
OF_NO_EVIDENCE = {
    *("source", "business", "tags", "cost_per_lead", "duplicate_rule", "duplicate_window_hours", "notes"),
    *("rate_per_minute", "time_zone", "schedule_days", "schedule_from", "schedule_until", "schedule_effect"),
    *("cap_per_hour", "cap_per_day", "cap_per_month", "cap_effect", "support_contact"),
    *("pause_bad_certificates", "pause_bad_certificates_of", "pause_duplicates", "pause_duplicates_of"),
    *("pause_refused", "pause_refused_of", "pause_complaints", "pause_complaints_days"),
    *("outreach_ready_at", "outreach_ready_by"),
}


def test_every_setting_is_told_to_be_about_evidence_or_not() -> None:
    names = {field.name for field in SourceSettings._meta.concrete_fields}
    assert names == STRICTER.keys() | OF_NO_EVIDENCE


def test_of_each_kind_of_setting_the_stricter_value_counts() -> None:
    now = SourceSettings(
        certificate_mismatch_effect="off",
        certificate_age_minutes=60,
        certificate_seconds_least=0,
        certificate_phrases_forbidden=[],
        tags=["new"],
    )
    before = {
        "certificate_mismatch_effect": "hold",
        "certificate_age_minutes": 20,
        "certificate_seconds_least": 5,
        "certificate_phrases_forbidden": ["free"],
        "tags": [],
    }
    assert stricter_values(now, [before]) == {name: before[name] for name in before if name != "tags"}
    assert stricter_values(now, [{"certificate_mismatch_effect": "off", "certificate_age_minutes": 90}]) == {}


def test_each_setting_about_certificates_has_a_stricter_side() -> None:
    about = {field.name for field in CertificateCheckSettings._meta.get_fields()}
    assert about <= STRICTER.keys()
