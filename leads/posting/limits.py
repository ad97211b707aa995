"""The limits of a source in sentences for its vendor: what they must keep to, not how we run it. Pure."""

from collections.abc import Sequence

from leadping.states import NAMES
from sources.caps import has_caps
from sources.models import SourceSettings, Terms
from sources.schedules import has_schedule, say_time

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STOPS = {"refuse": "refused", "hold": "held for a person to look at"}
DUPLICATES = {
    "warn": "taken with a warning",
    "keep": "kept with the status “duplicate”",
    "hold": "held for a person to look at",
    "refuse": "refused",
}


def say_states(terms: Terms) -> str:
    if not terms.states:
        return "Any U.S. state or territory."
    return joined([f"{NAMES.get(code, code)} ({code})" for code in terms.states], "and") + "."


def say_words(what: str, allowed: Sequence[str]) -> str:
    if not allowed:
        return f"Any {what}."
    return joined([f"“{word}”" for word in allowed], "and") + ". Upper and lower case do not matter."


def say_certificate(terms: Terms) -> str:
    if terms.trustedform_required:
        return "Required: each lead brings its own TrustedForm certificate."
    return "Not required for this source, by an approved exception."


def say_schedule(settings: SourceSettings) -> str:
    if not has_schedule(settings):
        return "Leads are taken at any time."
    start, end = settings.schedule_from, settings.schedule_until
    hours = (
        f" {say_time(start)}\N{EN DASH}{say_time(end)}"
        if start is not None and end is not None
        else ", all day"
    )
    return (
        f"Leads are taken {say_days(settings.schedule_days)}{hours}, {settings.time_zone} time; "
        f"at other times they are {STOPS[settings.schedule_effect]}."
    )


def say_days(days: Sequence[int]) -> str:
    """Three or more in a row are told by the first and the last."""
    given = sorted(set(days))
    if not given or len(given) == len(DAYS):
        return "every day"
    if len(given) > 2 and given[-1] - given[0] == len(given) - 1:
        return f"{DAYS[given[0]]} to {DAYS[given[-1]]}"
    return joined([DAYS[day] for day in given], "and")


def say_caps(settings: SourceSettings) -> str:
    if not has_caps(settings):
        return "There is no cap on the number of leads."
    periods = (("hour", "an hour"), ("day", "a day"), ("month", "a month"))
    caps = [
        f"{most:,} {period}"
        for name, period in periods
        if (most := getattr(settings, f"cap_per_{name}")) is not None
    ]
    return (
        f"At most {joined(caps, 'and')} are taken, counted by the clock of "
        f"{settings.time_zone}; more are {STOPS[settings.cap_effect]}."
    )


def say_rate(settings: SourceSettings) -> str:
    if settings.rate_per_minute is None:
        return "There is no limit of requests a minute."
    return (
        f"At most {settings.rate_per_minute:,} requests a minute, dry runs included; more are answered 429."
    )


def say_addresses(settings: SourceSettings) -> str:
    """Never which: the list may name other systems."""
    if not settings.ip_list:
        return "Requests may come from any IP address."
    return (
        "The IP address of your system must be listed with us; requests from others are "
        f"{STOPS[settings.ip_effect]}. Tell whoever gave you this page from where you will post."
    )


def say_duplicates(settings: SourceSettings) -> str:
    deed = DUPLICATES.get(settings.duplicate_rule)
    if deed is None:
        return "Duplicates are not looked for."
    return (
        "A lead whose external id, phone or email came through this source in the last "
        f"{say_hours(settings.duplicate_window_hours)} is {deed}."
    )


def say_outage(terms: Terms, settings: SourceSettings) -> str:
    if not terms.trustedform_required:
        return ""
    deed = "held and asked about again" if settings.outage_policy == "hold" else "refused"
    return f"While TrustedForm cannot be asked, leads are {deed}."


def say_hours(hours: int) -> str:
    days, rest = divmod(hours, 24)
    if rest or not days:
        return f"{hours:,} hours" if hours != 1 else "hour"
    return f"{days:,} days" if days != 1 else "24 hours"


def joined(items: Sequence[str], word: str) -> str:
    """Such as “a, b and c”."""
    return f" {word} ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""
