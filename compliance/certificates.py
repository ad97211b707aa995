"""Certificates in our words: what a sender's URL is worth, what TrustedForm's answer means for the lead."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.conf import settings

from compliance.checks.check import FIELD, UNAVAILABLE, Evidence
from compliance.checks.demands import Claim, Demands
from compliance.checks.judging import CHECKS, facts_needed, judge_facts
from compliance.checks.person import ABSENT
from compliance.models import CertificateCheck
from compliance.trustedform import guard
from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.client import ask
from compliance.trustedform.operations import PAGE, build_operations
from compliance.trustedform.shown import read_facts
from compliance.trustedform.url import CertificateUrl, UrlFault, read_certificate_url
from compliance.trustedform.validate import VALIDATE, ask_to_validate, with_validity
from leadping.metrics import CERTIFICATE_CHECKS
from leadping.verdicts import Effect, Verdict, failed, graver_of, passed

log = structlog.get_logger("compliance.certificates")

# In which a second question is given up at the latest, however long the first took.
LEAST_SECONDS = 0.2
# Answers after which it makes sense to ask again.
UNSETTLED = frozenset({Outcome.UNAVAILABLE, Outcome.MISCONFIGURED, Outcome.UNKNOWN})


def judge_url(text: str, *, required: bool) -> tuple[CertificateUrl | None, list[Verdict]]:
    """The certificate to ask about, if any. Where an exception is approved nothing about it can refuse."""
    effect = Effect.REFUSE if required else Effect.WARN
    if not text:
        return None, [
            missing() if required else passed("certificate_missing", "Waived by an approved exception.")
        ]
    reading = read_certificate_url(text)
    if isinstance(reading, UrlFault):
        return None, [failed(reading.code, reading.message, field=FIELD, hint=reading.hint, effect=effect)]
    verdicts = [passed("certificate_missing", "A certificate was sent.")]
    if reading.several:
        verdicts.append(several())
    return reading, verdicts


INVENTED = "certificate_invented"
# One of these is found in each certificate that came along and was judged, whatever else was looked at.
JUDGED_BY = (
    *("certificate_malformed", "certificate_wrong_host", "certificate_ping_url", "certificate_sample"),
    *("certificate_not_found", "certificate_not_claimable", "certificate_mismatch"),
    *("certificate_overclaimed", INVENTED),
)
# Under which codes it is told what was found in TrustedForm's answer, or in that there is none.
ANSWERED = frozenset(
    {
        *("certificate_mismatch", "certificate_overclaimed", "certificate_unavailable"),
        *("certificate_not_found", "certificate_not_claimable", "certificate_malformed"),
        *(INVENTED, *ABSENT),
        *(check.code for check in CHECKS),
    }
)
# The codes of a certificate that is at fault. Not that none came, nor that TrustedForm could not be asked.
AT_FAULT = (*JUDGED_BY, *(check.code for check in CHECKS))


def missing() -> Verdict:
    return failed(
        "certificate_missing",
        "A TrustedForm certificate is required.",
        field=FIELD,
        hint="Send the value of the form's hidden field xxTrustedFormCertUrl.",
    )


def several() -> Verdict:
    message = "Several certificates were sent; the first was used."
    return failed("certificate_several", message, field=FIELD, effect=Effect.WARN)


def ask_about(
    certificate: CertificateUrl, *, claim: Claim, demands: Demands, at_door: bool = False
) -> CertificateAnswer:
    """Asks the service this installation is set to; takes at most the sum of TRUSTEDFORM_TIMEOUT, and an
    instant more where two questions are asked.

    Call it without a transaction and without a database connection. Nobody is asked while the service fails
    again and again, nor `at_door` while too many senders wait for it.
    """
    started = monotonic()
    operations = build_operations(claim, demands, facts_needed(demands))
    answer = ask_service(partial(ask, certificate.id, operations=operations), at_door=at_door)
    if can_be_told_apart(answer, demands):
        spent = monotonic() - started
        call, breaker = partial(ask_to_validate, certificate.id), guard.GUARD.validating
        answer = with_validity(answer, ask_service(call, at_door=at_door, spent=spent, breaker=breaker))
    return answer


def ask_service(
    call: Callable[..., CertificateAnswer],
    *,
    at_door: bool,
    spent: float = 0.0,
    breaker: guard.Breaker | None = None,
) -> CertificateAnswer:
    """`spent`: seconds of the whole time that went into asking before."""
    connect, read = settings.TRUSTEDFORM_TIMEOUT
    share = max(connect + read - spent, LEAST_SECONDS) / (connect + read)
    service = partial(
        call,
        base_url=settings.TRUSTEDFORM_URL,
        api_key=settings.TRUSTEDFORM_API_KEY,
        connect_timeout=connect * share,
        read_timeout=read * share,
        allow_loopback=settings.ALLOW_TRUSTEDFORM_SANDBOX,
    )
    answer = guard.GUARD.ask(service, at_door=at_door, breaker=breaker)
    if guard.was_asked(answer):
        CERTIFICATE_CHECKS.labels(answer.outcome).inc()
    if answer.outcome is Outcome.MISCONFIGURED:
        # Never the lead's fault, and nobody else will notice.
        log.error(
            "TrustedForm refuses our key or plan",
            status=answer.http_status,
            reason=answer.reason,
            refused=answer.refused,
        )
    return answer


def can_be_told_apart(answer: CertificateAnswer, demands: Demands) -> bool:
    """Whether it is worth asking if the certificate was ever made. Its page alone tells nothing of that."""
    found_none = answer.outcome is Outcome.NOT_FOUND and PAGE not in answer.operations
    return found_none and VALIDATE not in answer.operations and demands.is_on(INVENTED)


# Answers that speak against the certificate as a whole.
FAULTS = {
    Outcome.NOT_FOUND: ("certificate_not_found", "TrustedForm knows no such certificate, or it has expired."),
    Outcome.INVENTED: (INVENTED, "TrustedForm never made a certificate with this id."),
    Outcome.EXPIRED: (
        "certificate_expired",
        "The certificate was made once, and TrustedForm has it no longer.",
    ),
    Outcome.MALFORMED: ("certificate_malformed", "TrustedForm says that this is no certificate id."),
    Outcome.NOT_CLAIMABLE: (
        "certificate_not_claimable",
        "The certificate was made in TrustedForm's sandbox mode.",
    ),
    Outcome.OVERCLAIMED: ("certificate_overclaimed", "The certificate has been claimed too many times."),
    Outcome.MISMATCH: ("certificate_mismatch", "The certificate does not show the lead's phone or email."),
}
TOLD_APART = frozenset({Outcome.INVENTED, Outcome.EXPIRED})
# After which each check has its say, be it that there is nothing to judge by.
SHOWN = frozenset({Outcome.VERIFIED, Outcome.MISMATCH, Outcome.UNMATCHED, Outcome.REACHABLE})
MATCHES = frozenset({"phone_match", "email_match"})
NOTHING_RECORDED = (
    "The certificate has neither a phone nor an email to compare with, so it does not show whose it is."
)
UNCOMPARED = (
    f"{UNAVAILABLE}: whose certificate it is. TrustedForm compares those of apps and of Meta with nobody."
)
# An id that cannot exist is one of no certificate; and what is not found is treated no better for it that we
# know why.
SET_BY = {
    "certificate_malformed": ("certificate_not_found",),
    "certificate_expired": ("certificate_expired", "certificate_not_found"),
    INVENTED: (INVENTED, "certificate_not_found"),
}


def judge_certificate(
    answer: CertificateAnswer, *, claim: Claim, demands: Demands, now: datetime
) -> list[Verdict]:
    """All that is found in TrustedForm's answer; the first says what the certificate is worth at all."""
    if answer.outcome in UNSETTLED:
        detail = "TrustedForm could not be asked."
        return [failed("certificate_unavailable", detail, field=FIELD, effect=demands.outage)]
    found = judge_worth(answer, demands)
    if answer.outcome in SHOWN:
        found += judge_facts(Evidence(answer.facts, claim, demands, now))
    return found


