"""When a source may send, by the clock of its time zone. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sources.models import SourceSettings

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def has_schedule(settings: SourceSettings) -> bool:
    return bool(settings.schedule_days) or settings.schedule_from is not None


def is_open(settings: SourceSettings, now: datetime) -> bool:
    """Hours that span midnight belong to the day on which they begin."""
    local = local_time(settings, now)
    start, end = settings.schedule_from, settings.schedule_until
    if start is None or end is None:
        return takes_on(settings, local)
    clock = local.time()
    if start < end:
        return takes_on(settings, local) and start <= clock < end
    if clock >= start:
        return takes_on(settings, local)
    return clock < end and takes_on(settings, local - timedelta(days=1))


def takes_on(settings: SourceSettings, local: datetime) -> bool:
    return not settings.schedule_days or local.weekday() in settings.schedule_days


def local_time(settings: SourceSettings, now: datetime) -> datetime:
    """What calendar and clock show in the source's time zone."""
    return now.astimezone(ZoneInfo(settings.time_zone)).replace(tzinfo=None)


def say_schedule(settings: SourceSettings) -> str:
    """Such as “Mon, Tue from 09:00 to 17:00, America/New_York”."""
    days = ", ".join(DAYS[day] for day in sorted(settings.schedule_days)) or "every day"
    start, end = settings.schedule_from, settings.schedule_until
    hours = f" from {say_time(start)} to {say_time(end)}" if start is not None and end is not None else ""
    return f"{days}{hours}, {settings.time_zone}"


def say_time(clock: time) -> str:
    return clock.strftime("%H:%M")
