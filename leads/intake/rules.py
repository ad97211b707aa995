"""Intake's own rules about a lead, and which of its source's apply. Pure. Those of the source are in
`sources/rules.py`, those about certificates in `compliance/certificates.py`."""

from datetime import datetime

from leadping.states import state_of_zip
from leadping.verdicts import Effect, Verdict, failed, passed
from leads.intake.payload.reading import Reading
from sources.models import Source, Terms
from sources.rules import (
    judge_dispute,
    judge_expiry,
    judge_ip,
    judge_product,
    judge_schedule,
    judge_source,
    judge_state,
    judge_vertical,
)
from sources.schedules import has_schedule


def judge_sender(source: Source, ip: str | None) -> list[Verdict]:
    """May it send at all, and from there? What a person brings, who signed in, has no `ip`."""
    verdicts = judge_source(source)
    if source.settings.ip_list and ip is not None:
        verdicts.append(judge_ip(source.settings, ip))
    return verdicts


def judge_moment(
    source: Source, terms: Terms | None, *, now: datetime, came_at: datetime | None = None
) -> list[Verdict]:
    """May it send now? What is not limited in time is not judged. A lead that is judged again came within the
    schedule or not when it first came."""
    verdicts = []
    if terms and terms.expires_at:
        verdicts.append(judge_expiry(terms, now=now))
    if has_schedule(source.settings):
        verdicts.append(judge_schedule(source.settings, now=came_at or now))
    if source.settings.dispute_effect != Effect.OFF:
        verdicts.append(judge_dispute(source))
    return verdicts


def judge_content(reading: Reading) -> list[Verdict]:
    """What holds of the lead whatever its source's terms say."""
    return [reading.as_sent(verdict) for verdict in (judge_contact(reading), judge_zip(reading))]


def judge_contact(reading: Reading) -> Verdict:
    draft = reading.draft
    if draft.phone or draft.email:
        return passed("contact_missing", "The lead has a phone number or an email address.")
    if reading.is_faulty("phone") or reading.is_faulty("email"):
        return passed(
            "contact_missing", "A phone number or an email address was sent, but could not be read."
        )
    return failed("contact_missing", "Send a phone number or an email address.", field="phone")


def judge_territory(reading: Reading, terms: Terms) -> list[Verdict]:
    """The terms' states, products and verticals. What could not be read has its own fault and is not judged
    again."""
    verdicts = []
    if not reading.is_faulty("state"):
        verdicts.append(judge_state(terms, reading.draft.state))
    if not reading.is_faulty("product"):
        verdicts.append(judge_product(terms, reading.draft.product))
    if terms.verticals and not reading.is_faulty("vertical"):
        verdicts.append(judge_vertical(terms, reading.draft.vertical))
    return verdicts


def judge_zip(reading: Reading) -> Verdict:
    draft = reading.draft
    actual = state_of_zip(draft.postal_code) if draft.postal_code and draft.state else None
    if actual is None or actual == draft.state:
        return passed("zip_state_mismatch")
    return failed(
        "zip_state_mismatch",
        f"ZIP code {draft.postal_code} lies in {actual}, not in {draft.state}.",
        field="postal_code",
        effect=Effect.WARN,
    )


def key_in_query() -> Verdict:
    return failed(
        "credentials_in_query",
        "The source key travelled in the address, where proxies and browsers write it down.",
        hint="Send the headers X-Leadping-Source-Id and X-Leadping-Source-Key.",
        effect=Effect.WARN,
    )