def judge_worth(answer: CertificateAnswer, demands: Demands) -> list[Verdict]:
    outcome = answer.outcome
    if outcome in TOLD_APART and not demands.is_on(INVENTED):
        outcome = Outcome.NOT_FOUND
    if outcome in FAULTS:
        code, detail = FAULTS[outcome]
        if outcome is Outcome.MISMATCH and answer.facts.told >= MATCHES and not was_compared(answer):
            detail = NOTHING_RECORDED
        effect = graver_of(*map(demands.effect_of, SET_BY.get(code, (code,))))
        return [] if effect is Effect.OFF else [failed(code, detail, field=FIELD, effect=effect)]
    if answer.outcome is Outcome.REACHABLE:
        said = "The certificate's page answered; no API key is set to verify it."
        return [passed("certificate_not_found", said)]
    if answer.outcome is Outcome.UNMATCHED:
        return [passed("certificate_mismatch", UNCOMPARED)]
    said = "TrustedForm verified the certificate against the lead's contact data."
    return [passed("certificate_mismatch", said)]


def was_compared(answer: CertificateAnswer) -> bool:
    return (answer.phone_match, answer.email_match) != (None, None)


def answer_of(check: CertificateCheck) -> CertificateAnswer:
    """The answer as it was read, of the raw one that was kept."""
    outcome = Outcome(check.outcome)
    facts = read_facts(check.raw)
    comparable = outcome not in {Outcome.UNMATCHED, Outcome.REACHABLE}
    return CertificateAnswer(
        outcome,
        check.reason,
        check.host,
        check.elapsed_ms,
        http_status=check.http_status,
        expires_at=check.expires_at,
        phone_match=check.phone_match,
        email_match=check.email_match,
        sandbox=check.sandbox,
        raw=check.raw,
        facts=replace(facts, comparable=comparable),
        operations=tuple(check.operations or ()),
    )


def unasked() -> Verdict:
    message = "TrustedForm was not asked in this dry run."
    return failed("certificate_unasked", message, field=FIELD, effect=Effect.WARN)


def stated_outcome(answer: CertificateAnswer) -> str:
    """The word for an answer on the lead and in replies; `pending` will be asked again."""
    return "pending" if answer.outcome in UNSETTLED else answer.outcome.value


def check_columns(
    answer: CertificateAnswer, *, about: str, source: str, findings: Iterable[Verdict]
) -> dict[str, Any]:
    """The answer as a CertificateCheck keeps it. `about` is the public id of the lead or submission. Of the
    `findings` those are kept that are about the answer."""
    return {
        "about": about,
        "source": source,
        "operations": list(answer.operations),
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "phone_match": answer.phone_match,
        "email_match": answer.email_match,
        "expires_at": answer.expires_at,
        "host": answer.host,
        "sandbox": answer.sandbox,
        "http_status": answer.http_status,
        "elapsed_ms": answer.elapsed_ms,
        "raw": answer.raw,
        "findings": [verdict.as_row() for verdict in findings if verdict.code in ANSWERED],
    }
