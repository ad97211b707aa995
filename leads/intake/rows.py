"""The rows that a judged case leaves behind, as plain values by column.

No model instances: making and saving them costs several times what the database needs for the rows.
"""

from uuid import UUID

from compliance.certificates import check_columns
from compliance.evidence.registry import Claim
from compliance.models import Certificate, CertificateCheck, DryRunCall
from conversations.models import Conversation
from leadping.ids import new_id, public_id
from leadping.models import Event
from leadping.redaction import redact_values
from leadping.verdicts import Effect, failures
from leads.intake import reuse, shared_ip
from leads.intake.answers import Reply, certificate_outcome, lead_status
from leads.intake.case import Case
from leads.intake.replays import key_sha256
from leads.intake.statement import Columns, Model
from leads.lifecycle import PATIENCE
from leads.models import AddressUse, CertificateUse, Evidence, Lead, Submission
from leads.relay import CREATED, is_followed_up


def submission_columns(case: Case, reply: Reply, submission_id: UUID, lead_id: UUID | None) -> Columns:
    arrival = case.arrival
    return {
        "id": submission_id,
        "business_id": case.source.business_id,
        "source_id": case.source.id,
        "credential_id": case.credential.id if case.credential else None,
        "terms_id": case.terms.id if case.terms else None,
        "lead_id": lead_id,
        "received_at": arrival.received_at,
        "door": arrival.door.value,
        "test": False,
        "dry_run": case.dry,
        "outcome": case.outcome.value,
        "http_status": reply.status,
        "codes": [verdict.code for verdict in case.verdicts if not verdict.passed],
        "verdicts": [verdict.as_row() for verdict in case.verdicts],
        "answer": reply.body,
        "request_id": arrival.request_id,
        "ip": arrival.ip,
        # Cut last, for half a key is a key that is not recognised.
        "user_agent": redact_values(arrival.user_agent)[:1000],
        "content_type": redact_values(arrival.content_type)[:200],
        "body": case.body,
        "body_sha256": arrival.sent_sha256,
        "body_redacted": case.body_redacted,
        "body_purged_at": None,
        "erased_at": None,
        "key_sha256": key_sha256(case),
        "replay_token": case.replay_token if lead_id and not case.original else None,
        "row_number": case.provenance.row_number,
        "imported_in_id": case.provenance.imported_in,
        "repeats_id": case.provenance.repeats,
        "repeated_by": case.provenance.by if case.provenance.repeats else "",
        "repeated_reason": case.provenance.reason,
    }


def lead_rows(case: Case, lead_id: UUID) -> dict[Model, Columns | list[Columns]]:
    """Everything that comes into being with a lead but the submission, which every request leaves."""
    rows = certificate_rows(case, about=public_id(Lead.PREFIX, lead_id))
    rows[Conversation] = conversation_columns(case)
    rows[Lead] = lead_columns(case, lead_id)
    rows[Event] = event_columns(case, lead_id)
    if case.certificate and reuse.is_watched(case.source):
        rows[CertificateUse] = reuse.use_columns(case, lead_id)
    if shared_ip.is_judged(case):
        rows[AddressUse] = shared_ip.use_columns(case, lead_id)
    if case.was_read.claims:
        rows[Evidence] = [evidence_columns(case, claim, lead_id) for claim in case.was_read.claims]
    return rows


def certificate_rows(case: Case, *, about: str) -> dict[Model, Columns | list[Columns]]:
    """The certificate, and what TrustedForm said of it. That was billed, so it stays on record though no
    lead came of it; `about` is then the submission."""
    if case.certificate is None:
        return {}
    certificate_id = new_id()
    rows: dict[Model, Columns | list[Columns]] = {Certificate: certificate_columns(case, certificate_id)}
    if case.certificate_answer:
        rows[CertificateCheck] = {
            "id": new_id(),
            "certificate_id": certificate_id,
            "business_id": case.source.business_id,
            "at": case.arrival.received_at,
            **check_columns(
                case.certificate_answer,
                about=about,
                source=case.source.public_id,
                findings=case.verdicts,
            ),
        }
    return rows


