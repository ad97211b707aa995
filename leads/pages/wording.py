"""Codes in plain words, with the tone in which a badge says them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.checks.check import UNAVAILABLE
from compliance.evidence.registry import CODES as EVIDENCE_CODES
from leadping.verdicts import Effect
from leads.intake.problems import CATALOGUE
from leads.models import Lead, Submission


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` is one of good, warn, bad, accent and plain, which `base.css` colours."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class CertificateWording:
    badge: Badge
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One verdict. `name` and `page` are those of its code's fault, and empty when there was none."""

    badge: Badge
    name: str
    sentence: str
    code: str
    field: str
    hint: str
    page: str


LEAD_STATUSES = {
    Lead.Status.ACCEPTED: Badge("Accepted", "good"),
    Lead.Status.AUDIT: Badge("Held", "warn"),
    Lead.Status.DUPLICATE: Badge("Duplicate", "accent"),
    Lead.Status.REFUSED: Badge("Refused", "bad"),
    Lead.Status.WITHDRAWN: Badge("Withdrawn", "plain"),
}
OUTCOMES = {
    Submission.Outcome.ACCEPTED: Badge("Accepted", "good"),
    Submission.Outcome.AUDIT: Badge("Held", "warn"),
    Submission.Outcome.DUPLICATE: Badge("Kept as duplicate", "accent"),
    Submission.Outcome.REFUSED: Badge("Refused", "bad"),
    Submission.Outcome.REPLAYED: Badge("Replayed", "plain"),
}


def worded(text: str, tone: str, sentence: str) -> CertificateWording:
    return CertificateWording(Badge(text, tone), sentence)


CERTIFICATES = {
    "verified": worded(
        "Verified", "good", "TrustedForm confirms that this person's phone or email was entered in the form."
    ),
    "reachable": worded(
        "Page found",
        "accent",
        "The certificate's page exists. No TrustedForm key is set, so nobody compared it with this person.",
    ),
    "waived": worded("Waived", "plain", "An approved exception says that this source needs no certificate."),
    "pending": worded("No answer yet", "warn", "TrustedForm could not be asked so far."),
    "unasked": worded("Not asked", "plain", "TrustedForm was not asked about this lead."),
    "mismatch": worded(
        "No match", "warn", "The certificate exists, but does not show this person's phone or email."
    ),
    "unmatched": worded(
        "Not comparable",
        "accent",
        "The certificate exists. TrustedForm compares those of apps and of Meta with nobody, so nobody knows "
        "whether it is this person's.",
    ),
    "overclaimed": worded("Used too often", "warn", "The certificate was claimed too many times."),
    "not_found": worded("Not found", "bad", "TrustedForm knows no such certificate, or it has expired."),
    "invented": worded("Invented", "bad", "TrustedForm never made a certificate with this id."),
    "expired": worded("Expired", "bad", "The certificate was made once, and TrustedForm has it no longer."),
    "not_claimable": worded("Test certificate", "bad", "It was made in TrustedForm's own test mode."),
    "malformed": worded("Malformed", "bad", "TrustedForm says that this is no certificate id."),
    "misconfigured": worded(
        "Our set-up",
        "warn",
        "TrustedForm turned us away: our key, plan or account is not in order, not the lead.",
    ),
    "unavailable": worded("No answer", "warn", "TrustedForm could not be reached, or failed."),
    "unknown": worded("Unreadable answer", "warn", "TrustedForm answered something that we cannot read."),
}

EFFECTS = {
    Effect.WARN: Badge("Warning", "warn"),
    Effect.KEEP: Badge("Duplicate", "accent"),
    Effect.HOLD: Badge("Held", "warn"),
    Effect.REFUSE: Badge("Refused", "bad"),
}
PASSED = Badge("Passed", "good")
# A token whose shape is right, which proves nothing.
NOT_VERIFIED = Badge("Not verified", "plain")
NOT_JUDGED = Badge("Not available", "plain")

# What it means that these checks found no fault; the others say it themselves.
SILENT_PASSES = {
    "source_paused": "The source is not paused.",
    "rate_exceeded": "The source kept within its limit of requests.",
    "contact_suppressed": "Neither phone nor email was on the suppression list.",
    "zip_state_mismatch": "The ZIP code does not contradict the state.",
}


def describe_check(verdict: Mapping[str, Any]) -> CheckLine:
    """A verdict as the submission stores it."""
    code, detail = verdict["code"], verdict.get("detail", "")
    if verdict["passed"]:
        badge, sentence = describe_pass(code, detail)
        badge = NOT_VERIFIED if code in EVIDENCE_CODES else badge
        return CheckLine(badge, "", sentence, code, "", "", "")
    badge = EFFECTS[Effect(verdict["effect"])]
    return CheckLine(
        badge,
        title_of(code),
        detail,
        code,
        verdict.get("field", ""),
        verdict.get("hint", ""),
        f"/docs/errors/{code}",
    )


def describe_pass(code: str, detail: str) -> tuple[Badge, str]:
    """What could not be judged is nobody's fault, and nothing that was passed."""
    if detail.startswith(UNAVAILABLE):
        said = detail.removeprefix(f"{UNAVAILABLE}: ")
        return NOT_JUDGED, said[:1].upper() + said[1:]
    return PASSED, detail or SILENT_PASSES.get(code, f"{title_of(code)}: no fault.")


def title_of(code: str) -> str:
    problem = CATALOGUE.get(code)
    return problem.title if problem else code.replace("_", " ").capitalize()
