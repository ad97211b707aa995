"""The findings, in plain words and before everything else. Pure."""

from collections.abc import Iterator

from leads.dossier.record import Agreement, Record
from leads.dossier.report.blocks import Block, Notice, Points
from leads.dossier.sections.section import Section, place, sentence
from leads.dossier.sections.story import HAPPENED
from leads.models import Lead, Submission
from leads.pages.evidence import MATCHES
from leads.pages.kept import say_erased
from leads.pages.moments import exact
from leads.pages.wording import CERTIFICATES, OUTCOMES, describe_check, title_of
from leads.relay import CREATED
from sources.models import Review

TAKEN_AS = {
    "accepted": "accepted",
    "audit": "held for a decision",
    "duplicate": "kept as a duplicate",
}
PUT_IN_FORCE = (Review.Decision.APPROVED, Review.Decision.NARROWED)
SANDBOX = (
    "A sandbox answered for the certificate, and not TrustedForm. What it said proves nothing: this is a "
    "trial of the installation, not evidence of anybody's consent."
)


def tell_summary(record: Record) -> Section:
    notices: list[Block] = [Notice(SANDBOX)] if record.sandbox else []
    if record.lead.test:
        notices.append(Notice("This lead was sent as a test."))
    if erased := say_erased(record.lead, record.events):
        notices.append(Notice(erased))
    points = [*say_course(record), *say_approvals(record), *say_certificate(record), *say_checks(record)]
    return Section("Findings", [*notices, Points([*points, *say_complaints(record)])])


def say_course(record: Record) -> Iterator[str]:
    lead, made_by = record.lead, record.made_by
    for attempt in record.submissions:
        if attempt.repeats_id:
            yield say_again(attempt, record)
        elif attempt.lead_id != lead.pk:
            yield f"It was first sent on {exact(attempt.received_at)} and refused: {name_codes(attempt)}."
        if attempt == made_by:
            yield say_coming(record)
    if made_by is None:
        yield say_coming(record)
    for event in record.events:
        if event.kind in HAPPENED:
            because = f": “{event.reason}”" if event.reason else "."
            yield f"It was {HAPPENED[event.kind]} on {exact(event.at)} by {record.who(event.actor)}{because}"
    yield say_status(lead)


def say_again(attempt: Submission, record: Record) -> str:
    outcome = OUTCOMES[Submission.Outcome(attempt.outcome)].text.lower()
    why = f" for {name_codes(attempt)}" if attempt.codes else ""
    return (
        f"{record.who(attempt.repeated_by)} had it judged again on {exact(attempt.received_at)} "
        f"(“{attempt.repeated_reason}”); the outcome was: {outcome}{why}."
    )


def say_coming(record: Record) -> str:
    lead = record.lead
    return (
        f"This lead came in on {exact(lead.created_at)} from the source “{lead.source}” of the account "
        f"“{lead.account}” of {lead.business}, was judged by terms {lead.terms.number} of that source, and "
        f"was {taken_as(record)}."
    )


def taken_as(record: Record) -> str:
    created = next((event for event in record.events if event.kind == CREATED), None)
    return TAKEN_AS.get(str(created.data.get("status")) if created else "", "taken in")


def say_status(lead: Lead) -> str:
    match lead.status:
        case Lead.Status.AUDIT:
            held = ", ".join(map(title_of, lead.held_for))
            return f"It is held, and nobody contacts the person until it is released. Held for: {held}."
        case Lead.Status.REFUSED:
            return "It is refused for good, and stays on record; nobody contacts the person."
        case Lead.Status.WITHDRAWN:
            return "It was withdrawn, and stays on record; nobody contacts the person."
    return f"Its status when this dossier was made is: {lead.get_status_display()}."


def name_codes(submission: Submission) -> str:
    return ", ".join(map(title_of, submission.codes)) or "no reason is on record"


def say_approvals(record: Record) -> Iterator[str]:
    for agreement in record.agreements:
        yield say_approval(record, agreement)
        yield from say_end(record, agreement)


def approval_of(record: Record, agreement: Agreement) -> Review | None:
    """The decision by which the terms were in force when the lead came."""
    came = max(
        (one.received_at for one in record.submissions if one.terms_id == agreement.terms.pk),
        default=record.lead.created_at,
    )
    given = [it for it in agreement.reviews if it.decision in PUT_IN_FORCE and it.at <= came]
    return given[-1] if given else None


def say_approval(record: Record, agreement: Agreement) -> str:
    number = f"Terms {agreement.terms.number}"
    approval = approval_of(record, agreement)
    if approval is None:
        return f"{number}: no approval from before the lead came is on record."
    verb = "put in force as stricter terms" if approval.decision == Review.Decision.NARROWED else "approved"
    said = f"{number} were {verb} by {record.who(approval.by)} on {exact(approval.at)}: “{approval.reason}”"
    granted = f" On the condition: “{approval.conditions}”" if approval.conditions else ""
    until = f" The approval was given until {exact(approval.expires_at)}." if approval.expires_at else ""
    return said + granted + until


def say_end(record: Record, agreement: Agreement) -> Iterator[str]:
    for review in agreement.reviews:
        if review.decision in {Review.Decision.REVOKED, Review.Decision.EXPIRED}:
            when = "before the lead came" if review.at < record.lead.created_at else "after the lead came"
            verb = "revoked" if review.decision == Review.Decision.REVOKED else "found expired"
            yield (
                f"Terms {agreement.terms.number} were {verb} on {exact(review.at)}, {when}, by "
                f"{record.who(review.by)}: “{review.reason}”"
            )


def say_certificate(record: Record) -> Iterator[str]:
    lead = record.lead
    if not record.checks:
        if lead.trusted_form_outcome == "waived":
            yield (
                "No TrustedForm certificate was required: an approved exception says "
                f"“{lead.terms.exception_reason}”"
            )
        else:
            yield CERTIFICATES[lead.trusted_form_outcome or "unasked"].sentence
    for number, check in enumerate(record.checks, 1):
        words = CERTIFICATES[check.outcome]
        see = f"See {place('certificate', number, check.public_id)}.json."
        when = exact(check.at)
        if check.sandbox:
            yield f"On {when} a sandbox answered “{words.badge.text}”, which proves nothing. {see}"
            continue
        matches = f"The phone {MATCHES[check.phone_match]}, the email {MATCHES[check.email_match]}."
        yield f"On {when} {check.host} was asked. {words.sentence} {matches} {see}"


def say_checks(record: Record) -> Iterator[str]:
    made_by = record.made_by
    if made_by is None:
        return
    lines = [describe_check(verdict) for verdict in made_by.verdicts]
    faults = [line for line in lines if line.page]
    passed = len(lines) - len(faults)
    said = f"Of the {len(lines)} checks when it came, {passed if faults else 'all'} found no fault."
    for line in faults:
        said += f" {line.badge.text}: {line.name} ({sentence(line.sentence).rstrip('.')})."
    yield said


def say_complaints(record: Record) -> Iterator[str]:
    count = len(record.complaints)
    if count:
        yield (
            "1 complaint about this lead is on record."
            if count == 1
            else (f"{count} complaints about this lead are on record.")
        )
