"""May this person be contacted? The answer that a lead's page gives at a glance. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadping.models import Event
from leads.do_not_contact import IN_WORDS
from leads.models import Complaint, Lead
from leads.pages.addresses import lead_address
from leads.pages.overrides import OverrideLine
from leads.pages.wording import CheckLine, title_of


@dataclass(frozen=True, slots=True)
class Permission:
    """`reasons` are sentences, the weightiest first. `earlier`: the address of what it duplicates."""

    answer: str
    tone: str
    reasons: list[str]
    earlier: str


ANSWERS = {
    Lead.Status.ACCEPTED: ("Yes", "good"),
    Lead.Status.AUDIT: ("Not yet", "warn"),
    Lead.Status.DUPLICATE: ("Not for this lead", "accent"),
    Lead.Status.REFUSED: ("No", "bad"),
    Lead.Status.WITHDRAWN: ("No", "bad"),
}


LEAD_ID = re.compile(r"\blead_[0-9a-z]{26}\b")
DECISIONS = {"lead.released": "Released", "lead.refused": "Refused"}
WITHDRAWN = {"lead.withdrawn": "Withdrawn with its import"}


def describe_permission(
    lead: Lead,
    checks: Sequence[CheckLine],
    events: Sequence[Event],
    actors: Mapping[str, str],
    *,
    complaints: Sequence[Complaint] = (),
    overrides: Sequence[OverrideLine] = (),
    closed: Sequence[str] = (),
    erased: str = "",
) -> Permission:
    """`checks` are those of the submission that made the lead; `closed` are the ways of contacting that the
    suppression list closes."""
    opted_out = say_opt_out(complaints)
    if erased:
        return Permission("No", "bad", [erased], "")
    if closed and (shut := describe_closed(lead, closed, opted_out)):
        return shut
    passed_over = [line.sentence for line in overrides if line.released or line.waits]
    reasons = [*passed_over, *(list_decisions(lead, events, actors) or reasons_of(lead, checks))]
    if opted_out and not closed:
        reasons.append(f"{opted_out} It was released since; its history is on the suppression list.")
    answer, tone = ANSWERS[Lead.Status(lead.status)]
    return Permission(answer, tone, reasons, find_earlier(lead, reasons))


def describe_closed(lead: Lead, closed: Sequence[str], opted_out: str) -> Permission | None:
    """What the suppression list leaves open; None where the lead's own status says less than that."""
    said, ways = [opted_out] if opted_out else [], open_ways(lead, closed)
    if not ways:
        return Permission("No", "bad", [*said, "Phone and email are on the suppression list."], "")
    if lead.status != Lead.Status.ACCEPTED:
        return None
    shut = ", ".join(IN_WORDS[way] for way in closed)
    return Permission(f"Only by {' or '.join(ways)}", "warn", [*said, f"Closed for {shut}."], "")


def list_decisions(lead: Lead, events: Sequence[Event], actors: Mapping[str, str]) -> list[str]:
    told = WITHDRAWN if lead.status == Lead.Status.WITHDRAWN else DECISIONS
    return [
        f"{told[event.kind]} by {actors.get(event.actor, event.actor)}: {event.reason}"
        for event in events
        if event.kind in told
    ]


def find_earlier(lead: Lead, reasons: Sequence[str]) -> str:
    """The address of the lead that it duplicates; empty where it duplicates none."""
    if lead.status != Lead.Status.DUPLICATE:
        return ""
    earlier = LEAD_ID.search(" ".join(reasons))
    return lead_address(earlier[0]) if earlier else ""


NAMES = {"call": "call", "sms": "text", "email": "email"}


def open_ways(lead: Lead, closed: Sequence[str]) -> list[str]:
    """In words, of the contacts that the lead has."""
    has = {"call": lead.phone, "sms": lead.phone, "email": lead.email}
    return [NAMES[way] for way, contact in has.items() if contact and way not in closed]


def say_opt_out(complaints: Sequence[Complaint]) -> str:
    """Whoever asked not to be contacted is not, whatever the checks found."""
    told = [complaint for complaint in complaints if complaint.kind == Complaint.Kind.OPT_OUT]
    return f"An opt-out was recorded on {told[-1].opened_at:%-d %b %Y}: {told[-1].details}" if told else ""


def reasons_of(lead: Lead, checks: Sequence[CheckLine]) -> list[str]:
    """Of a lead about which nobody decided since it came."""
    faults = {check.code: check.sentence for check in checks if check.page}
    match lead.status:
        case Lead.Status.AUDIT:
            held = [faults.get(code) or f"{title_of(code)}." for code in lead.held_for]
            return [*held, "Nobody contacts this person until the lead is released."]
        case Lead.Status.DUPLICATE:
            return [faults.get("duplicate_lead", "It was kept as a duplicate.")]
        case Lead.Status.REFUSED | Lead.Status.WITHDRAWN:
            return ["The lead stays on record, and nobody contacts the person."]
        case _ if faults:
            return [f"Every check that decides was passed; warnings: {len(faults)}."]
    return ["Every check was passed."]
