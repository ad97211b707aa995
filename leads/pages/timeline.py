"""What happened to a lead, in order, whoever did it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from compliance.models import CertificateCheck
from leadping.models import Event
from leads.models import Complaint, Lead, Submission
from leads.pages.addresses import lead_address, submission_address
from leads.pages.moments import Moment, describe
from leads.pages.wording import CERTIFICATES, LEAD_STATUSES, OUTCOMES
from leads.relay import CREATED


@dataclass(frozen=True, slots=True)
class Entry:
    """`address` is that of the page that tells more, if there is one."""

    when: Moment
    title: str
    tone: str
    detail: str = ""
    address: str = ""


# What intake made of the request.
TAKEN_AS = {
    Lead.Status.ACCEPTED.value: ("Accepted", "good"),
    Lead.Status.AUDIT.value: ("Held for audit", "warn"),
    Lead.Status.DUPLICATE.value: ("Kept as a duplicate", "accent"),
}
EVENTS = {
    "lead.released": ("Released", "good"),
    "lead.refused": ("Refused", "bad"),
    "lead.hold_settled": ("One reason to hold it is settled", "good"),
    "lead.kept_as_duplicate": ("Kept as a duplicate", "accent"),
    "lead.still_held": ("Held on, for another reason", "warn"),
    "lead.certificate_retained": ("Certificate retained", "good"),
    "lead.certificate_not_retained": ("Certificate not retained, given up", "bad"),
    "lead.retention_asked": ("Certificate to be retained now", "plain"),
    "dossier.made": ("Dossier taken", "plain"),
    "lead.withdrawn": ("Withdrawn with its import", "plain"),
    "lead.erased": ("The person erased", "plain"),
}


def in_order(*stories: Sequence[Entry]) -> list[Entry]:
    """Oldest first. At one and the same moment the earlier story goes first."""
    return sorted((entry for story in stories for entry in story), key=lambda entry: entry.when.at)


def of_submission(submission: Submission, actors: Mapping[str, str], *, now: datetime) -> Entry:
    replayed = submission.outcome == Submission.Outcome.REPLAYED
    if submission.repeats_id:
        return of_attempt(submission, actors, now=now)
    return Entry(
        describe(submission.received_at, now=now),
        "Sent again, and given the first answer again" if replayed else "Came in",
        "plain",
        f"{say_way(submission)}, answered {submission.http_status}",
        submission_address(submission.public_id),
    )


def say_way(submission: Submission) -> str:
    door = Submission.Door(submission.door)
    if door is Submission.Door.IMPORT:
        return f"{door.label}, row {submission.row_number}"
    return f"{door.label} from {submission.ip}" if submission.ip else door.label


def of_attempt(attempt: Submission, actors: Mapping[str, str], *, now: datetime) -> Entry:
    """Judged again by a person, who says why."""
    who = actors.get(attempt.repeated_by, attempt.repeated_by)
    worded = OUTCOMES[Submission.Outcome(attempt.outcome)]
    return Entry(
        describe(attempt.received_at, now=now),
        f"Judged again by {who}: {worded.text.lower()}",
        worded.tone,
        attempt.repeated_reason,
        submission_address(attempt.public_id),
    )


def of_check(check: CertificateCheck, *, now: datetime) -> Entry:
    words = CERTIFICATES[check.outcome]
    asked = "the sandbox" if check.sandbox else check.host
    return Entry(
        describe(check.at, now=now),
        f"Certificate: {words.badge.text.lower()}",
        words.badge.tone,
        f"{words.sentence} Asked {asked}, {check.elapsed_ms} ms.",
    )


def of_event(event: Event, actors: Mapping[str, str], *, now: datetime) -> Entry:
    when = describe(event.at, now=now)
    if event.kind == CREATED:
        return Entry(when, *TAKEN_AS[event.data["status"]])
    title, tone = EVENTS.get(event.kind, (event.kind, "plain"))
    actor = actors.get(event.actor, event.actor)
    return Entry(when, f"{title} by {actor}", tone, event.reason)


def of_complaint(complaint: Complaint, *, now: datetime) -> list[Entry]:
    """That it was raised, and what came of it."""
    kind = Complaint.Kind(complaint.kind).label
    raised = f"{kind} by {complaint.raised_by}" if complaint.raised_by else kind
    story = [Entry(describe(complaint.opened_at, now=now), raised, "bad", complaint.details)]
    if complaint.closed_at and complaint.kind != Complaint.Kind.OPT_OUT:
        title = f"{kind} closed: {Complaint.Outcome(complaint.outcome).label.lower()}"
        story.append(Entry(describe(complaint.closed_at, now=now), title, "plain", complaint.outcome_reason))
    return story


def of_other(lead: Lead, *, now: datetime) -> Entry:
    status = LEAD_STATUSES[Lead.Status(lead.status)]
    return Entry(
        describe(lead.created_at, now=now),
        f"Another lead of the same contact, {status.text.lower()}",
        "plain",
        f"Through {lead.source}",
        lead_address(lead.public_id),
    )
