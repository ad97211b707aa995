"""Sources that are paused by themselves, from what they sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.people import switch_user
from leadping.accounts.roles import Role
from leadping.ids import new_id
from leadping.models import Event
from leads.jobs import pause_sources
from leads.models import Submission
from leads.pausing import pause_bad_sources, pause_when_crossed, read_figures
from sources.lifecycle import change_settings, change_source, pause_source, resume_source
from sources.models import Source
from tests.post import waiting_mails
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, MemberFactory, SenderFactory, complain


def set_to(source: Source, **settings: Any) -> None:
    change_settings(source.settings, settings, by=BY, reason=REASON, now=timezone.now())


def sent(source: Source, count: int, *verdicts: dict[str, Any], **columns: Any) -> None:
    """So many submissions as intake stores them, each with these verdicts."""
    failed = [verdict for verdict in verdicts if not verdict["passed"]]
    refused = any(verdict["effect"] == "refuse" for verdict in failed)
    now = timezone.now()
    Submission.objects.bulk_create(
        Submission(
            **{
                "id": new_id(),
                "business_id": source.business_id,
                "source": source,
                "received_at": now,
                "door": Submission.Door.FLAT,
                "outcome": "refused" if refused else "accepted",
                "http_status": 400 if refused else 201,
                "codes": [verdict["code"] for verdict in failed],
                "verdicts": list(verdicts),
                "answer": "{}",
                "request_id": "req",
                "ip": "203.0.113.9",
                "body_sha256": bytes(32),
                **columns,
            }
        )
        for _ in range(count)
    )


def good(code: str = "certificate_mismatch") -> dict[str, Any]:
    return {"code": code, "passed": True}


def bad(code: str = "certificate_not_found", effect: str = "refuse") -> dict[str, Any]:
    return {"code": code, "passed": False, "effect": effect}


def run() -> int:
    return pause_bad_sources(now=timezone.now())


def fresh(source: Source) -> Source:
    return Source.objects.select_related("settings").get(pk=source.pk)


def test_a_source_is_paused_with_the_figures_as_its_reason(source: Source) -> None:
    set_to(source, pause_bad_certificates=20)
    sent(source, 38, good())
    sent(source, 7, bad())
    sent(source, 5, bad("certificate_mismatch", "hold"))
    pause_sources(int(timezone.now().timestamp()))
    paused = fresh(source)
    assert paused.paused_at
    assert paused.paused_reason == (
        "12 of the last 50 certificates were bad (24 %; the threshold is 20 %): "
        "certificate_not_found 7, certificate_mismatch 5."
    )
    event = Event.objects.get(kind="source.paused")
    assert (event.actor, event.subject, event.reason) == ("system", source.public_id, paused.paused_reason)
    assert event.data["figures"] == {
        "bad certificates": {
            "found": 12,
            "of": 50,
            "percent": 24,
            "threshold": 20,
            "codes": {"certificate_not_found": 7, "certificate_mismatch": 5},
        }
    }


def test_without_a_threshold_nothing_is_paused(source: Source) -> None:
    sent(source, 200, bad())
    assert run() == 0


@pytest.mark.parametrize(
    ("verdicts", "columns"),
    [
        ([bad("certificate_unavailable", "hold")], {}),
        ([bad("certificate_missing")], {}),
        ([bad("certificate_several", "warn"), good()], {}),
        ([bad("certificate_malformed", "warn")], {}),
        ([bad()], {"dry_run": True}),
        ([bad()], {"outcome": "replayed"}),
        ([bad()], {"door": "import"}),
    ],
    ids=["outage", "no certificate", "several", "waived", "dry run", "replayed", "imported"],
)
def test_what_is_no_bad_certificate_of_the_sources_does_not_count(
    source: Source, verdicts: list[dict[str, Any]], columns: dict[str, Any]
) -> None:
    set_to(source, pause_bad_certificates=1, pause_bad_certificates_of=5)
    sent(source, 20, *verdicts, **columns)
    assert run() == 0


@pytest.mark.parametrize("code", ["source_paused", "source_not_approved", "cap_reached", "rate_exceeded"])
def test_what_was_refused_whatever_it_held_does_not_count(source: Source, code: str) -> None:
    set_to(source, pause_refused=1, pause_refused_of=5)
    sent(source, 20, bad(code))
    assert run() == 0


def test_refusals_and_duplicates_pause_too(business: Business) -> None:
    refused, doubled = (SenderFactory.create(business=business).source for _ in range(2))
    set_to(refused, pause_refused=50, pause_refused_of=10)
    sent(refused, 5, good())
    sent(refused, 5, bad("state_not_allowed"))
    set_to(doubled, pause_duplicates=30, pause_duplicates_of=10)
    sent(doubled, 7, good())
    sent(doubled, 3, bad("duplicate_lead", "keep"))
    assert run() == 2
    assert fresh(refused).paused_reason.endswith("the threshold is 50 %): state_not_allowed 5.")
    assert fresh(doubled).paused_reason == (
        "3 of the last 10 submissions were duplicates (30 %; the threshold is 30 %)."
    )


def test_disabled_and_deleted_sources_are_left_alone(source: Source) -> None:
    set_to(source, pause_refused=1, pause_refused_of=5)
    sent(source, 20, bad("state_not_allowed"))
    change_source(source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now())
    assert run() == 0
    assert not pause_when_crossed(fresh(source), now=timezone.now())


def test_a_reopened_source_is_judged_by_what_comes_from_then_on(source: Source) -> None:
    set_to(source, pause_bad_certificates=20, pause_bad_certificates_of=5)
    sent(source, 5, bad())
    assert run() == 1
    resume_source(fresh(source), by=BY, reason="Mended.", now=timezone.now())
    assert run() == 0
    assert read_figures(fresh(source), now=timezone.now())[0].seen == 0  # type: ignore[union-attr]
    sent(source, 5, bad())
    assert run() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_evaluations_at_once_pause_and_tell_once(source: Source, owner: User) -> None:
    change_source(source, {"owner": owner}, by=BY, reason=REASON, now=timezone.now())
    set_to(source, pause_bad_certificates=20, pause_bad_certificates_of=5)
    sent(source, 5, bad())
    paused = at_once(16, lambda _: pause_when_crossed(fresh(source), now=timezone.now()))
    assert sorted(paused) == [False] * 15 + [True]
    assert Event.objects.filter(kind="source.paused").count() == 1
    assert len(waiting_mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_read_the_figures_before_it_was_reopened_does_not_pause_it_again(source: Source) -> None:
    set_to(source, pause_bad_certificates=20, pause_bad_certificates_of=5)
    sent(source, 5, bad())
    slow = fresh(source)
    assert run() == 1
    resume_source(fresh(source), by=BY, reason="Mended.", now=timezone.now())
    assert not pause_when_crossed(slow, now=timezone.now())
    assert fresh(source).paused_at is None


def test_a_complaint_that_reaches_the_threshold_pauses_at_once(source: Source) -> None:
    set_to(source, pause_complaints=2)
    complain(fresh(source))
    assert fresh(source).paused_at is None
    complain(fresh(source), kind="dispute")
    assert fresh(source).paused_reason == (
        "2 complaints or disputes in the last 30 days (the threshold is 2)."
    )


def test_opt_outs_old_complaints_and_what_came_before_reopening_do_not_count(source: Source) -> None:
    complain(fresh(source), now=timezone.now() - timedelta(days=8))
    set_to(source, pause_complaints=1, pause_complaints_days=7)
    complain(fresh(source), kind="opt_out")
    assert (run(), fresh(source).paused_at) == (0, None)
    complain(fresh(source), details="A new one.")
    resume_source(fresh(source), by=BY, reason="Settled.", now=timezone.now())
    assert run() == 0


def test_through_the_door_the_sender_reads_why(waived_sender: Sender) -> None:
    source = waived_sender.source
    set_to(source, pause_refused=40, pause_refused_of=5)
    for number in range(5):
        waived_sender.post(flat_lead(state="XX", externalId=str(number)))
    assert run() == 1
    answer = waived_sender.post()
    assert answer.status_code == 403
    assert answer.json()["code"] == "source_paused"
    assert "5 of the last 5 submissions were refused (100 %; the threshold is 40 %)" in answer.text
    resume_source(fresh(source), by=BY, reason="Mended.", now=timezone.now())
    assert waived_sender.post(flat_lead(trustedFormUrl=None)).status_code == 201


def test_certificates_that_the_service_does_not_know_pause_the_source(sender: Sender, sandbox: str) -> None:
    set_to(sender.source, pause_bad_certificates=50, pause_bad_certificates_of=6)
    for number in range(3):
        sender.post(flat_lead(externalId=f"a{number}", trustedFormUrl=certificate("valid")))
        sender.post(flat_lead(externalId=f"b{number}", trustedFormUrl=certificate("expired")))
    assert [figure.say_now() for figure in read_figures(fresh(sender.source), now=timezone.now())] == [
        "3 of the last 6: 50 %; pauses at 50 %"
    ]
    assert run() == 1


# --- whom it is told


@pytest.fixture
def owned(source: Source, owner: User) -> Source:
    change_source(source, {"owner": owner}, by=BY, reason=REASON, now=timezone.now())
    set_to(source, support_contact="Vendor desk <desk@vendor.example>, +1 512 555 0100")
    return fresh(source)


def mails() -> dict[str, dict[str, Any]]:
    return {mail["to"]: mail for mail in waiting_mails()}


def test_owner_and_support_contact_are_told_of_a_pause(owned: Source, owner: User) -> None:
    set_to(owned, pause_bad_certificates=20, pause_bad_certificates_of=5)
    sent(owned, 5, bad())
    run()
    told = mails()
    assert set(told) == {owner.email, "desk@vendor.example"}
    for mail in told.values():
        assert "5 of the last 5 certificates were bad" in mail["body"]
        assert "https://leads.example.com/docs/errors/certificate_not_found" in mail["body"]
        assert mail["about"] == owned.public_id
    ours, theirs = told[owner.email]["body"], told["desk@vendor.example"]["body"]
    assert f"https://leads.example.com/console/sources/source/{owned.pk}/change/" in ours
    assert "paused by Leadping itself" in ours or "paused by itself" in ours
    assert "/console/" not in theirs
    assert owner.email not in theirs
    assert "source_paused" in theirs


def test_a_pause_by_hand_is_told_too_and_by_whom(owned: Source, owner: User) -> None:
    pause_source(owned, by=owner.public_id, reason="Wrong numbers.", now=timezone.now())
    told = mails()
    assert f"paused by {owner}" in told[owner.email]["body"]
    assert "Why: Wrong numbers." in told["desk@vendor.example"]["body"]
    pause_source(fresh(owned), by=owner.public_id, reason="Again.", now=timezone.now())
    assert len(waiting_mails()) == 2


def test_reopening_is_told_in_a_few_words(owned: Source, owner: User) -> None:
    pause_source(owned, by=BY, reason="Wrong numbers.", now=timezone.now())
    resume_source(owned, by=owner.public_id, reason="An inside remark.", now=timezone.now())
    reopened = {mail["to"]: mail for mail in waiting_mails()[2:]}
    assert "An inside remark." in reopened[owner.email]["body"]
    assert "An inside remark." not in reopened["desk@vendor.example"]["body"]


def test_the_support_contact_learns_nothing_of_the_people_in_leads(owned: Source) -> None:
    set_to(owned, pause_complaints=1)
    complain(fresh(owned), raised_by="Jordan Example", details="jordan@example.com never asked.")
    assert len(waiting_mails()) == 2
    for mail in waiting_mails():
        assert "ordan" not in mail["body"]


def test_an_owner_who_left_is_told_nothing(business: Business, owned: Source, owner: User) -> None:
    second = MemberFactory.create(business=business, role=Role.OWNER)
    switch_user(owner, active=False, by=second.public_id, reason=REASON, now=timezone.now())
    pause_source(fresh(owned), by=BY, reason=REASON, now=timezone.now())
    assert set(mails()) == {"desk@vendor.example"}


def test_an_owner_who_is_also_the_contact_gets_one_letter(owned: Source, owner: User) -> None:
    set_to(owned, support_contact=owner.email.upper())
    pause_source(fresh(owned), by=BY, reason=REASON, now=timezone.now())
    assert list(mails()) == [owner.email]
