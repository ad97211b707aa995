"""What the sender is told: one JSON body for what was taken, one for what was refused."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import Any

from compliance.certificates import stated_outcome
from leadping.problems import CONTENT_TYPE, describe, problem_body
from leadping.verdicts import Effect, Verdict, failures
from leads.intake.case import Case
from leads.intake.problems import CATALOGUE


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def answer(case: Case, *, submission_id: str, lead_id: str) -> Reply:
    """The answer to a judged case; `lead_id` names the lead that is about to be stored, if any."""
    if case.original:
        return Reply(201, case.original.answer, headers={"Idempotency-Replayed": "true"})
    if case.refusals:
        return refuse(case, submission_id)
    return take(case, submission_id, lead_id)


def refuse(case: Case, submission_id: str) -> Reply:
    """The first refusal gives the status; all of them are told."""
    refusals = case.refusals
    problem = CATALOGUE[refusals[0].code]
    detail = refusals[0].detail if len(refusals) == 1 else f"There are {len(refusals)} faults; see errors."
    warnings = [describe(advise(verdict)) for verdict in failures(case.verdicts, Effect.WARN)]
    members: dict[str, Any] = {"submissionId": submission_id, "warnings": warnings}
    if case.dry:
        members["dryRun"] = True
    body = problem_body(
        problem,
        detail=detail,
        errors=list(map(advise, refusals)),
        request_id=case.arrival.request_id,
        **members,
    )
    return Reply(problem.status, body, CONTENT_TYPE, headers_of(case) if problem.status == 429 else {})


def advise(verdict: Verdict) -> Verdict:
    """Where a check has no hint of its own, what the page of the code says to do."""
    return verdict if verdict.hint else replace(verdict, hint=CATALOGUE[verdict.code].remedy)


def headers_of(case: Case) -> dict[str, str]:
    if case.retry_at is None:
        return {}
    return {"Retry-After": str(ceil((case.retry_at - case.arrival.received_at).total_seconds()))}


def take(case: Case, submission_id: str, lead_id: str) -> Reply:
    draft = case.was_read.draft
    warnings = failures(case.verdicts, Effect.WARN)
    held = [*failures(case.verdicts, Effect.HOLD), *failures(case.verdicts, Effect.KEEP)]
    body = {
        "id": None if case.dry else lead_id,
        "status": lead_status(case),
        "submissionId": submission_id,
        "createdAt": json_time(case.arrival.received_at),
        "sourceId": case.source.public_id,
        "externalId": draft.external_id or None,
        "sellerLeadId": draft.seller_lead_id or None,
        "test": False,
        "contact": {
            "phone": {"number": draft.phone.number} if draft.phone else None,
            "email": draft.email or None,
        },
        "trustedForm": certificate_member(case),
        "held": [describe(advise(verdict)) for verdict in held],
        "warnings": [describe(advise(verdict)) for verdict in warnings],
    }
    if case.dry:
        body["dryRun"] = True
    if case.dry and case.left:
        body["capsLeft"] = case.left
    return Reply(200 if case.dry else 201, json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def lead_status(case: Case) -> str:
    """An outcome that makes a lead is also the lead's first status."""
    return case.outcome.value


def certificate_outcome(case: Case) -> str:
    if not case.certificate_required:
        return "waived"
    return stated_outcome(case.certificate_answer) if case.certificate_answer else "unasked"


def certificate_member(case: Case) -> dict[str, Any]:
    expires_at = case.certificate_answer.expires_at if case.certificate_answer else None
    return {
        "outcome": certificate_outcome(case),
        "expiresAt": json_time(expires_at) if expires_at else None,
    }


def json_time(moment: datetime) -> str:
    """RFC 3339 in UTC, with microseconds where there are any."""
    return moment.isoformat().replace("+00:00", "Z")
