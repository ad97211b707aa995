"""Decisions are tied to the log: who edits a review or the terms it was about is found out."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from leadping.audit.findings import Fault
from leadping.audit.verification import verify
from leadping.chain import chain_everything
from sources.models import Review, Source, Terms
from tests.situations import SenderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> Source:
    """With terms in force, all of it in the chain."""
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads.jsonl")
    source = Source.objects.get(pk=SenderFactory.create().source.pk)
    chain_everything()
    return source


def found(source: Source) -> list[str]:
    report = verify(now=timezone.now(), businesses=[source.business])
    assert {finding.fault for finding in report.findings} <= {Fault.ALTERED}
    return [finding.detail for finding in report.findings]


def test_rows_that_nobody_touched_are_those_that_were_decided_on(source: Source) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    "edited", [{"reason": "Forged."}, {"by": "user_forged"}, {"seen": {}}, {"conditions": "None."}]
)
def test_a_review_that_was_edited_is_named(source: Source, edited: dict[str, object]) -> None:
    review = Review.objects.get(terms__source=source)
    Review.objects.filter(pk=review.pk).update(**edited)
    assert found(source) == [f"The review {review.public_id} is not what it was when it was decided."]


def test_a_review_whose_time_was_moved_is_named(source: Source) -> None:
    review = Review.objects.get(terms__source=source)
    Review.objects.filter(pk=review.pk).update(at=review.at - timedelta(microseconds=1))
    assert review.public_id in found(source)[0]


def test_terms_that_were_widened_behind_our_back_are_named(source: Source) -> None:
    terms = Terms.objects.get(source=source)
    Terms.objects.filter(pk=terms.pk).update(states=["CA", "NY"])
    assert found(source) == [f"The terms {terms.public_id} are not those that were decided on."]


def test_a_review_that_was_removed_is_told(source: Source) -> None:
    Review.objects.filter(terms__source=source).delete()
    [detail] = found(source)
    assert detail.endswith("is gone.")
