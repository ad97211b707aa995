"""Passing over failed evidence: two people, one release, and a trace that stays."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.chain import chain_waiting
from leadping.models import Event
from leads.lifecycle import (
    LifecycleError,
    SecondPersonError,
    change_hold,
    refuse_lead,
    release_lead,
    withdraw_leads,
)
from leads.models import Lead, Override
from leads.overrides import (
    OverrideError,
    ask_override,
    confirm_override,
    decline_override,
    withdraw_override,
)
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.verbs import judge_again
from tests.prepared import prepared
from tests.races import at_once
from tests.senders import Sender, certificate
from tests.situations import MemberFactory, SenderFactory, let_one_pass, recheck_lead, take_in

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
REASON = "The person called and confirmed it."


@prepared
def held(sender: Sender, sandbox: str) -> Lead:
    return take_in(sender, trustedFormUrl=certificate("mismatch"))


@pytest.fixture
def colleague(member: Callable[[Role], User]) -> User:
    return member(Role.COMPLIANCE)


@pytest.fixture
def waiting(held: Lead, owner: User) -> Override:
    return ask(held, owner)


def ask(lead: Lead, user: User) -> Override:
    return ask_override(lead, by=user.public_id, reason=REASON, now=NOW)


def said(user: User) -> dict[str, Any]:
    return {"by": user.public_id, "reason": "Looked at it too.", "now": NOW}


def status_of(lead: Lead) -> str:
    return Lead.objects.get(pk=lead.pk).status


def state_of(override: Override) -> str:
    return Override.objects.get(pk=override.pk).state


def told(lead: Lead) -> list[tuple[str, str]]:
    found = Event.objects.filter(subject=lead.public_id).exclude(kind="lead.created").order_by("id")
    return list(found.values_list("kind", "actor"))


def test_nobody_alone_releases_a_lead_whose_evidence_failed(held: Lead, owner: User) -> None:
    with pytest.raises(SecondPersonError):
        release_lead(held, by=owner.public_id, reason=REASON, now=NOW)
    assert (status_of(held), Override.objects.count()) == ("audit", 0)


def test_a_lead_stays_held_until_a_second_person_confirms(
    waiting: Override, held: Lead, owner: User, colleague: User
) -> None:
    assert status_of(held) == "audit"
    confirm_override(waiting, **said(colleague))
    assert (status_of(held), state_of(waiting)) == ("accepted", "confirmed")
    assert told(held) == [
        ("override.asked", owner.public_id),
        ("override.confirmed", colleague.public_id),
        ("lead.released", colleague.public_id),
    ]
    assert waiting.codes == ["certificate_mismatch"]
    assert Lead.objects.get(pk=held.pk).conversation.inbox_since == NOW


def test_each_step_is_a_link_of_the_chain(waiting: Override, colleague: User) -> None:
    confirm_override(waiting, **said(colleague))
    chain_waiting(waiting.business_id)
    assert not Event.objects.filter(kind__startswith="override.", chain_number=None).exists()


def test_who_asked_does_not_confirm(waiting: Override, held: Lead, owner: User) -> None:
    with pytest.raises(OverrideError, match="Somebody else"):
        confirm_override(waiting, **said(owner))
    assert (status_of(held), state_of(waiting)) == ("audit", "waiting")


def test_the_database_itself_wants_two_people(waiting: Override, owner: User) -> None:
    settled = {"state": "confirmed", "settled_by": owner.public_id, "settled_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=waiting.pk).update(**settled)


def test_a_program_confirms_nothing(waiting: Override) -> None:
    with pytest.raises(OverrideError):
        confirm_override(waiting, by="cli", reason=REASON, now=NOW)


def test_what_is_declined_stays_held_and_can_be_asked_for_anew(
    waiting: Override, held: Lead, owner: User, colleague: User
) -> None:
    decline_override(waiting, **said(colleague))
    assert (status_of(held), state_of(waiting)) == ("audit", "declined")
    assert state_of(ask(held, owner)) == "waiting"


def test_who_asked_takes_it_back_and_nobody_else(waiting: Override, owner: User, colleague: User) -> None:
    with pytest.raises(OverrideError, match="decline"):
        withdraw_override(waiting, **said(colleague))
    with pytest.raises(OverrideError, match="take it back"):
        decline_override(waiting, **said(owner))
    withdraw_override(waiting, **said(owner))
    assert state_of(waiting) == "withdrawn"


@pytest.mark.parametrize("step", [confirm_override, decline_override, withdraw_override])
def test_what_is_settled_is_settled(waiting: Override, owner: User, colleague: User, step: Any) -> None:
    withdraw_override(waiting, **said(owner))
    with pytest.raises(OverrideError, match="waits no more"):
        step(waiting, **said(colleague))


def test_nothing_is_asked_for_twice_at_a_time(waiting: Override, held: Lead, colleague: User) -> None:
    with pytest.raises(OverrideError, match="asked already"):
        ask(held, colleague)


def test_a_limit_of_ours_needs_no_second_person(business: Business, owner: User, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, settings__duplicate_rule="hold")
    take_in(sender)
    twice = take_in(sender)
    assert twice.held_for == ["duplicate_lead"]
    with pytest.raises(OverrideError, match="No evidence failed"):
        ask(twice, owner)
    release_lead(twice, by=owner.public_id, reason=REASON, now=NOW)
    assert (status_of(twice), Override.objects.count()) == ("accepted", 0)


def test_where_one_person_is_enough_that_it_was_one_stays_on_record(held: Lead, owner: User) -> None:
    let_one_pass(held.business)
    release_lead(held, by=owner.public_id, reason=REASON, now=NOW)
    [alone] = Override.objects.values_list("state", "codes", "asked_by", "settled_by", "reason")
    assert alone == ("alone", ["certificate_mismatch"], owner.public_id, owner.public_id, REASON)
    assert status_of(held) == "accepted"


def test_a_request_lapses_when_the_lead_is_refused(waiting: Override, held: Lead, colleague: User) -> None:
    refuse_lead(held, **said(colleague))
    assert state_of(waiting) == "lapsed"
    with pytest.raises(OverrideError, match="lapsed"):
        confirm_override(waiting, **said(colleague))
    assert told(held)[-2:] == [
        ("override.lapsed", colleague.public_id),
        ("lead.refused", colleague.public_id),
    ]


def test_a_request_lapses_when_the_lead_is_held_for_something_else(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("error"))
    owner = MemberFactory.create(business=sender.source.business)
    waiting = ask(lead, owner)
    change_hold(lead, "certificate_unavailable", "certificate_mismatch", by="system", reason=REASON, now=NOW)
    assert state_of(waiting) == "lapsed"
    assert state_of(ask(Lead.objects.get(pk=lead.pk), owner)) == "waiting"


def test_a_request_outlives_an_answer_that_changes_nothing(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("error"))
    owner = MemberFactory.create(business=sender.source.business)
    waiting = ask(lead, owner)
    recheck_lead(Lead.objects.get(pk=lead.pk), now=timezone.now())
    assert state_of(waiting) == "waiting"
    judge_again(lead.submissions.get(), by=owner.public_id, reason=REASON, now=timezone.now())
    assert state_of(waiting) == "waiting"


def test_a_request_lapses_when_the_import_is_undone(waiting: Override, held: Lead) -> None:
    withdraw_leads([held.pk], business_id=held.business_id, by="user_1", reason=REASON, now=NOW)
    assert state_of(waiting) == "lapsed"


def test_judging_again_accepts_without_passing_over_anything(
    held: Lead, owner: User, sandbox: str, settings: Any
) -> None:
    held.source.terms.update(trustedform_required=False, exception_reason="Approved.")
    judge_again(held.submissions.get(), by=owner.public_id, reason=REASON, now=timezone.now())
    assert (status_of(held), Override.objects.count()) == ("accepted", 0)


# --- races


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_confirm_at_once_one_releases(waiting: Override, held: Lead) -> None:
    people = [MemberFactory.create(business=held.business) for _ in range(20)]

    def confirm(number: int) -> bool:
        try:
            confirm_override(waiting, **said(people[number]))
        except OverrideError:
            return False
        return True

    assert sum(at_once(20, confirm)) == 1
    assert [kind for kind, _ in told(held)].count("lead.released") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", range(3))
def test_confirming_taking_back_refusing_and_judging_at_once_end_in_one_state(
    waiting: Override, held: Lead, owner: User, times: int
) -> None:
    people = [MemberFactory.create(business=held.business) for _ in range(20)]
    submission = held.submissions.get()

    def deed(number: int) -> str:
        who = people[number]
        try:
            match number % 5:
                case 0:
                    confirm_override(waiting, **said(who))
                case 1:
                    withdraw_override(waiting, **said(owner))
                case 2:
                    decline_override(waiting, **said(who))
                case 3:
                    refuse_lead(held, **said(who))
                case _:
                    judge_again(submission, by=who.public_id, reason=REASON, now=timezone.now())
                    return "judged"
        except (LifecycleError, NotAgainError):
            return ""
        return ("confirmed", "withdrawn", "declined", "refused")[number % 5]

    done = [what for what in at_once(20, deed) if what]
    assert done.count("confirmed") <= 1
    settled = [what for what in done if what in {"confirmed", "withdrawn", "declined"}]
    assert len(settled) <= 1
    kinds = [kind for kind, _ in told(held)]
    assert kinds.count("lead.released") == done.count("confirmed")
    assert kinds.count("lead.released") + kinds.count("lead.refused") <= 1
    state = state_of(waiting)
    assert state == (settled[0] if settled else "lapsed")
    assert (status_of(held) == "accepted") is (state == "confirmed")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_ask_at_once_one_request_waits(held: Lead) -> None:
    people = [MemberFactory.create(business=held.business) for _ in range(20)]

    def deed(number: int) -> bool:
        try:
            ask(held, people[number])
        except OverrideError:
            return False
        return True

    assert sum(at_once(20, deed)) == 1
    assert Override.objects.count() == 1
