"""Approvals that end by themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from leadping.models import Event
from sources.approval import approve_terms, draft_terms, expire_due, revoke_approval, submit_terms
from sources.decisions import ApprovalError
from sources.expiring import announce_expiring
from sources.models import Review, Source, Terms
from sources.versions import just_expired, terms_to_judge_by
from tests.races import at_once
from tests.situations import REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
END = NOW + timedelta(days=30)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def approve_until(source: Source, end: datetime | None, *, now: datetime = NOW) -> Terms:
    terms = draft_terms(source, {}, by="user_1", now=now)
    submit_terms(terms, by="user_1", reason=REASON, now=now)
    approve_terms(terms, by="user_2", reason="For now.", now=now, expires_at=end)
    return terms


@pytest.fixture
def source() -> Source:
    """Approved until END."""
    source: Source = SenderFactory.create(approved=False).source
    approve_until(source, END)
    return stored(source)


def stored(source: Source) -> Source:
    return Source.objects.select_related("terms_in_force").get(pk=source.pk)


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind))


def test_a_source_is_approved_up_to_the_second_of_its_end(source: Source) -> None:
    assert source.approved_at(END - SECOND)
    assert not source.approved_at(END)


def test_an_approval_without_an_end_has_none() -> None:
    source = SenderFactory.create().source
    assert source.approved_at(NOW + timedelta(days=36500))


def test_what_is_over_is_marked_as_expired(source: Source) -> None:
    version = source.version
    assert expire_due(END) == 1
    kept, review = stored(source), Review.objects.latest("id")
    assert (kept.terms_in_force, kept.version, source.terms.get().status) == (None, version + 1, "expired")
    assert (review.decision, review.by, review.reason) == (
        "expired",
        "system",
        "The approval ended on 14 Jul 2026, 12:00 UTC.",
    )
    assert [event.data["after"]["status"] for event in events("terms.expired")] == ["expired"]


def test_what_is_not_over_yet_is_left_alone(source: Source) -> None:
    assert expire_due(END - SECOND) == 0
    assert stored(source) == source
    assert source.terms.get().status == "approved"


@pytest.mark.django_db(transaction=True)
def test_however_many_mark_it_an_approval_expires_once(source: Source) -> None:
    assert sum(at_once(6, lambda _: expire_due(END))) == 1
    assert (Review.objects.filter(decision="expired").count(), len(events("terms.expired"))) == (1, 1)


def test_terms_that_replace_expired_ones_leave_them_expired(source: Source) -> None:
    approve_until(source, None, now=END)
    assert list(source.terms.order_by("number").values_list("status", flat=True)) == ["expired", "approved"]


def test_an_approval_that_is_over_cannot_be_revoked(source: Source) -> None:
    with pytest.raises(ApprovalError, match="not approved"):
        revoke_approval(source, by="user_2", reason="Stop.", now=END)


def test_expired_terms_judge_before_and_after_they_are_marked(source: Source) -> None:
    terms = source.terms_in_force
    assert terms_to_judge_by(source, dry=False, now=END) == terms
    expire_due(END)
    assert terms_to_judge_by(stored(source), dry=False, now=END) == terms


def test_a_dry_run_is_judged_by_the_draft_once_the_approval_is_over(source: Source) -> None:
    draft = draft_terms(source, {"states": ["TX"]}, by="user_1", now=NOW)
    assert terms_to_judge_by(source, dry=True, now=END - SECOND) == source.terms_in_force
    assert terms_to_judge_by(source, dry=True, now=END) == draft


def test_a_revoked_approval_is_no_expired_one(source: Source) -> None:
    expire_due(END)
    approve_until(source, None, now=END)
    revoke_approval(source, by="user_2", reason="Stop.", now=END)
    assert just_expired(source) is None


@pytest.mark.parametrize(
    ("ahead", "warned"),
    [(timedelta(days=14, seconds=1), 0), (timedelta(days=14), 1), (timedelta(seconds=1), 1), (-SECOND, 0)],
)
def test_the_end_is_announced_two_weeks_ahead(source: Source, ahead: timedelta, warned: int) -> None:
    assert announce_expiring(END - ahead) == warned
    assert len(events("terms.expiring")) == warned


def test_the_end_is_announced_once(source: Source) -> None:
    for days in (14, 13, 1):
        announce_expiring(END - timedelta(days=days))
    (event,) = events("terms.expiring")
    assert (event.subject, event.actor, event.data["expires_at"]) == (
        source.public_id,
        "system",
        "2026-07-14 12:00 UTC",
    )


def test_the_end_of_a_renewed_approval_is_announced_anew(source: Source) -> None:
    eve = END - timedelta(days=1)
    announce_expiring(eve)
    renewed = approve_until(source, END + timedelta(days=30), now=eve)
    announce_expiring(END + timedelta(days=29))
    assert events("terms.expiring")[1].data["terms"] == renewed.public_id


@pytest.mark.django_db(transaction=True)
def test_however_many_look_the_end_is_announced_once(source: Source) -> None:
    at_once(6, lambda _: announce_expiring(END - timedelta(days=1)))
    assert len(events("terms.expiring")) == 1
