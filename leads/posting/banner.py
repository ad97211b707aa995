"""Where the source stands, as its vendor is told. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from leads.posting.facts import Facts
from sources.expiring import WARNED_AHEAD
from sources.models import Terms
from sources.schedules import has_schedule, is_open

DRY = "Dry runs work meanwhile, and are judged by the draft of the terms."
WHO = "Whoever gave you this page can tell you more."


@dataclass(frozen=True, slots=True)
class Banner:
    """`notes` are about this very moment."""

    tone: str
    title: str
    text: str
    notes: list[str] = field(default_factory=list)


def read_banner(facts: Facts) -> Banner:
    """The gravest obstacle; without one, that leads are taken."""
    source = facts.source
    if not source.enabled:
        text = f"Every request is answered 403 with source_disabled. Stop sending. {WHO}"
        return Banner("bad", "Switched off", text)
    if source.paused_at:
        text = (
            f"Every request is answered 403 with source_paused. The reason: {source.paused_reason} "
            "Stop sending until it is reopened."
        )
        return Banner("bad", f"Paused since {say_day(source.paused_at)}", text)
    if not source.account_id:
        text = f"Every request is answered 403 with source_unattached until it belongs to an account. {WHO}"
        return Banner("warn", "Not connected yet", text)
    return read_approval(facts)


def read_approval(facts: Facts) -> Banner:
    terms, refused = facts.terms, "Real leads are refused with source_not_approved."
    if facts.approved:
        return approved(facts)
    if not facts.written:
        text = f"{refused} Nobody has written down yet what this source may send; the usual rules follow."
        return Banner("warn", "Not approved yet", text)
    if terms.status == Terms.Status.EXPIRED or terms.expired_at(facts.now):
        ended = f" on {say_moment(terms.expires_at)}" if terms.expires_at else ""
        text = f"The approval ended{ended}. Every lead is refused until it is renewed. {WHO}"
        return Banner("bad", "Approval ended", text)
    tone, title, text = UNAPPROVED.get(Terms.Status(terms.status), UNAPPROVED[Terms.Status.DRAFT])
    return Banner(tone, title, f"{text} {refused}".strip())


UNAPPROVED = {
    Terms.Status.DRAFT: ("warn", "Draft, not approved yet", DRY),
    Terms.Status.SUBMITTED: ("warn", "Waiting for review", f"The terms are being reviewed. {DRY}"),
    Terms.Status.CHANGES_REQUESTED: ("warn", "Not approved yet", "The review asked for changes."),
    Terms.Status.REFUSED: ("bad", "Not approved", f"The review turned these terms down. {WHO}"),
    Terms.Status.REVOKED: ("bad", "Approval withdrawn", f"Stop sending. {WHO}"),
}


def approved(facts: Facts) -> Banner:
    ends = facts.terms.expires_at
    notes = list_notes(facts)
    if ends is None:
        return Banner("good", "Approved", "Leads are taken.", notes)
    soon = ends - facts.now <= WARNED_AHEAD
    text = "Leads are taken until then; afterwards every lead is refused unless the approval is renewed."
    return Banner("warn" if soon else "good", f"Approved until {say_moment(ends)}", text, notes)


def list_notes(facts: Facts) -> list[str]:
    settings = facts.settings
    if not has_schedule(settings) or is_open(settings, facts.now):
        return []
    deed = "held" if settings.schedule_effect == "hold" else "refused"
    return [f"At this moment it is outside the schedule: leads are {deed}."]


def say_day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def say_moment(moment: datetime) -> str:
    return f"{say_day(moment)}, {moment:%H:%M} UTC"
