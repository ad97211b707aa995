"""A lead's certificate, and every conversation with TrustedForm about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compliance.countdown import count_down
from compliance.models import CertificateCheck
from compliance.trustedform.shown import read_facts
from leads.models import Lead
from leads.pages.moments import Moment, describe, exact
from leads.pages.shown import list_shown, say_operations
from leads.pages.stored import gravity
from leads.pages.wording import CERTIFICATES, PASSED, Badge, CertificateWording, CheckLine, describe_check

MATCHES = {True: "matches", False: "does not match", None: "not compared"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One conversation with the service."""

    when: Moment
    badge: Badge
    sentence: str
    reason: str
    phone: str
    email: str
    expires: str
    host: str
    http_status: int | None
    elapsed_ms: int
    sandbox: bool
    asked: str
    # What the certificate shows, and what was found when that was held against the lead.
    shown: list[tuple[str, str]]
    findings: list[CheckLine]
    passed: list[CheckLine]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`sandbox`: our stand-in gave one of the answers, so they prove nothing."""

    words: CertificateWording
    url: str
    next_check: str
    # How long it can be asked about, and whether it is stored for us; empty where nobody promised it.
    kept: str
    answers: list[Answer]
    sandbox: bool


def describe_evidence(lead: Lead, checks: Sequence[CertificateCheck], *, now: datetime) -> Evidence:
    return Evidence(
        words=CERTIFICATES[lead.trusted_form_outcome or "unasked"],
        url=lead.trusted_form_url,
        next_check=exact(lead.recheck_at) if lead.recheck_at else "",
        kept=say_kept(lead, now=now),
        answers=[describe_answer(check, now=now) for check in checks],
        sandbox=any(check.sandbox for check in checks),
    )


def say_kept(lead: Lead, *, now: datetime) -> str:
    """The row about it comes with the lead."""
    retention = getattr(lead.certificate, "retention", None)
    return count_down(retention, now=now).sentence if retention else ""


def describe_answer(check: CertificateCheck, *, now: datetime) -> Answer:
    words = CERTIFICATES[check.outcome]
    lines = [describe_check(finding) for finding in sorted(check.findings or [], key=gravity)]
    return Answer(
        when=describe(check.at, now=now),
        badge=words.badge,
        sentence=words.sentence,
        reason=check.reason,
        phone=MATCHES[check.phone_match],
        email=MATCHES[check.email_match],
        expires=exact(check.expires_at) if check.expires_at else "",
        host=check.host,
        http_status=check.http_status,
        elapsed_ms=check.elapsed_ms,
        sandbox=check.sandbox,
        asked=say_operations(check.operations),
        shown=list_shown(read_facts(check.raw)),
        findings=[line for line in lines if line.badge != PASSED],
        passed=[line for line in lines if line.badge == PASSED],
    )
