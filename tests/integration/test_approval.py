"""The approval of a source: from which state each step works, and exactly what it leaves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from leadping.models import Event
from sources.approval import (
    approve_terms,
    draft_terms,
    expire_due,
    refuse_terms,
    request_changes,
    revoke_approval,
    submit_terms,
    withdraw_terms,
)
from sources.basis import basis_of
from sources.decisions import ApprovalError, OutOfDateError
from sources.models import Review, Source, Terms
from sources.versions import terms_in_the_making
from tests.situations import REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
BY = "user_1"
REVIEWER = "user_2"
A_DAY = timedelta(days=1)
Status = Terms.Status

pytestmark = pytest.mark.django_db


def draft(source: Source, **fields: Any) -> Terms:
    return draft_terms(source, {"states": ["TX"], **fields}, by=BY, now=NOW)


def submit(terms: Terms) -> None:
    submit_terms(terms, by=BY, reason=REASON, now=NOW)


def approve(terms: Terms, reason: str = "Seen.") -> None:
    approve_terms(terms, by=REVIEWER, reason=reason, now=NOW)


def ask_for_changes(terms: Terms) -> None:
    request_changes(terms, by=REVIEWER, reason="Unclear.", now=NOW)


def refuse(terms: Terms) -> None:
    refuse_terms(terms, by=REVIEWER, reason="No.", now=NOW)


def withdraw(terms: Terms) -> None:
    withdraw_terms(terms, by=BY, reason=REASON, now=NOW)


def revoke(source: Source, reason: str = "Stop.") -> None:
    revoke_approval(source, by=REVIEWER, reason=reason, now=NOW)


@pytest.fixture
def new_source() -> Source:
    """With a first draft, not approved."""
    source: Source = SenderFactory.create(approved=False).source
    return source


def terms_in(status: Status, source: Source) -> Terms:
    """The source's first terms, brought to a status."""
    first = source.terms.get(number=1)
    if status is not Status.DRAFT:
        submit(first)
    if status is Status.CHANGES_REQUESTED:
        ask_for_changes(first)
    if status is Status.REFUSED:
        refuse(first)
    if status in {Status.APPROVED, Status.SUPERSEDED, Status.REVOKED}:
        approve(first)
    if status is Status.EXPIRED:
        approve_terms(first, by=REVIEWER, reason="For a day.", now=NOW, expires_at=NOW + A_DAY)
        expire_due(NOW + A_DAY)
    if status is Status.SUPERSEDED:
        second = draft(source)
        submit(second)
        approve(second)
    if status is Status.REVOKED:
        revoke(source)
    first.refresh_from_db()
    return first


def state_of(source: Source) -> dict[str, Any]:
    """All that a step of approval may touch."""
    kept = Source.objects.get(pk=source.pk)
    in_force = kept.terms_in_force
    return {
        "terms": list(source.terms.order_by("number").values_list("number", "status")),
        "in_force": in_force.number if in_force else None,
        "reviews": list(
            Review.objects.filter(terms__source=source).order_by("id").values_list("decision", "by", "reason")
        ),
        "events": list(
            Event.objects.filter(
                subject=source.public_id, kind__startswith="terms.", actor__in=(BY, REVIEWER)
            )
            .order_by("id")
            .values_list("kind", "data__number", "reason")
        ),
        "version": kept.version,
    }


def test_terms_go_from_draft_through_submitted_to_approved(new_source: Source) -> None:
    version = new_source.version
    first = new_source.terms.get()
    submit(first)
    assert state_of(new_source) == {
        "terms": [(1, "submitted")],
        "in_force": None,
        "reviews": [],
        "events": [("terms.submitted", 1, REASON)],
        "version": version,
    }
    approve(first)
    assert state_of(new_source) == {
        "terms": [(1, "approved")],
        "in_force": 1,
        "reviews": [("approved", REVIEWER, "Seen.")],
        "events": [("terms.submitted", 1, REASON), ("terms.approved", 1, "Seen.")],
        "version": version + 1,
    }


def test_new_terms_take_the_place_of_those_in_force(new_source: Source) -> None:
    terms_in(Status.APPROVED, new_source)
    version = state_of(new_source)["version"]
    second = draft(new_source)
    submit(second)
    approve(second, "Wider.")
    after = state_of(new_source)
    assert (after["terms"], after["in_force"], after["version"]) == (
        [(1, "superseded"), (2, "approved")],
        2,
        version + 1,
    )
    assert after["events"][-3:] == [
        ("terms.drafted", 2, ""),
        ("terms.submitted", 2, REASON),
        ("terms.approved", 2, "Wider."),
    ]


