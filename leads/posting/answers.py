"""A sample of each answer, made by the very functions that answer, under this source's own rules."""

import json
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from compliance.checks.facts import CertificateFacts
from compliance.trustedform.answers import CertificateAnswer, Outcome
from leadping.problems import CHALLENGE, CONTENT_TYPE, STORAGE_UNAVAILABLE, problem_body, problem_response
from leadping.verdicts import Effect, Verdict, failed
from leads.api import examples
from leads.intake.answers import Reply, answer
from leads.intake.asking import judge_answer
from leads.intake.case import Case
from leads.intake.duplicates import is_switched_on
from leads.posting.facts import Facts
from leads.posting.samples import examine_sample, fitting, forbidden, pretty
from sources.caps import caps_at, free_again_at, has_caps, judge_caps
from sources.models import SourceSettings
from sources.problems import CREDENTIALS_INVALID
from sources.rates import counted_anew_at, judge_rate
from sources.rules import judge_dispute, judge_source
from sources.schedules import has_schedule, local_time, say_schedule

A_RATE = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """`status` is the line of HTTP, `body` indented."""

    anchor: str
    title: str
    about: str
    status: str
    headers: dict[str, str]
    body: str
    tone: str = "bad"
    code: str = ""


REASONS = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


def list_answers(facts: Facts) -> list[Sample]:
    samples = (accepted, held, duplicate, refused, stopped, unknown, too_many, out_of_order)
    return [sample for make in samples for sample in make(facts)]


def accepted(facts: Facts) -> Iterator[Sample]:
    about = "The lead is stored. Keep id and submissionId: with them its story can be looked up."
    yield told("accepted", "Accepted", about, reply_to(judged(facts)), "good")


def held(facts: Facts) -> Iterator[Sample]:
    case = judged(facts, Outcome.MISMATCH)
    if not case.asks and (verdict := holding(facts)):
        case.find(verdict)
    if case.outcome.value == "audit":
        about = (
            "The lead is stored too, but a person looks at it first; the reasons are in held. Do not send it "
            "again: GET /submissions/{id} tells what becomes of it."
        )
        yield told("held", "Held", about, reply_to(case), "warn")


def holding(facts: Facts) -> Verdict | None:
    """What else of this source's rules holds a lead."""
    settings, now = facts.settings, facts.now
    if has_schedule(settings) and settings.schedule_effect == Effect.HOLD:
        there = f"{local_time(settings, now):%a %H:%M}"
        detail = f"Leads are taken {say_schedule(settings)}; it is {there} there."
        return failed("outside_schedule", detail, effect=Effect.HOLD)
    if has_caps(settings) and settings.cap_effect == Effect.HOLD:
        caps = caps_at(settings, now)
        return judge_caps(settings, caps, {cap.period.value: cap.most for cap in caps})
    if settings.dispute_effect == Effect.HOLD:
        disputed = copy(facts.source)
        disputed.disputed_at = disputed.disputed_at or now
        return judge_dispute(disputed)
    return None


def duplicate(facts: Facts) -> Iterator[Sample]:
    if not is_switched_on(facts.source):
        return
    case = judged(facts)
    effect = Effect(facts.settings.duplicate_rule)
    detail = f"The same phone came as {examples.ACCEPTED['id']}."
    case.find(case.was_read.as_sent(failed("duplicate_lead", detail, field="phone", effect=effect)))
    about = "The same external id, phone or email came through this source before. Do not send it again."
    yield told("duplicate", "Duplicate", about, reply_to(case), "bad" if case.refusals else "warn")


def refused(facts: Facts) -> Iterator[Sample]:
    case = examine_sample(facts, forbidden(facts), request_id=examples.REQUEST_ID)
    about = (
        "All faults come in one answer, each with the field as you wrote it. The lead is not stored. "
        "Do not send it again unchanged."
    )
    yield told("refused", "Refused", about, reply_to(case))


def stopped(facts: Facts) -> Iterator[Sample]:
    """Only while it is so: then it is what every request gets."""
    case = judged(facts)
    case.verdicts = []
    if not case.find(*judge_source(facts.source)):
        about = "What every request is answered now, whatever it holds. Stop sending."
        yield told("stopped", "Source stopped", about, reply_to(case))


def unknown(facts: Facts) -> Iterator[Sample]:
    body = problem_body(CREDENTIALS_INVALID, request_id=examples.REQUEST_ID)
    reply = Reply(401, body, CONTENT_TYPE, {"WWW-Authenticate": CHALLENGE})
    about = "The key is wrong, revoked or of another source; the answer is the same for each. Do not retry."
    yield told("unknown", "Wrong key", about, reply)


def too_many(facts: Facts) -> Iterator[Sample]:
    """By the rate where there is one; else by the caps; else by a rate that might be set one day."""
    case = judged(facts)
    settings = facts.settings
    if settings.rate_per_minute is None and has_caps(settings) and settings.cap_effect == Effect.REFUSE:
        caps = caps_at(settings, facts.now)
        taken = {cap.period.value: cap.most for cap in caps}
        case.retry_at = free_again_at(settings, caps, taken)
        case.find(judge_caps(settings, caps, taken))
        about = "As many leads as may come have come. Safe to retry after the seconds in Retry-After."
    else:
        about = "Too many requests this minute. Safe to retry after the seconds in Retry-After."
        if settings.rate_per_minute is None:
            about = f"This source has no such limit now; were it {A_RATE} requests a minute: {about}"
        limited = copy(facts.source)
        limited.settings = with_rate(settings)
        case.retry_at = counted_anew_at(facts.now)
        case.find(judge_rate(limited, (limited.settings.rate_per_minute or 0) + 1))
    yield told("too-many", "Too many", about, reply_to(case), "warn")


def with_rate(settings: SourceSettings) -> SourceSettings:
    limited = copy(settings)
    limited.rate_per_minute = settings.rate_per_minute or A_RATE
    return limited


def out_of_order(facts: Facts) -> Iterator[Sample]:
    response = problem_response(STORAGE_UNAVAILABLE, request_id=examples.REQUEST_ID)
    headers = {"Retry-After": response["Retry-After"]}
    reply = Reply(503, response.content.decode(), response["Content-Type"], headers)
    about = "A fault of ours; nothing was stored. Safe to retry after the seconds in Retry-After."
    yield told("unavailable", "Unavailable", about, reply, "warn")


def judged(facts: Facts, outcome: Outcome = Outcome.VERIFIED) -> Case:
    """The sample lead, with what TrustedForm might say of its certificate."""
    case = examine_sample(facts, fitting(facts), request_id=examples.REQUEST_ID)
    if case.asks:
        matches = outcome is Outcome.VERIFIED
        shown = CertificateFacts(phone_match=matches, email_match=matches)
        case.certificate_answer = CertificateAnswer(outcome, "", "", 0, facts=shown)
        case.find(*judge_answer(case))
    return case


def reply_to(case: Case) -> Reply:
    return answer(case, submission_id=examples.ACCEPTED["submissionId"], lead_id=examples.ACCEPTED["id"])


def told(anchor: str, title: str, about: str, reply: Reply, tone: str = "bad") -> Sample:
    body = json.loads(reply.body)
    headers = {"Content-Type": reply.content_type, **reply.headers}
    status = f"{reply.status} {REASONS[reply.status]}"
    return Sample(anchor, title, about, status, headers, pretty(body), tone, body.get("code", ""))
