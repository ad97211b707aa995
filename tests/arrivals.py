"""Requests as intake knows them, without HTTP: for tests that choose the moment or the order of things."""

import json
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from django.utils import timezone

from leads.intake.arrival import Arrival, DryRun
from leads.models import Submission
from tests.senders import JSON, Lead, Sender


def arrival(
    door: Submission.Door = Submission.Door.FLAT, *, sent: bytes = b"{}", **differences: object
) -> Arrival:
    """A request without credentials; `differences` replace what else it has."""
    usual = Arrival(
        door=door,
        headers={},
        query=[],
        content_type=JSON,
        sent=sent,
        sent_sha256=sha256(sent).digest(),
        ip="203.0.113.7",
        user_agent="sender/1.0",
        request_id="req_1",
        received_at=timezone.now(),
        idempotency_key=None,
        dry_run=DryRun.NO,
    )
    return replace(usual, **differences)  # type: ignore[arg-type]


def arrival_of(
    sender: Sender, lead: Lead, *, at: datetime | None = None, idempotency_key: str | None = None
) -> Arrival:
    """The lead at the flat door."""
    return arrival(
        sent=json.dumps(lead).encode(),
        headers=sender.credentials,
        received_at=at or timezone.now(),
        idempotency_key=idempotency_key,
    )
