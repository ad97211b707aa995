"""From rows to the bodies that the API answers."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from compliance.models import CertificateCheck
from conversations.models import Conversation
from leadping.accounts.models import Account, Business
from leadping.bodies import Finding
from leadping.ids import public_id
from leadping.verdicts import Effect
from leads.api.shapes import (
    JudgedAgain,
    LeadAddress,
    LeadBody,
    LeadCertificate,
    LeadContact,
    LeadCustomer,
    LeadEvidence,
    LeadMetadata,
    LeadOverride,
    LeadPhone,
    SubmissionBody,
    SubmissionLead,
)
from leads.attempts import newest_attempt
from leads.do_not_contact import closed_for
from leads.intake.problems import CATALOGUE
from leads.models import Evidence, Lead, Override, Submission
from sources.models import Source


def describe_leads(leads: Sequence[Lead]) -> list[LeadBody]:
    """From the leads' own rows and what hangs on them, in one query for each kind of row; and one question to
    the suppression list for all of a business."""
    closed = closed_for(leads)
    evidence = Prefetch("evidence", Evidence.objects.order_by("kind", "field"))
    overrides = Prefetch("overrides", Override.objects.order_by("id"))
    prefetch_related_objects(leads, evidence, overrides)
    return [describe_lead(lead, closed[lead.pk]) for lead in leads]


def describe_lead(lead: Lead, closed: Sequence[Any]) -> LeadBody:
    """`closed` are the ways on which its person is not to be contacted."""
    return LeadBody(
        id=lead.public_id,
        status=Lead.Status(lead.status),
        created_at=lead.created_at,
        business_id=public_id(Business.PREFIX, lead.business_id),
        account_id=public_id(Account.PREFIX, lead.account_id),
        source_id=public_id(Source.PREFIX, lead.source_id),
        conversation_id=public_id(Conversation.PREFIX, lead.conversation_id),
        test=lead.test,
        held_for=lead.held_for,
        do_not_contact=list(closed),
        tags=lead.tags,
        contact=describe_contact(lead),
        customer=LeadCustomer.model_validate(lead),
        metadata=describe_metadata(lead),
        trusted_form=LeadCertificate(outcome=lead.trusted_form_outcome),
        evidence=[LeadEvidence.model_validate(one) for one in lead.evidence.all()],
        overrides=[describe_override(one) for one in lead.overrides.all()],
        extra=lead.extra,
    )


def describe_override(override: Override) -> LeadOverride:
    own = {name: getattr(override, name) for name in LeadOverride.model_fields if name != "id"}
    return LeadOverride(**{**own, "id": override.public_id})


def describe_contact(lead: Lead) -> LeadContact:
    return LeadContact(
        first_name=lead.first_name,
        last_name=lead.last_name,
        email=lead.email,
        phone=describe_phone(lead) if lead.phone else None,
        street_address=LeadAddress.model_validate(lead),
    )


def describe_phone(lead: Lead) -> LeadPhone:
    return LeadPhone(
        number=lead.phone,
        extension=lead.phone_extension,
        region=lead.phone_region,
        time_zones=lead.phone_time_zones,
        line_type=lead.phone_line_type,
        carrier=lead.phone_carrier,
    )


def describe_metadata(lead: Lead) -> LeadMetadata:
    own = {name: getattr(lead, name) for name in LeadMetadata.model_fields if hasattr(lead, name)}
    return LeadMetadata(**own, **lead.utm)


def describe_submission(submission: Submission) -> SubmissionBody:
    newest = newest_attempt(submission)
    lead = newest.lead
    return SubmissionBody(
        id=submission.public_id,
        received_at=submission.received_at,
        http_status=submission.http_status,
        answer=json.loads(submission.answer),
        lead=SubmissionLead(
            id=lead.public_id, status=Lead.Status(lead.status), reasons=list(standing_reasons(lead))
        )
        if lead
        else None,
        judged_again=describe_attempt(newest) if newest != submission else None,
    )


def describe_attempt(attempt: Submission) -> JudgedAgain:
    return JudgedAgain(
        id=attempt.public_id, at=attempt.received_at, outcome=Submission.Outcome(attempt.outcome)
    )


WAITED = "certificate_unavailable"
STANDING = frozenset({Effect.KEEP, Effect.HOLD, Effect.REFUSE})


def standing_reasons(lead: Lead) -> Iterator[Finding]:
    """Why the lead has the status that it has now, which others may have changed since it came."""
    if lead.status in {Lead.Status.ACCEPTED, Lead.Status.WITHDRAWN}:
        return
    judged = lead.submissions.exclude(outcome=Submission.Outcome.REPLAYED).order_by("id").last()
    # Judged again, it may be refused outright.
    found = standing(judged.verdicts if judged else [])
    if WAITED in found and WAITED not in lead.held_for:
        # It was held until TrustedForm could be asked, and this is what was found then.
        later = standing(findings_of(lead))
        refusing = {code: row for code, row in later.items() if row["effect"] == Effect.REFUSE}
        found = refusing if refusing and lead.status == Lead.Status.REFUSED else {**found, **later}
    for code in lead.held_for or found:
        yield describe_row(code, found.get(code, {}))


def standing(verdicts: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in verdicts if row.get("effect") in STANDING}


def findings_of(lead: Lead) -> list[dict[str, Any]]:
    """Of the last time that TrustedForm was asked about the lead."""
    checks = CertificateCheck.objects.filter(certificate=lead.certificate_id, about=lead.public_id)
    last = checks.order_by("-id").first()
    return last.findings or [] if last else []


def describe_row(code: str, row: dict[str, Any]) -> Finding:
    """A verdict as it is stored; one that came later is told in general words."""
    return Finding(
        code=code,
        field=row.get("field"),
        message=row.get("detail", CATALOGUE[code].meaning),
        hint=row.get("hint"),
    )
