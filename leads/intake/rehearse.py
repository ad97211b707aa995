"""An example payload under the rules of intake: nothing is stored, and nobody is asked."""

from datetime import datetime
from hashlib import sha256

from leadping.verdicts import Verdict
from leads.intake.arrival import Arrival, DryRun
from leads.intake.case import Case
from leads.intake.envelope import JSON
from leads.intake.examine import judge_lead, weigh
from leads.intake.opening import read
from leads.models import Submission
from sources.models import Source, Terms


def rehearse(source: Source, terms: Terms, payload: str, *, now: datetime) -> list[Verdict]:
    """What intake would find about this JSON at the flat door if the terms, which may be a draft, were in
    force. What depends on the moment, the sending system or other leads is left out."""
    case = Case(to_flat_door(payload, now), source, terms=terms)
    if weigh(case) and read(case):
        judge_lead(case)
    return case.verdicts


def to_flat_door(payload: str, now: datetime) -> Arrival:
    sent = payload.encode("utf-8", "surrogatepass")
    return Arrival(
        door=Submission.Door.FLAT,
        headers={},
        query=[],
        content_type=JSON,
        sent=sent,
        sent_sha256=sha256(sent).digest(),
        ip="127.0.0.1",
        user_agent="",
        request_id="",
        received_at=now,
        idempotency_key=None,
        dry_run=DryRun.LOCAL,
    )
