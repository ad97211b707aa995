"""What a source is, what it may send and how it is run, as a person would say it. Pure."""

from calendar import day_abbr
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from leadping.console.display import NOTHING, listed
from leadping.console.history import say_value
from sources.admin.certificate_words import CERTIFICATE_SAYINGS, list_idle, say_certificate_checks
from sources.admin.section import Section
from sources.admin.sections import LABELS, SETTINGS_SECTIONS, TERMS_SECTIONS
from sources.expiring import WARNED_AHEAD
from sources.letters import find_addresses
from sources.models import Source, SourceSettings, Terms
from sources.rules import judge_approval, judge_expiry, judge_source
from sources.thresholds import SHARES


def list_states_of(source: Source, *, now: datetime) -> list[tuple[str, str]]:
    """What the source is right now, as text and tone of its badges."""
    if source.deleted_at:
        return [("Deleted", "bad")]
    states = [say_approval(source.terms_in_force, now=now)]
    if not source.enabled:
        states.append(("Disabled", "bad"))
    if source.paused_at:
        states.append(("Paused", "warn"))
    if source.disputed_at:
        states.append(("Disputed", "warn"))
    if not source.account_id:
        states.append(("No account", "warn"))
    return states


def say_approval(terms: Terms | None, *, now: datetime) -> tuple[str, str]:
    if terms is None:
        return "Not approved", "warn"
    if terms.expired_at(now):
        return "Approval expired", "bad"
    if terms.expires_at and terms.expires_at - now <= WARNED_AHEAD:
        return f"Approved, {say_days_left(terms.expires_at, now=now)}", "warn"
    return "Approved", "good"


def say_expiry(terms: Terms | None, *, now: datetime) -> str:
    """What a person should be warned of about the end of the approval; empty while it is far."""
    if terms is None or terms.expires_at is None or terms.expires_at - now > WARNED_AHEAD:
        return ""
    until = f"{terms.expires_at:%-d %B %Y, %H:%M} UTC"
    if terms.expired_at(now):
        return f"The approval ended on {until}. Every lead is refused until new terms are approved."
    return (
        f"The approval ends on {until}: {say_days_left(terms.expires_at, now=now)}. "
        "Then every lead is refused. Draft new terms and submit them now, and the review is done in time."
    )


def say_days_left(end: datetime, *, now: datetime) -> str:
    days = (end - now).days
    return "ends today" if days < 1 else "1 day left" if days == 1 else f"{days} days left"


def list_obstacles(source: Source, *, now: datetime) -> list[str]:
    """Why leads of the source are refused whatever they hold."""
    if source.deleted_at:
        return ["This source is deleted. Its history stays, and its keys are answered 401."]
    verdicts = [*judge_source(source), judge_approval(source.terms_in_force)]
    if source.terms_in_force:
        verdicts.append(judge_expiry(source.terms_in_force, now=now))
    return [verdict.detail for verdict in verdicts if not verdict.passed]


def list_checks(terms: Terms, settings: SourceSettings) -> list[str]:
    """One sentence for each check that this source's leads go through under these terms."""
    said = [
        "A phone number or an email address is given. Phone numbers are U.S. numbers.",
        say_allowed("state", terms.states),
        say_allowed("product", terms.products),
        say_allowed("vertical", terms.verticals),
        say_certificate(terms, settings),
        *say_certificate_checks(terms, settings),
        say_duplicates(settings),
        say_schedule(settings),
        say_caps(settings),
        say_addresses(settings),
        say_disputes(settings),
        say_suppressed(settings),
    ]
    if settings.rate_per_minute:
        said.append(f"At most {settings.rate_per_minute} requests come in a minute; more are answered 429.")
    return [sentence for sentence in said if sentence]


def say_allowed(what: str, allowed: Sequence[str]) -> str:
    return f"The {what} is {listed(allowed)}." if allowed else f"Any {what} is taken."


def say_certificate(terms: Terms, settings: SourceSettings) -> str:
    if not terms.trustedform_required:
        return f"No TrustedForm certificate is needed, by an approved exception: {terms.exception_reason}"
    outage = "held and asked about again" if settings.outage_policy == "hold" else "refused"
    return f"A TrustedForm certificate comes along. While TrustedForm cannot be asked, the lead is {outage}."


DUPLICATES = {
    "warn": "taken with a warning",
    "keep": "kept with the status “duplicate”",
    "hold": "held",
    "refuse": "refused",
}
STOPS = {"refuse": "refused", "hold": "held"}


def say_duplicates(settings: SourceSettings) -> str:
    deed = DUPLICATES.get(settings.duplicate_rule)
    if deed is None:
        return "Duplicates are not looked for."
    return (
        "A lead whose external id, phone or email came through this source in the last "
        f"{settings.duplicate_window_hours} hours is {deed}."
    )


