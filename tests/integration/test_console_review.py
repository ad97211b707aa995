"""The review queue, the review page and deciding on many: who may decide, what is kept, what is shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.console.review.sight import GOOD_FOR_SECONDS
from sources.approval import draft_terms, narrow_terms, submit_terms, withdraw_terms
from sources.lifecycle import delete_source
from sources.models import Review, Source, Terms
from tests.reviews import QUEUE, decide, review_address, sealed
from tests.senders import flat_lead
from tests.situations import REASON, MemberFactory, SenderFactory, sign_in

EXAMPLE = '{"firstName": "Jordan", "phone": "+15125550123", "state": "TX", "trusted_form": "x"}'

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(member: Callable[[Role], User]) -> User:
    return member(Role.ADMIN)


@pytest.fixture
def reviewer(client: Client, member: Callable[[Role], User]) -> Client:
    sign_in(client, member(Role.COMPLIANCE))
    return client


def submitted(source: Source, by: User, **fields: Any) -> Terms:
    now = timezone.now()
    terms = draft_terms(source, {"states": ["TX"], **fields}, by=by.public_id, now=now)
    submit_terms(terms, by=by.public_id, reason=REASON, now=now)
    return Terms.objects.get(pk=terms.pk)


@pytest.fixture
def waiting(source: Source, asker: User) -> Terms:
    """Of a source approved for any state; these would narrow it to one."""
    return submitted(source, asker, consent_wording="You agree to calls.", example_payload=EXAMPLE)


def in_force(source: Source) -> int | None:
    source.refresh_from_db()
    return source.terms_in_force.number if source.terms_in_force else None


def test_the_queue_says_what_waits_who_asked_and_what_changes(
    reviewer: Client, waiting: Terms, asker: User
) -> None:
    page = reviewer.get(reverse(QUEUE)).text
    assert review_address(waiting) in page
    assert asker.email in page
    assert "States: + TX" in page


def test_the_navigation_counts_what_waits(reviewer: Client, waiting: Terms) -> None:
    assert 'class="count"' in reviewer.get(reverse("console:index")).text
    decide(reviewer, waiting)
    assert 'class="count"' not in reviewer.get(reverse("console:index")).text


def test_the_longest_wait_comes_first(reviewer: Client, business: Business, asker: User) -> None:
    names = []
    for days in (1, 9, 4):
        source = SenderFactory.create(business=business, approved=False).source
        source.terms.all().delete()
        terms = submitted(source, asker)
        Terms.objects.filter(pk=terms.pk).update(submitted_at=timezone.now() - timedelta(days=days))
        names.append(source.name)
    page = reviewer.get(reverse(QUEUE)).text
    assert sorted(names, key=page.index) == [names[1], names[2], names[0]]


def test_terms_of_a_deleted_source_wait_no_longer(reviewer: Client, waiting: Terms) -> None:
    delete_source(waiting.source, by="tests", reason="Over.", now=timezone.now())
    assert "Nothing waits for a decision" in reviewer.get(reverse(QUEUE)).text
    assert "The source is deleted" in decide(reviewer, waiting).text


def test_approved_terms_are_in_force_with_conditions_and_an_end(reviewer: Client, waiting: Terms) -> None:
    day = timezone.now().date() + timedelta(days=30)
    decide(reviewer, waiting, conditions="Texas only.", expires_on=day.isoformat())
    assert in_force(waiting.source) == 2
    terms = Terms.objects.get(pk=waiting.pk)
    assert terms.conditions == "Texas only."
    assert terms.expires_at == datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)


def test_an_end_in_the_past_is_told_in_the_form(reviewer: Client, waiting: Terms) -> None:
    page = decide(reviewer, waiting, expires_on="2020-01-01")
    assert "This day is over" in page.text
    assert in_force(waiting.source) == 1


@pytest.mark.parametrize("decision", ["changes_requested", "refused"])
def test_terms_that_are_turned_down_leave_those_in_force(
    reviewer: Client, waiting: Terms, decision: str
) -> None:
    decide(reviewer, waiting, decision, reason="Name the sender.", conditions="None of this counts.")
    assert in_force(waiting.source) == 1
    terms = Terms.objects.get(pk=waiting.pk)
    assert (terms.status, terms.conditions) == (decision, "")
    review = Review.objects.latest("id")
    assert (review.decision, review.reason) == (decision, "Name the sender.")


def test_the_source_says_why_terms_came_back(reviewer: Client, waiting: Terms) -> None:
    decide(reviewer, waiting, "changes_requested", reason="Name the sender.")
    page = reviewer.get(reverse("console:sources_source_change", args=[waiting.source_id])).text
    assert "Changes requested: terms 2" in page
    assert "Name the sender." in page


def test_a_decision_needs_a_reason_and_a_choice(reviewer: Client, waiting: Terms) -> None:
    assert "This field is required" in decide(reviewer, waiting, reason="  ").text
    assert "Choose one of the three" in decide(reviewer, waiting, "").text
    assert Terms.objects.get(pk=waiting.pk).status == Terms.Status.SUBMITTED


def test_a_review_keeps_what_was_seen(reviewer: Client, waiting: Terms) -> None:
    decide(reviewer, waiting)
    seen = Review.objects.latest("id").seen
    assert seen["terms"]["states"] == ["TX"]
    assert {"field": "states", "before": [], "after": ["TX"]} in seen["difference"]
    assert seen["example"]["outcome"] == "refused"
    assert "certificate_missing" in seen["example"]["codes"]
    assert seen["certificate"] is None
    assert {"code", "passed", "detail"} == set(seen["checklist"][0])
    page = reviewer.get(reverse("console:sources_review_change", args=[Review.objects.latest("id").pk])).text
    assert "What was seen" in page
    assert "TX" in page


def test_what_was_seen_is_what_the_page_showed_not_what_became_of_it(
    reviewer: Client, waiting: Terms
) -> None:
    page = reviewer.get(review_address(waiting)).text
    source = Source.objects.get(pk=waiting.source_id)
    Source.objects.filter(pk=source.pk).update(enabled=False)
    form = {"decision": "approved", "reason": "Fine.", **sealed(page)}
    reviewer.post(review_address(waiting), form)
    checklist = {item["code"]: item["passed"] for item in Review.objects.latest("id").seen["checklist"]}
    assert checklist["enabled"] is True


def test_a_page_that_compares_with_what_is_no_longer_in_force_decides_nothing(
    reviewer: Client, waiting: Terms
) -> None:
    page = reviewer.get(review_address(waiting)).text
    now = timezone.now()
    narrow_terms(waiting.source, {"states": ["OK", "TX"]}, by="tests", reason="Fewer.", now=now)
    form = {"decision": "approved", "reason": "Fine.", **sealed(page)}
    answer = reviewer.post(review_address(waiting), form).text
    assert "changed since you opened this page" in answer
    assert Terms.objects.get(pk=waiting.pk).status == Terms.Status.SUBMITTED


@pytest.mark.parametrize("fields", [{"states": []}, {"states": ["TX"]}], ids=["rewritten", "same words"])
def test_what_is_submitted_anew_is_not_decided_on_by_the_page_of_before(
    reviewer: Client, waiting: Terms, asker: User, fields: dict[str, Any]
) -> None:
    page = reviewer.get(review_address(waiting)).text
    withdraw_terms(waiting, by=asker.public_id, reason=REASON, now=timezone.now())
    submitted(waiting.source, asker, **fields)
    for decision in ("approved", "changes_requested", "refused"):
        form = {"decision": decision, "reason": "Read.", **sealed(page)}
        assert "changed since you opened this page" in reviewer.post(review_address(waiting), form).text
    assert Terms.objects.get(pk=waiting.pk).status == Terms.Status.SUBMITTED


@pytest.mark.parametrize("seen", ["", "nonsense", "a:b:c"])
def test_what_was_seen_cannot_be_made_up(reviewer: Client, waiting: Terms, seen: str) -> None:
    answer = decide(reviewer, waiting, seen=seen).text
    assert "Look at it again" in answer
    assert in_force(waiting.source) == 1


def test_a_page_left_open_for_long_decides_nothing(
    reviewer: Client, waiting: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reviewer.get(review_address(waiting)).text
    later = timezone.now().timestamp() + GOOD_FOR_SECONDS + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    form = {"decision": "approved", "reason": "Fine.", **sealed(page)}
    assert "lay open too long" in reviewer.post(review_address(waiting), form).text


def test_nobody_decides_on_terms_that_he_submitted(
    client: Client, source: Source, member: Callable[[Role], User]
) -> None:
    owner = member(Role.OWNER)
    sign_in(client, owner)
    terms = submitted(source, owner)
    page = client.get(review_address(terms)).text
    assert "you wrote or submitted these terms yourself" in page
    assert 'name="decision"' not in page
    client.post(review_address(terms), {"decision": "approved", "reason": "Mine.", **sealed(page)})
    assert in_force(source) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OPERATOR, Role.VIEWER])
def test_who_may_not_approve_may_look_and_is_told_so(
    client: Client, waiting: Terms, member: Callable[[Role], User], role: Role
) -> None:
    sign_in(client, member(role))
    page = client.get(review_address(waiting)).text
    assert "You may look at this" in page
    client.post(review_address(waiting), {"decision": "approved", "reason": "Mine.", **sealed(page)})
    assert in_force(waiting.source) == 1


def test_the_review_of_another_business_is_no_page(
    client: Client, waiting: Terms, other_business: Business
) -> None:
    sign_in(client, MemberFactory.create(business=other_business, role=Role.COMPLIANCE))
    assert client.get(review_address(waiting)).status_code in {302, 404}
    assert str(waiting.source) not in client.get(reverse(QUEUE)).text


@pytest.fixture
def reviewer_of_a_while_ago(member: Callable[[Role], User]) -> Client:
    browser = Client()
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        sign_in(browser, member(Role.COMPLIANCE))
    return browser


def test_who_signed_in_a_while_ago_looks_and_confirms_before_deciding(
    reviewer_of_a_while_ago: Client, waiting: Terms
) -> None:
    page = reviewer_of_a_while_ago.get(review_address(waiting)).text
    assert "States" in page
    assert reverse("account_reauthenticate") in page
    assert 'name="decision"' not in page


def test_what_was_written_stays_when_a_reviewer_has_to_confirm(
    reviewer_of_a_while_ago: Client, waiting: Terms
) -> None:
    page = decide(reviewer_of_a_while_ago, waiting, reason="All of it read.").text
    assert "Confirm that it is still you" in page
    assert "All of it read." in page
    assert in_force(waiting.source) == 1


def test_many_are_not_decided_on_by_who_signed_in_a_while_ago(
    reviewer_of_a_while_ago: Client, waiting: Terms
) -> None:
    asked = bulk(reviewer_of_a_while_ago, "approve", [waiting])
    assert "Is it still you?" in asked
    answer = bulk(reviewer_of_a_while_ago, "approve", [waiting], reason="Quickly.")
    assert "Confirm that it is still you" in answer
    assert in_force(waiting.source) == 1


def test_traffic_and_refusals_stand_beside_the_decision(
    reviewer: Client, waived_sender: Any, asker: User
) -> None:
    waived_sender.post(flat_lead(email="nonsense"))
    waived_sender.post(flat_lead())
    page = reviewer.get(review_address(submitted(waived_sender.source, asker))).text
    assert "Email invalid" in page
    assert "50%" in page


def test_what_people_wrote_is_never_markup(reviewer: Client, source: Source, asker: User) -> None:
    terms = submitted(source, asker, publisher="<script>alert(1)</script>", example_payload='{"<b>": 1}')
    for where in (review_address(terms), reverse(QUEUE)):
        page = reviewer.get(where).text
        assert "<script>alert" not in page
        assert "<b>" not in page


def bulk(reviewer: Client, action: str, chosen: list[Terms], **fields: str) -> str:
    form = {"action": action, ACTION_CHECKBOX_NAME: [str(terms.pk) for terms in chosen], **fields}
    return reviewer.post(reverse(QUEUE), form, follow=True).text


@pytest.fixture
def several(business: Business, asker: User) -> list[Terms]:
    return [submitted(SenderFactory.create(business=business).source, asker) for _ in range(3)]


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("changes", "changes_requested")])
def test_many_are_decided_on_after_a_preview_of_each(
    reviewer: Client, several: list[Terms], action: str, status: str
) -> None:
    preview = bulk(reviewer, action, several)
    assert all(str(terms) in preview for terms in several)
    assert Terms.objects.filter(status="submitted").count() == 3
    done = bulk(reviewer, action, several, reason="All read.", **sealed(preview))
    assert "3 of 3 decided" in done
    assert Terms.objects.filter(pk__in=[terms.pk for terms in several], status=status).count() == 3
    assert all(review.seen["checklist"] for review in Review.objects.filter(reason="All read."))


def test_what_was_in_no_preview_is_not_decided_on(reviewer: Client, several: list[Terms]) -> None:
    preview = bulk(reviewer, "approve", several[:2])
    done = bulk(reviewer, "approve", several, reason="All read.", **sealed(preview))
    assert "2 of 3 decided" in done
    assert Terms.objects.get(pk=several[2].pk).status == "submitted"


def test_what_is_submitted_anew_since_the_preview_of_many_is_left_as_it_waits(
    reviewer: Client, several: list[Terms], asker: User
) -> None:
    shown = sealed(bulk(reviewer, "approve", several))
    withdraw_terms(several[0], by=asker.public_id, reason=REASON, now=timezone.now())
    submitted(several[0].source, asker, states=["NY"])
    bulk(reviewer, "approve", several, reason="All read.", **shown)
    assert Terms.objects.get(pk=several[0].pk).status == Terms.Status.SUBMITTED
    assert Terms.objects.get(pk=several[1].pk).status == Terms.Status.APPROVED


def test_ones_own_terms_are_left_out_of_many(
    client: Client, several: list[Terms], asker: User, source: Source, member: Callable[[Role], User]
) -> None:
    owner = member(Role.OWNER)
    sign_in(client, owner)
    own = submitted(source, owner)
    preview = bulk(client, "approve", [*several, own])
    assert "Left out" in preview
    bulk(client, "approve", [*several, own], reason="All read.", **sealed(preview))
    assert Terms.objects.get(pk=own.pk).status == "submitted"


def test_deciding_on_many_needs_a_reason(reviewer: Client, several: list[Terms]) -> None:
    preview = bulk(reviewer, "approve", several)
    assert "This field is required" in bulk(reviewer, "approve", several, reason="", **sealed(preview))


@pytest.mark.parametrize("chosen", ["", "nonsense", "01890000-0000-7000-8000-000000000000"])
def test_nonsense_among_the_chosen_is_no_error(reviewer: Client, chosen: str) -> None:
    form = {"action": "approve", ACTION_CHECKBOX_NAME: chosen}
    assert "None of these can be decided on" in reviewer.post(reverse(QUEUE), form).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "99"])
def test_a_page_of_the_queue_that_does_not_exist_is_no_error(reviewer: Client, page: str) -> None:
    assert reviewer.get(reverse(QUEUE), {"p": page}).status_code == 200


def test_the_queue_asks_as_much_for_many_as_for_one(
    reviewer: Client, business: Business, asker: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        submitted(SenderFactory.create(business=business).source, asker)
    reviewer.get(reverse(QUEUE))
    with django_assert_max_num_queries(10):
        reviewer.get(reverse(QUEUE))
