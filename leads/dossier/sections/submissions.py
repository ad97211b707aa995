"""Each request as it was kept, what was answered, and what every check found. Pure."""

from collections.abc import Sequence
from hashlib import sha256

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading, Paragraph, Quote, Table
from leads.dossier.sections.section import Section, place
from leads.models import Submission
from leads.pages.moments import exact
from leads.pages.stored import gravity, indent, lay_out_body
from leads.pages.wording import OUTCOMES, CheckLine, describe_check

FOLDER = "submissions"
# A request may be repeated any number of times; the story has each, the files have all of it.
TOLD_IN_FULL = 20
SENT_AGAIN = "Further requests, most of them repetitions that were given the first answer, are in the files."
ELSEWHERE = ("body", "answer", "verdicts")


def tell_submissions(record: Record) -> Section:
    blocks: list[Block] = []
    files: dict[str, bytes] = {}
    untold: dict[str, bytes] = {}
    for number, submission in enumerate(record.submissions, 1):
        if number > TOLD_IN_FULL or submission.outcome == Submission.Outcome.REPLAYED:
            untold |= files_of(number, submission)
            continue
        told, kept = tell_submission(number, submission, record)
        blocks += told
        files |= kept
    if untold:
        blocks += [Heading("Sent again"), Paragraph(SENT_AGAIN), Files(list(untold))]
        files |= untold
    if not blocks:
        blocks.append(Paragraph("No request of this lead is on record."))
    return Section("What was sent, answered and checked", blocks, files)


def tell_submission(
    number: int, submission: Submission, record: Record
) -> tuple[Sequence[Block], dict[str, bytes]]:
    files = files_of(number, submission)
    checks = [describe_check(verdict) for verdict in sorted(submission.verdicts, key=gravity)]
    blocks = [
        Heading(f"{number}. {submission.public_id}, {exact(submission.received_at)}"),
        Facts(facts_of(submission, record)),
        Paragraph(say_hash(submission)),
        Files(list(files)),
        Heading("What was checked"),
        Table(("Result", "What was found", "Code"), list(map(say_check, checks)), (0.13, 0.62, 0.25)),
        *quoted("The request as it was kept", lay_out_body(submission)),
        *quoted("The answer", indent(submission.answer)),
    ]
    return blocks, files


def files_of(number: int, submission: Submission) -> dict[str, bytes]:
    """The texts byte by byte as they are stored."""
    folder = place(FOLDER, number, submission.public_id)
    files = {
        f"{folder}/submission.json": write_json(row_facts(submission, without=ELSEWHERE)),
        f"{folder}/verdicts.json": write_json(submission.verdicts),
        f"{folder}/answer.json": submission.answer.encode(),
    }
    if not submission.body_purged_at:
        files[f"{folder}/request.txt"] = submission.body.encode()
    return files


def facts_of(submission: Submission, record: Record) -> list[tuple[str, str]]:
    outcome = OUTCOMES[Submission.Outcome(submission.outcome)].text
    row = f"{submission.row_number}" if submission.row_number else ""
    return [
        ("Through", Submission.Door(submission.door).label),
        ("Outcome", f"{outcome}, HTTP status {submission.http_status}"),
        ("Judged by terms", str(submission.terms.number) if submission.terms else ""),
        ("Sent from", submission.ip or "Not kept any more"),
        ("By the program", submission.user_agent),
        ("Row of its file or batch", row),
        ("Judged again by", record.who(submission.repeated_by) if submission.repeated_by else ""),
        ("Why again", submission.repeated_reason),
        ("Request's id", submission.request_id),
    ]


def say_hash(submission: Submission) -> str:
    sent = bytes(submission.body_sha256).hex()
    said = f"SHA-256 of the bytes as they were sent: {sent}."
    if submission.body_purged_at:
        purged = exact(submission.body_purged_at)
        return f"{said} The text was deleted on {purged}, as its time was over or the person asked for it."
    stored = submission.body.encode()
    if submission.body_redacted:
        return (
            f"{said} A credential in them was replaced by [redacted] before they were stored, so the text "
            f"that was kept has another one: {sha256(stored).hexdigest()}."
        )
    if sha256(stored).hexdigest() == sent:
        return f"{said} The text that was kept has the same."
    return f"{said} The text that was kept has another one: {sha256(stored).hexdigest()}."


def say_check(check: CheckLine) -> tuple[str, str, str]:
    found = f"{check.name}. {check.sentence}" if check.name else check.sentence
    about = f"\nField: {check.field}" if check.field else ""
    return check.badge.text, f"{found}{about}", check.code


def quoted(title: str, text: str) -> list[Block]:
    return [Heading(title), Quote(text)] if text else []
