"""Codes in plain words, with the tone in which a badge says them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.trustedform.answers import Outcome
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
    """One verdict. `page` is that of its code, and is empty when there was no fault."""

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
    "pending": worded("Not asked yet", "warn", "TrustedForm could not be asked when the lead came."),
    "unasked": worded("Not asked", "plain", "TrustedForm was not asked about this lead."),
    "mismatch": worded(
        "Somebody else's", "warn", "The certificate exists, but does not show this person's phone or email."
    ),
    "overclaimed": worded("Used too often", "warn", "The certificate was claimed too many times."),
    "not_found": worded("Not found", "bad", "TrustedForm knows no such certificate, or it has expired."),
    "not_claimable": worded("Test certificate", "bad", "It was made in TrustedForm's own test mode."),
    "malformed": worded("Malformed", "bad", "TrustedForm says that this is no certificate id."),
    "misconfigured": worded(
        "Our set-up", "warn", "TrustedForm turned us away: our key, plan or address is wrong, not the lead."
    ),
    "unavailable": worded("No answer", "warn", "TrustedForm could not be reached, or failed."),
    "unknown": worded("Unreadable answer", "warn", "TrustedForm answered something that we cannot read."),
}
assert CERTIFICATES.keys() >= set(Outcome)

EFFECTS = {
    Effect.WARN: Badge("Warning", "warn"),
    Effect.KEEP: Badge("Duplicate", "accent"),
    Effect.HOLD: Badge("Held", "warn"),
    Effect.REFUSE: Badge("Refused", "bad"),
}
PASSED = Badge("Passed", "good")

# What is looked at, and what it means that there was no fault; the code names only the fault.
PASSED_CHECKS = {
    "source_disabled": ("Source switched on", "The source is enabled."),
    "source_paused": ("Source not paused", "The source is not paused."),
    "source_unattached": ("Source has an account", "The source is attached to an account."),
    "rate_exceeded": ("Rate", "The source kept within its limit of requests."),
    "source_not_approved": ("Terms", "The source is approved."),
    "contact_missing": ("Contact given", "The lead has a phone number or an email address."),
    "state_not_allowed": ("State", "The state is allowed."),
    "product_not_allowed": ("Product", "The product is allowed."),
    "zip_state_mismatch": ("ZIP code", "The ZIP code does not contradict the state."),
    "certificate_missing": ("Certificate given", "A certificate was sent, or none is needed."),
    "certificate_not_found": ("Certificate exists", "The certificate's page answered."),
    "certificate_mismatch": ("Certificate is this person's", "TrustedForm verified the certificate."),
    "duplicate_lead": ("Not a duplicate", "No earlier lead of this source is the same."),
}


def describe_check(verdict: Mapping[str, Any]) -> CheckLine:
    """A verdict as the submission stores it."""
    code, detail = verdict["code"], verdict.get("detail", "")
    if verdict["passed"]:
        name, sentence = PASSED_CHECKS.get(code, (code.replace("_", " ").capitalize(), "No fault was found."))
        return CheckLine(PASSED, name, detail or sentence, code, "", "", "")
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


def title_of(code: str) -> str:
    problem = CATALOGUE.get(code)
    return problem.title if problem else code.replace("_", " ").capitalize()
