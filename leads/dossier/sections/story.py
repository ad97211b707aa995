"""What happened, in order: to the source, to its terms, to the lead. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from compliance.models import CertificateCheck
from leadping.console.history import say_kind
from leadping.models import Event
from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Files, Table
from leads.dossier.sections.section import Section
from leads.models import Submission
from leads.pages.moments import exact
from leads.pages.stored import NO_ADDRESS
from leads.pages.wording import CERTIFICATES, LEAD_STATUSES, OUTCOMES
from leads.relay import CREATED

EVENTS_FILE = "events/lead.json"
# What a person or the product did to the lead once it was there, as the end of “It was …”.
HAPPENED = {
    "lead.released": "released",
    "lead.refused": "refused for good",
    "lead.hold_settled": "freed of one reason to hold it",
    "lead.still_held": "held on",
    "lead.recheck_ended": "left for a person to decide",
    "lead.kept_as_duplicate": "kept as a duplicate",
    "lead.withdrawn": "withdrawn",
    "lead.erased": "erased, with whatever named the person,",
}
# Seals and the like prove, and are told with the chain.
UNTOLD = ("events.", "audit.")


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    what: str
    detail: str = ""


def tell_story(record: Record) -> Section:
    steps = sorted(all_steps(record), key=lambda step: step.at)
    rows = [(exact(step.at), step.what, step.detail) for step in steps]
    events = [
        {**row_facts(event), "sealed_in": record.chain.seals.get(event.public_id)} for event in record.events
    ]
    blocks: list[Block] = [Table(("When", "What", "Details"), rows, (0.24, 0.32, 0.44)), Files([EVENTS_FILE])]
    return Section("What happened, in order", blocks, {EVENTS_FILE: write_json(events)})


def all_steps(record: Record) -> Iterator[Step]:
    """At one and the same moment the earlier kind goes first."""
    for link in record.chain.links:
        if not link.event.kind.startswith(UNTOLD):
            yield of_event(link.event, record)
    for submission in record.submissions:
        yield of_submission(submission, record)
    for check in record.checks:
        yield of_check(check)
    for event in record.events:
        yield of_event(event, record)


def say_status(event: Event) -> str:
    status = LEAD_STATUSES.get(event.data.get("status"))
    return f"{status.text}." if status else ""


def of_submission(submission: Submission, record: Record) -> Step:
    outcome = OUTCOMES[Submission.Outcome(submission.outcome)].text
    door = Submission.Door(submission.door).label
    detail = (
        f"{door} from {submission.ip or NO_ADDRESS}, answered {submission.http_status}: {outcome.lower()}."
    )
    if submission.repeats_id:
        who = record.who(submission.repeated_by)
        return Step(
            submission.received_at, f"Judged again by {who}", f"{submission.repeated_reason} {detail}"
        )
    if submission.outcome == Submission.Outcome.REPLAYED:
        return Step(submission.received_at, "Sent again, and given the first answer again", detail)
    return Step(submission.received_at, "Came in", detail)


def of_check(check: CertificateCheck) -> Step:
    words = CERTIFICATES[check.outcome]
    if check.sandbox:
        return Step(
            check.at,
            "Certificate asked about at a sandbox",
            f"It answered “{words.badge.text}”; this proves nothing.",
        )
    return Step(check.at, f"Certificate: {words.badge.text.lower()}", f"{words.sentence} Asked {check.host}.")


def of_event(event: Event, record: Record) -> Step:
    actor = record.who(event.actor)
    if event.kind == CREATED:
        return Step(event.at, "The lead was made", say_status(event))
    if event.kind in HAPPENED:
        return Step(event.at, f"{HAPPENED[event.kind].capitalize()} by {actor}", event.reason)
    terms = f" (terms {event.data['number']})" if "number" in event.data else ""
    return Step(event.at, f"{say_kind(event.kind)}{terms} by {actor}", event.reason)
