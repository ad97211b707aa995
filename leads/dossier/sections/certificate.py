"""The certificate, and every conversation with TrustedForm about it. Pure."""

from collections.abc import Sequence

from compliance.models import CertificateCheck
from compliance.trustedform.shown import read_facts
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
    else:
        blocks.append(Paragraph(why_none(record)))
    for number, check in enumerate(record.checks, 1):
        told, kept = tell_check(number, check)
        blocks += told
        files |= kept
    if record.others_checks:
        blocks.append(Paragraph(OTHERS.format(record.others_checks)))
    return Section("The certificate", blocks, files)


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
