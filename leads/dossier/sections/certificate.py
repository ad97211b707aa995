"""The certificate, and every conversation with TrustedForm about it. Pure."""

from collections.abc import Sequence

from compliance.countdown import count_down
from compliance.models import CertificateCheck
from compliance.trustedform.shown import read_facts
from leads.dossier.beside import Uses
from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading, Notice, Paragraph
from leads.dossier.sections.section import Section, place
from leads.pages.evidence import MATCHES
from leads.pages.moments import exact
from leads.pages.shown import list_shown, say_operations
from leads.pages.wording import CERTIFICATES, describe_check

FOLDER = "certificate"
CERTIFICATE_FILE = f"{FOLDER}/certificate.json"
RETENTION_FILE = f"{FOLDER}/retention.json"
USE_FILE = f"{FOLDER}/use.json"
SANDBOX = "Answered by a sandbox: proves nothing."
OTHERS = "Conversations about this certificate that concern other people's leads, and so are not told: {}."


def tell_certificate(record: Record) -> Section:
    lead = record.lead
    words = CERTIFICATES[lead.trusted_form_outcome or "unasked"]
    stated = f"{words.badge.text}. {words.sentence}"
    if record.sandbox:
        stated = f"{words.badge.text}, as a sandbox said it. {SANDBOX}"
    blocks: list[Block] = [
        Facts([("Certificate", lead.trusted_form_url or "None"), ("What is known", stated)])
    ]
    files: dict[str, bytes] = {}
    if lead.certificate:
        files[CERTIFICATE_FILE] = write_json(row_facts(lead.certificate))
        blocks.append(Files([CERTIFICATE_FILE]))
        long_run, rows = tell_long_run(record)
        blocks += long_run
        files |= rows
    else:
        blocks.append(Paragraph(why_none(record)))
    for number, check in enumerate(record.checks, 1):
        told, kept = tell_check(number, check)
        blocks += told
        files |= kept
    if record.others_checks:
        blocks.append(Paragraph(OTHERS.format(record.others_checks)))
    return Section("The certificate", blocks, files)


def tell_long_run(record: Record) -> tuple[list[Block], dict[str, bytes]]:
    """Whether it is stored beyond the days after which TrustedForm deletes it, and who else came with it."""
    retention, uses = record.beside.retention, record.beside.uses
    facts: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    if retention:
        facts.append(("Kept in the long run", count_down(retention, now=record.now).sentence))
        # It may have been asked for on account of another lead, which is nothing of this one.
        own = retention.lead == record.lead.public_id
        files[RETENTION_FILE] = write_json(
            row_facts(retention, without=[] if own else ["lead", "source", "wanted_at"])
        )
    if uses:
        facts.append(("Used before or since", say_uses(uses)))
        files[USE_FILE] = write_json(row_facts(uses.own))
    return ([Facts(facts), Files(list(files))] if facts else []), files


def say_uses(uses: Uses) -> str:
    if not uses.others:
        return "This lead is the only one of the business that came with this certificate."
    leads = "1 other lead" if uses.others == 1 else f"{uses.others} other leads"
    return (
        f"{leads} of the business came with this certificate: {uses.other_people} of them with another phone "
        f"and email, {uses.other_sources} through another source."
    )


def why_none(record: Record) -> str:
    terms = record.lead.terms
    if record.lead.trusted_form_outcome == "waived":
        return f"Terms {terms.number} require none, by an approved exception: “{terms.exception_reason}”"
    return "No certificate that could be asked about came with the lead."


def tell_check(number: int, check: CertificateCheck) -> tuple[Sequence[Block], dict[str, bytes]]:
    words = CERTIFICATES[check.outcome]
    name = place(FOLDER, number, check.public_id)
    reading, answer = f"{name}.json", f"{name}.answer.json"
    blocks: list[Block] = [Heading(f"{number}. Asked on {exact(check.at)}")]
    if check.sandbox:
        blocks.append(Notice(SANDBOX))
    facts = Facts(
        [
            ("Asked", check.host),
            ("Answered", f"{words.badge.text}. {'' if check.sandbox else words.sentence}".strip()),
            ("In the service's words", check.reason),
            ("The lead's phone", MATCHES[check.phone_match]),
            ("The lead's email", MATCHES[check.email_match]),
            ("The certificate expires", exact(check.expires_at) if check.expires_at else ""),
            ("Asked about", say_operations(check.operations)),
            *list_shown(read_facts(check.raw)),
            *((line.badge.text, line.sentence) for line in map(describe_check, check.findings or [])),
            ("HTTP status", str(check.http_status or "no answer")),
            ("Took", f"{check.elapsed_ms} ms"),
        ]
    )
    files = {reading: write_json(row_facts(check, without=["raw"])), answer: write_json(check.raw)}
    return [*blocks, facts, Files([reading, answer])], files
