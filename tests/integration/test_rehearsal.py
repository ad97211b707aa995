"""An example payload under the rules of intake."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from leadping.verdicts import Verdict
from leads.intake.rehearse import rehearse
from leads.models import Submission
from sources.models import CapCount, Source, Terms
from tests.senders import Sender, faults, flat_lead
from tests.situations import SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
TERMS = Terms(number=2, states=["TX"], products=["Final expense"], trustedform_required=True)


def rehearsed(source: Source, payload: Any, terms: Terms = TERMS) -> list[Verdict]:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return rehearse(source, terms, text, now=NOW)


def failed(verdicts: list[Verdict]) -> set[tuple[str, str | None]]:
    return {(verdict.code, verdict.field) for verdict in verdicts if not verdict.passed}


def test_a_payload_that_intake_would_take_passes(source: Source) -> None:
    verdicts = rehearsed(source, flat_lead())
    assert failed(verdicts) == set()
    assert {"contact_missing", "state_not_allowed", "product_not_allowed"} <= {v.code for v in verdicts}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            flat_lead(state="CA", product=None),
            {("state_not_allowed", "state"), ("product_missing", "product")},
        ),
        (flat_lead(trustedFormUrl=None), {("certificate_missing", "trustedFormUrl")}),
        (flat_lead(birthDate="1970-02-30"), {("date_invalid", "birthDate")}),
        (flat_lead(favouriteColour="blue"), {("field_unknown", "favouriteColour")}),
        ("{", {("json_malformed", None)}),
        ("", {("json_malformed", None)}),
        ("[]", {("json_malformed", None)}),
        ("\ud800", {("json_malformed", None)}),
        ('{"a": "' + "x" * 70_000 + '"}', {("body_too_large", None)}),
    ],
)
def test_every_fault_is_told_with_its_field(
    source: Source, sent: Any, told: set[tuple[str, str | None]]
) -> None:
    assert failed(rehearsed(source, sent)) == told


@pytest.mark.django_db
def test_a_rehearsal_finds_what_the_door_finds() -> None:
    sender: Sender = SenderFactory.create(terms__states=["TX"], terms__verticals=["Insurance"])
    sent = flat_lead(state="CA", phone="555", trustedFormUrl="https://example.com/proof.png")
    assert sender.source.terms_in_force
    assert failed(rehearsed(sender.source, sent, sender.source.terms_in_force)) == faults(sender.post(sent))


def test_a_rehearsal_leaves_nothing(source: Source) -> None:
    rehearsed(source, flat_lead())
    assert (Submission.objects.count(), CapCount.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_disabled_source_out_of_hours_may_be_rehearsed() -> None:
    source = SenderFactory.create(enabled=False, settings__schedule_days=[0], settings__cap_per_day=1).source
    assert failed(rehearsed(source, flat_lead())) == set()


def test_a_draft_that_is_not_stored_yet_may_be_rehearsed(source: Source) -> None:
    terms = Terms(source=source, trustedform_required=False, exception_reason="A call center.")
    assert failed(rehearsed(source, flat_lead(trustedFormUrl=None), terms)) == set()
