"""How long a certificate can still be asked about, and whether it is stored for us. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from compliance.models import CertificateRetention

Status = CertificateRetention.Status


@dataclass(frozen=True, slots=True)
class Countdown:
    """`left` is short, for a list; `sentence` says it all."""

    left: str
    sentence: str
    tone: str


def count_down(retention: CertificateRetention, *, now: datetime) -> Countdown:
    if retention.status == Status.STORED:
        return stored(retention)
    end, left = retention.dies_at, retention.dies_at - now
    when = f"{end:%-d %b %Y, %H:%M} UTC"
    if retention.told:
        sentence = f"TrustedForm deletes it on {when}" if left > timedelta() else f"It was deleted on {when}"
    else:
        # Nobody told us the end. It has the shorter life unless the form was seen to be submitted.
        sentence = f"It may be deleted from {when} on; where the form was submitted it lives for 90 days"
    return Countdown(
        say_left(left, told=retention.told), f"{sentence}. {say_course(retention)}", tone_of(left)
    )


def stored(retention: CertificateRetention) -> Countdown:
    assert retention.stored_at
    again = ", and had been before" if retention.previously_retained else ""
    sandbox = " The sandbox said so, which proves nothing." if retention.sandbox else ""
    until = f" It can be asked about until {retention.dies_at:%-d %b %Y}." if retention.told else ""
    sentence = f"Retained on {retention.stored_at:%-d %b %Y, %H:%M} UTC{again}.{until}{sandbox}"
    return Countdown("Retained", sentence, "good")


def say_course(retention: CertificateRetention) -> str:
    """What is being done about it."""
    why = f": {retention.reason}" if retention.reason else "."
    match Status(retention.status):
        case Status.WAITING:
            return "It waits to be retained."
        case Status.FAILED:
            again = f"{retention.next_at:%-d %b, %H:%M} UTC" if retention.next_at else "soon"
            return f"{retention.tries} tries to retain it failed, the next is due {again}{why}"
    return f"It was given up{why}"


def say_left(left: timedelta, *, told: bool) -> str:
    if left <= timedelta():
        return "Deleted" if told else "May be deleted by now"
    hours = int(left.total_seconds() // 3600)
    if hours >= 72:
        text = f"{hours // 24} days"
    else:
        text = f"{hours} h" if hours else f"{int(left.total_seconds() // 60)} min"
    return text if told else f"{text} or more"


def tone_of(left: timedelta) -> str:
    if left < timedelta(hours=24):
        return "bad"
    return "warn" if left < timedelta(days=14) else ""