def dry_run_rows(case: Case) -> dict[Model, Columns | list[Columns]]:
    if not case.certificate_answer or not case.certificate_answer.operations:
        return {}
    called = {
        "id": new_id(),
        "business_id": case.source.business_id,
        "source": case.source.public_id,
        "at": case.arrival.received_at,
        "operations": list(case.certificate_answer.operations),
    }
    return {DryRunCall: called}


def certificate_columns(case: Case, certificate_id: UUID) -> Columns:
    assert case.certificate
    return {
        "id": certificate_id,
        "business_id": case.source.business_id,
        "url": case.certificate.url,
        "first_seen_at": case.arrival.received_at,
    }


def conversation_columns(case: Case) -> Columns:
    """By phone where there is one. That of a held lead stays out of the inbox."""
    draft = case.was_read.draft
    channel = Conversation.Channel.PHONE if draft.phone else Conversation.Channel.EMAIL
    accepted = case.outcome is Submission.Outcome.ACCEPTED
    return {
        "id": new_id(),
        "business_id": case.source.business_id,
        "channel": channel.value,
        "address": draft.phone.number if draft.phone else draft.email.lower(),
        "created_at": case.arrival.received_at,
        "inbox_since": case.arrival.received_at if accepted else None,
    }


SAME_NAME = (
    *("first_name", "last_name", "email", "address1", "address2", "city", "state", "postal_code"),
    *("birth_date", "gender", "product", "vertical", "external_id", "seller_lead_id", "sub_id", "price"),
    *("landing_page", "referrer", "source_metadata", "ip_address", "user_agent"),
)
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


def lead_columns(case: Case, lead_id: UUID) -> Columns:
    assert case.terms
    draft = case.was_read.draft
    phone = draft.phone
    outcome = certificate_outcome(case)
    waits = outcome == "pending"
    return {
        "id": lead_id,
        "business_id": case.source.business_id,
        "account_id": case.source.account_id,
        "source_id": case.source.id,
        "terms_id": case.terms.id,
        "certificate_id": None,
        "conversation_id": None,
        "created_at": case.arrival.received_at,
        "status": lead_status(case),
        "held_for": [verdict.code for verdict in failures(case.verdicts, Effect.HOLD)],
        "test": False,
        "tags": case.source.settings.tags,
        **{name: getattr(draft, name) for name in SAME_NAME},
        "cost": case.source.settings.cost_per_lead if draft.price is None else draft.price,
        "email_key": draft.email.lower(),
        "phone": phone.number if phone else "",
        "phone_extension": phone.extension if phone else "",
        "phone_region": phone.region if phone else "",
        "phone_time_zones": list(phone.time_zones) if phone else [],
        "phone_line_type": "",
        "phone_carrier": "",
        "utm": {name: getattr(draft, name) for name in CAMPAIGN if getattr(draft, name)},
        "trusted_form_url": case.certificate.url if case.certificate else "",
        "trusted_form_outcome": outcome,
        "extra": case.was_read.extra,
        "recheck_at": case.arrival.received_at + PATIENCE[0] if waits else None,
        "rechecks": 0,
        "erased_at": None,
    }


def event_columns(case: Case, lead_id: UUID) -> Columns:
    return {
        "id": new_id(),
        "business_id": case.source.business_id,
        "at": case.arrival.received_at,
        "kind": CREATED,
        "subject": public_id(Lead.PREFIX, lead_id),
        "actor": case.provenance.by or case.source.public_id,
        "reason": case.provenance.reason,
        "data": {"status": lead_status(case)},
        "pending": is_followed_up(),
        "count": 1,
        "fold_key": None,
        "chain_number": None,
        "chain_hash": None,
    }


def evidence_columns(case: Case, claim: Claim, lead_id: UUID) -> Columns:
    state = Evidence.State.NOT_VERIFIED if claim.well_formed else Evidence.State.MALFORMED
    return {
        "id": new_id(),
        "business_id": case.source.business_id,
        "lead_id": lead_id,
        "kind": claim.kind.key,
        "token": claim.token,
        "field": claim.field,
        "state": state.value,
        "seen_at": case.arrival.received_at,
    }