def say_schedule(settings: SourceSettings) -> str:
    if not settings.schedule_days and settings.schedule_from is None:
        return ""
    days = say_days(settings.schedule_days) if settings.schedule_days else "on every day"
    hours = ""
    if settings.schedule_from and settings.schedule_until:
        hours = f" from {settings.schedule_from:%H:%M} to {settings.schedule_until:%H:%M}"
    return (
        f"Leads come {days}{hours}, {settings.time_zone} time; "
        f"at other times they are {STOPS[settings.schedule_effect]}."
    )


def say_caps(settings: SourceSettings) -> str:
    caps = [
        f"{cap} leads {period}"
        for name, period in (("hour", "an hour"), ("day", "a day"), ("month", "a month"))
        if (cap := getattr(settings, f"cap_per_{name}")) is not None
    ]
    if not caps:
        return ""
    return f"At most {listed(caps)} are taken; more are {STOPS[settings.cap_effect]}."


def say_addresses(settings: SourceSettings) -> str:
    if not settings.ip_list:
        return ""
    return f"The request comes from {listed(settings.ip_list)}; others are {STOPS[settings.ip_effect]}."


def say_disputes(settings: SourceSettings) -> str:
    deeds = {"warn": "taken with a warning", "hold": "held"}
    deed = deeds.get(settings.dispute_effect)
    return f"While a complaint or dispute about the source is open, leads are {deed}." if deed else ""


def say_suppressed(settings: SourceSettings) -> str:
    deeds = {"warn": "taken with a warning", "hold": "held", "refuse": "refused"}
    deed = deeds.get(settings.suppression_effect)
    return f"Leads of people who are not to be contacted are {deed}." if deed else ""


def say_days(days: Sequence[int]) -> str:
    """Numbers as the settings keep them, Monday being 0."""
    return listed(day_abbr[day] for day in sorted(days))


UNREACHABLE = "no email address, so pauses are not told here"
# A field with choices says the choice; these say more than their stored value.
SAYINGS: Mapping[str, Callable[[Any], str]] = {
    "schedule_days": lambda days: say_days(days) if days else NOTHING,
    "certificate_retention": lambda value: Terms.Retention(value).label,
    "duplicate_rule": lambda value: SourceSettings.DuplicateRule(value).label,
    "certificate_reuse": lambda value: SourceSettings.ReuseRule(value).label,
    "outage_policy": lambda value: SourceSettings.OutagePolicy(value).label,
    "schedule_effect": lambda value: SourceSettings.Stop(value).label,
    "cap_effect": lambda value: SourceSettings.Stop(value).label,
    "ip_effect": lambda value: SourceSettings.Stop(value).label,
    "dispute_effect": lambda value: SourceSettings.DisputeRule(value).label,
    "suppression_effect": lambda value: SourceSettings.SuppressionRule(value).label,
    "support_contact": lambda text: text if find_addresses(text) else f"{text} ({UNREACHABLE})",
    **dict.fromkeys(SHARES, "{} %".format),
    **CERTIFICATE_SAYINGS,
}


def say(name: str, value: Any) -> str:
    """A field's value as it is shown."""
    if value is None:
        return NOTHING
    if isinstance(value, time):
        return f"{value:%H:%M}"
    saying = SAYINGS.get(name)
    return saying(value) if saying else say_value(value)


Said = list[tuple[str, str]]


def describe_terms(terms: Terms) -> list[tuple[Section, Said]]:
    """Label and value of all that the terms say; a section that says nothing is left out, and the example,
    which is no sentence, has its own place."""
    return describe(Terms, terms, TERMS_SECTIONS, idle={"example_payload"})


def describe_settings(settings: SourceSettings) -> list[tuple[Section, Said]]:
    """What is set, without what has no bearing on anything that is."""
    idle = {name for name, others in BEARS_ON.items() if not any(getattr(settings, one) for one in others)}
    if settings.duplicate_rule == SourceSettings.DuplicateRule.OFF:
        idle.add("duplicate_window_hours")
    if settings.dispute_effect == SourceSettings.DisputeRule.OFF:
        idle.add("dispute_effect")
    idle |= list_idle(settings)
    return describe(SourceSettings, settings, SETTINGS_SECTIONS, idle=idle)


SCHEDULE = ("schedule_days", "schedule_from")
CAPS = ("cap_per_hour", "cap_per_day", "cap_per_month")
BEARS_ON = {
    "schedule_effect": SCHEDULE,
    "cap_effect": CAPS,
    "time_zone": (*SCHEDULE, *CAPS),
    "ip_effect": ("ip_list",),
    **{f"{name}_of": (name,) for name in SHARES},
    "pause_complaints_days": ("pause_complaints",),
}


def describe(
    model: type[Terms] | type[SourceSettings],
    row: Terms | SourceSettings,
    sections: Sequence[Section],
    *,
    idle: Collection[str] = (),
) -> list[tuple[Section, Said]]:
    told = []
    for section in sections:
        values = ((name, getattr(row, name)) for name in section.fields if name not in idle)
        said = [
            (label(model, name), say(name, value)) for name, value in values if value not in (None, "", [])
        ]
        told += [(section, said)] if said else []
    return told


def label(model: type[Terms] | type[SourceSettings], name: str) -> str:
    text = LABELS.get(name) or str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return text[0].upper() + text[1:]
