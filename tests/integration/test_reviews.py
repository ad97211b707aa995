"""Decisions on terms: who may take them, and what stays on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadping.accounts.models import Business
from leadping.models import Event
from sources.approval import (
    approve_terms,
    draft_terms,
    narrow_terms,
    refuse_terms,
    request_changes,
    submit_terms,
    withdraw_terms,
)
from sources.decisions import ApprovalError
from sources.lifecycle import delete_source
from sources.models import Review, Source, Terms
from sources.versions import start_of_draft
from tests.races import at_once
from tests.situations import REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
BY = "user_1"
REVIEWER = "user_2"

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    """Approved for Texas and Oklahoma, until LATER and on a condition."""
    source: Source = SenderFactory.create(approved=False, terms__states=["TX", "OK"]).source
    first = source.terms.get()
    submit_terms(first, by=BY, reason=REASON, now=NOW)
    approve_terms(first, by=REVIEWER, reason="Seen.", now=NOW, conditions="Calls only.", expires_at=LATER)
    source.refresh_from_db()
    return source


def submitted(source: Source, **fields: Any) -> Terms:
    terms = draft_terms(source, fields, by=BY, now=NOW)
    submit_terms(terms, by=BY, reason=REASON, now=NOW)
    return terms


def stored(source: Source) -> Source:
    return Source.objects.select_related("terms_in_force").get(pk=source.pk)


def last_event(source: Source) -> Event:
    return Event.objects.filter(subject=source.public_id).latest("id")


def test_an_approval_keeps_its_conditions_and_its_end(source: Source) -> None:
    terms, review = source.terms.get(), Review.objects.get()
    assert (terms.conditions, terms.expires_at, terms.submitted_by) == ("Calls only.", LATER, BY)
    assert (review.conditions, review.expires_at, review.by) == ("Calls only.", LATER, REVIEWER)


def test_an_approval_says_what_it_changed(source: Source) -> None:
    data = last_event(source).data
    assert data.pop("fingerprints")["of"] == Review.objects.get().public_id
    assert data == {
        "terms": source.terms.get().public_id,
        "number": 1,
        "before": {"status": "submitted", "terms_in_force": None},
        "after": {
            "status": "approved",
            "terms_in_force": 1,
            "conditions": "Calls only.",
            "expires_at": "2026-07-14T12:00:00Z",
        },
    }


@pytest.mark.parametrize("expires_at", [NOW, NOW - timedelta(seconds=1)])
def test_an_approval_that_is_over_already_is_none(source: Source, expires_at: datetime) -> None:
    waiting = submitted(source, states=["TX"])
    with pytest.raises(ApprovalError, match="in the future"):
        approve_terms(waiting, by=REVIEWER, reason="Seen.", now=NOW, expires_at=expires_at)
    assert stored(source).terms_in_force == source.terms_in_force


DECISIONS = {"approve": approve_terms, "ask for changes": request_changes, "refuse": refuse_terms}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_nobody_decides_on_terms_they_submitted(source: Source, decide: Any) -> None:
    waiting = submitted(source, states=["NM"])
    with pytest.raises(ApprovalError, match="Somebody else"):
        decide(waiting, by=BY, reason="Fine.", now=NOW)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_nobody_decides_on_words_they_wrote_whoever_submitted_them(source: Source, decide: Any) -> None:
    draft_terms(source, {"states": ["NM"]}, by=REVIEWER, now=NOW)
    waiting = submitted(source, partner="A partner")
    with pytest.raises(ApprovalError, match="Somebody else"):
        decide(waiting, by=REVIEWER, reason="Fine.", now=NOW)
    assert Review.objects.count() == 1


def test_the_author_of_terms_sent_back_is_an_author_of_the_next(source: Source) -> None:
    request_changes(submitted(source, states=["NM"]), by="user_3", reason="Why?", now=NOW)
    next_one = draft_terms(source, {"partner": "A partner"}, by=REVIEWER, now=NOW)
    assert next_one.edited_by == [BY, REVIEWER]


def test_a_page_cannot_say_what_the_terms_were(source: Source) -> None:
    seen = {"terms": {"states": ["CA"]}, "difference": [], "other": 1}
    approve_terms(submitted(source, states=["NM"]), by=REVIEWER, reason="Read.", now=NOW, seen=seen)
    kept = Review.objects.latest("id").seen
    assert (kept["terms"]["states"], len(kept["difference"]), "other" in kept) == (["NM"], 1, False)


def test_a_business_may_let_people_decide_on_their_own_terms(source: Source) -> None:
    waiting = submitted(source, states=["NM"])
    Business.objects.update(separate_reviewer=False)
    approve_terms(waiting, by=BY, reason="There is only me.", now=NOW)
    assert stored(source).terms_in_force == waiting


def test_what_a_command_submits_a_command_may_approve(source: Source) -> None:
    terms = draft_terms(source, {"states": ["NM"]}, by="cli", now=NOW)
    submit_terms(terms, by="cli", reason=REASON, now=NOW)
    approve_terms(terms, by="cli", reason="Set up.", now=NOW)
    assert stored(source).terms_in_force == terms


@pytest.mark.parametrize(
    ("decide", "decision"), [(request_changes, "changes_requested"), (refuse_terms, "refused")]
)
def test_a_no_leaves_in_force_what_was(source: Source, decide: Any, decision: str) -> None:
    waiting = submitted(source, states=["NM"])
    version = stored(source).version
    decide(waiting, by=REVIEWER, reason="The wording names no sender.", now=NOW)
    kept, review = stored(source), Review.objects.latest("id")
    assert (kept.terms_in_force, kept.version, waiting.status) == (source.terms_in_force, version, decision)
    assert (review.decision, review.reason) == (decision, "The wording names no sender.")
    assert last_event(source).data["after"] == {"status": decision, "terms_in_force": 1}


def test_a_review_keeps_what_was_seen(source: Source) -> None:
    seen = {"example": {"outcome": "accepted", "codes": []}, "certificate": None, "checklist": []}
    request_changes(submitted(source, states=["NM"]), by=REVIEWER, reason="Why?", now=NOW, seen=seen)
    kept = Review.objects.latest("id").seen
    assert {name: kept[name] for name in seen} == seen
    assert (kept["terms"]["states"], kept["terms"]["trustedform_required"]) == (["NM"], True)
    assert kept["difference"] == [{"field": "states", "before": ["TX", "OK"], "after": ["NM"]}]


def test_after_changes_were_asked_for_the_next_draft_starts_from_these_terms(source: Source) -> None:
    request_changes(submitted(source, publisher="A publisher"), by=REVIEWER, reason="And?", now=NOW)
    start = start_of_draft(source)
    assert start
    assert (start.number, start.status) == (2, "changes_requested")
    draft = draft_terms(source, {"partner": "A partner"}, by=BY, now=NOW)
    assert (draft.number, draft.publisher, draft.partner) == (3, "A publisher", "A partner")
    assert last_event(source).data["after"] == {"partner": "A partner"}


def test_after_a_refusal_the_next_draft_starts_from_what_is_in_force(source: Source) -> None:
    refuse_terms(submitted(source, publisher="A publisher"), by=REVIEWER, reason="No.", now=NOW)
    assert start_of_draft(source) == source.terms_in_force


def test_an_event_tells_what_a_draft_changes_and_what_was(source: Source) -> None:
    draft_terms(source, {"states": ["TX"], "publisher": "A"}, by=BY, now=NOW)
    draft_terms(source, {"states": ["TX"], "publisher": "B"}, by=BY, now=NOW)
    first, second = Event.objects.filter(kind__in=["terms.drafted", "terms.redrafted"]).order_by("id")[1:]
    assert (first.data["before"], first.data["after"]) == (
        {"states": ["TX", "OK"], "publisher": ""},
        {"states": ["TX"], "publisher": "A"},
    )
    assert (second.data["before"], second.data["after"]) == ({"publisher": "A"}, {"publisher": "B"})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('{"phone": "1"}', '{"phone": "1"}'),
        ('{"phone":"1","api_key":"k"}', '{\n  "phone": "1",\n  "api_key": "[redacted]"\n}'),
        ("{ api_key=k", "{ api_key=[redacted]"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_an_example_is_kept_without_the_credentials_in_it(source: Source, written: str, kept: str) -> None:
    draft = draft_terms(source, {"example_payload": written}, by=BY, now=NOW)
    assert Terms.objects.get(pk=draft.pk).example_payload == kept


def test_a_draft_saved_unchanged_leaves_no_event(source: Source) -> None:
    draft_terms(source, {"states": ["TX"]}, by=BY, now=NOW)
    events = Event.objects.count()
    draft_terms(source, {"states": ["TX"]}, by=BY, now=NOW)
    assert Event.objects.count() == events


def test_who_asked_may_take_the_question_back(source: Source) -> None:
    waiting = submitted(source, states=["NM"])
    withdraw_terms(waiting, by=BY, reason=REASON, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.submitted_at, waiting.submitted_by) == ("draft", None, "")
    assert (last_event(source).kind, last_event(source).actor) == ("terms.withdrawn", BY)


def test_nobody_else_takes_a_question_back(source: Source) -> None:
    waiting = submitted(source, states=["NM"])
    with pytest.raises(ApprovalError, match="Only who submitted"):
        withdraw_terms(waiting, by=REVIEWER, reason=REASON, now=NOW)
    assert Terms.objects.get(pk=waiting.pk).status == "submitted"


def test_what_was_withdrawn_changed_and_submitted_anew_is_not_what_a_reviewer_read(source: Source) -> None:
    waiting = submitted(source, states=["NM"])
    read = Terms.objects.get(pk=waiting.pk)
    withdraw_terms(waiting, by=BY, reason=REASON, now=NOW)
    draft_terms(source, {"states": []}, by=BY, now=NOW)
    submit_terms(Terms.objects.get(pk=waiting.pk), by=BY, reason=REASON, now=NOW + timedelta(minutes=1))
    with pytest.raises(ApprovalError):
        approve_terms(read, by=REVIEWER, reason="Read.", now=NOW)
    assert stored(source).terms_in_force == source.terms_in_force


def test_narrowing_is_in_force_at_once(source: Source) -> None:
    version = stored(source).version
    narrowed = narrow_terms(source, {"states": ["TX"]}, by=REVIEWER, reason="Complaints.", now=NOW)
    kept, review = stored(source), Review.objects.latest("id")
    assert (kept.terms_in_force, kept.version, narrowed.number) == (narrowed, version + 1, 2)
    assert list(source.terms.order_by("number").values_list("status", flat=True)) == [
        "superseded",
        "approved",
    ]
    assert (review.terms, review.decision, review.reason) == (narrowed, "narrowed", "Complaints.")


def test_a_narrowed_version_ends_when_the_one_before_would_have(source: Source) -> None:
    narrowed = narrow_terms(source, {"states": ["TX"]}, by=REVIEWER, reason="Complaints.", now=NOW)
    assert (narrowed.expires_at, narrowed.conditions) == (LATER, "Calls only.")


def test_an_event_tells_what_was_narrowed(source: Source) -> None:
    narrow_terms(source, {"states": ["TX"]}, by=REVIEWER, reason="Complaints.", now=NOW)
    data = last_event(source).data
    assert (data["before"]["states"], data["after"]["states"]) == (["TX", "OK"], ["TX"])
    assert (data["before"]["terms_in_force"], data["after"]["terms_in_force"]) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"states": ["TX", "NM"]}, "NM would be added"),
        ({"states": ["TX"], "consent_wording": "New."}, "another text needs a review"),
        ({"states": ["TX", "OK"]}, "Nothing would change"),
        ({}, "Nothing would change"),
    ],
)
def test_what_is_not_narrower_needs_a_review(source: Source, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ApprovalError, match=said):
        narrow_terms(source, fields, by=REVIEWER, reason="Complaints.", now=NOW)
    assert source.terms.count() == 1


def test_a_source_without_terms_in_force_cannot_be_narrowed() -> None:
    unapproved = SenderFactory.create(approved=False).source
    with pytest.raises(ApprovalError, match="not approved"):
        narrow_terms(unapproved, {"states": ["TX"]}, by=REVIEWER, reason="Complaints.", now=NOW)


def test_a_narrowing_leaves_a_question_that_waits_in_place(source: Source) -> None:
    waiting = submitted(source, states=["TX", "OK", "NM"])
    narrow_terms(source, {"states": ["TX"]}, by=REVIEWER, reason="Complaints.", now=NOW)
    approve_terms(waiting, by=REVIEWER, reason="Mended.", now=NOW)
    assert stored(source).terms_in_force == waiting
    assert Review.objects.latest("id").seen["difference"][0]["before"] == ["TX"]


def test_nothing_is_decided_about_a_deleted_source(source: Source) -> None:
    waiting = submitted(source, states=["NM"])
    delete_source(source, by=BY, reason="Gone.", now=NOW)
    with pytest.raises(ApprovalError, match="deleted"):
        approve_terms(waiting, by=REVIEWER, reason="Seen.", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_the_same_instant_one_decides(source: Source) -> None:
    waiting = submitted(source, states=["NM"])

    def decide(number: int) -> bool:
        verb = (approve_terms, refuse_terms)[number % 2]
        try:
            verb(Terms.objects.get(pk=waiting.pk), by=REVIEWER, reason="Seen.", now=NOW)
        except ApprovalError:
            return False
        return True

    assert sum(at_once(8, decide)) == 1
    assert Review.objects.filter(terms=waiting).count() == 1