def test_an_approval_is_of_terms_compared_with_those_still_in_force(new_source: Source) -> None:
    first = terms_in(Status.APPROVED, new_source)
    second = draft(new_source, states=["TX", "OK"])
    submit(second)
    before = state_of(new_source)
    with pytest.raises(OutOfDateError):
        approve_terms(second, by=REVIEWER, reason="Seen.", now=NOW, shown=basis_of(second, None))
    assert state_of(new_source) == before
    approve_terms(second, by=REVIEWER, reason="Seen.", now=NOW, shown=basis_of(second, first))
    assert Source.objects.get(pk=new_source.pk).terms_in_force == second


def test_revoking_takes_the_terms_in_force_away(new_source: Source) -> None:
    terms_in(Status.APPROVED, new_source)
    version = state_of(new_source)["version"]
    revoke(new_source)
    after = state_of(new_source)
    assert (after["terms"], after["in_force"], after["version"]) == ([(1, "revoked")], None, version + 1)
    assert after["reviews"][-1] == ("revoked", REVIEWER, "Stop.")
    assert after["events"][-1] == ("terms.revoked", 1, "Stop.")
    assert not Source.objects.get(pk=new_source.pk).approved


STEPS: dict[str, tuple[Callable[[Terms], None], Status]] = {
    "submit": (submit, Status.DRAFT),
    "approve": (approve, Status.SUBMITTED),
    "ask for changes": (ask_for_changes, Status.SUBMITTED),
    "refuse": (refuse, Status.SUBMITTED),
    "withdraw": (withdraw, Status.SUBMITTED),
}


@pytest.mark.parametrize(("step", "allowed"), STEPS.values(), ids=STEPS.keys())
@pytest.mark.parametrize("status", Status)
def test_a_step_works_from_its_one_status_and_changes_nothing_from_others(
    new_source: Source, step: Callable[[Terms], None], allowed: Status, status: Status
) -> None:
    terms = terms_in(status, new_source)
    before = state_of(new_source)
    if status is allowed:
        step(terms)
        assert state_of(new_source) != before
    else:
        with pytest.raises(ApprovalError):
            step(terms)
        assert state_of(new_source) == before


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.APPROVED, Status.SUPERSEDED}))
def test_there_is_nothing_to_revoke_while_nothing_is_in_force(new_source: Source, status: Status) -> None:
    terms_in(status, new_source)
    before = state_of(new_source)
    with pytest.raises(ApprovalError, match="not approved"):
        revoke(new_source)
    assert state_of(new_source) == before


def test_a_superseded_version_does_not_keep_its_successor_from_being_revoked(new_source: Source) -> None:
    terms_in(Status.SUPERSEDED, new_source)
    revoke(new_source)
    assert state_of(new_source)["terms"] == [(1, "superseded"), (2, "revoked")]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_without_a_reason_changes_nothing(new_source: Source, reason: str) -> None:
    first = terms_in(Status.SUBMITTED, new_source)
    before = state_of(new_source)
    with pytest.raises(ApprovalError, match="needs a reason"):
        approve(first, reason)
    assert state_of(new_source) == before
    approve(first)
    before = state_of(new_source)
    with pytest.raises(ApprovalError, match="needs a reason"):
        revoke(new_source, reason)
    assert state_of(new_source) == before


def test_a_draft_may_be_changed_until_it_is_submitted(new_source: Source) -> None:
    changed = draft(new_source, states=["OK"], publisher="A publisher")
    assert (changed.number, changed.status) == (1, "draft")
    kept = new_source.terms.get()
    assert (kept.states, kept.publisher) == (["OK"], "A publisher")


def test_while_terms_wait_for_a_decision_no_draft_is_made(new_source: Source) -> None:
    terms_in(Status.SUBMITTED, new_source)
    with pytest.raises(ApprovalError, match="waiting for a decision"):
        draft(new_source)
    assert state_of(new_source)["terms"] == [(1, "submitted")]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.SUBMITTED}))
def test_after_a_decision_a_draft_is_a_new_version(new_source: Source, status: Status) -> None:
    old = terms_in(status, new_source)
    made = draft(new_source, states=["OK"])
    assert made.number == new_source.terms.count()
    old.refresh_from_db()
    assert (old.states, old.status) == ([], status)


def test_an_exception_from_trustedform_needs_its_reason(new_source: Source) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(new_source, trustedform_required=False, exception_reason="")
    assert new_source.terms.get().trustedform_required


def test_terms_that_were_decided_on_are_not_in_the_making(new_source: Source) -> None:
    terms_in(Status.REVOKED, new_source)
    assert terms_in_the_making(new_source) is None
    made = draft(new_source)
    assert terms_in_the_making(new_source) == made


def test_the_database_keeps_one_version_in_force(new_source: Source) -> None:
    terms_in(Status.APPROVED, new_source)
    with pytest.raises(IntegrityError), transaction.atomic():
        Terms.objects.create(
            business=new_source.business, source=new_source, number=9, status=Status.APPROVED, created_by=BY
        )
