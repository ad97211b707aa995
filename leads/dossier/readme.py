"""README.txt of a dossier: what each file is, and how to check all of them without us. Pure."""

from collections.abc import Iterable

KINDS = (
    ("report.html", "the report; opens in any browser and needs nothing else"),
    ("report.pdf", "the same for printing; scripts it cannot print stand as numbers of their characters"),
    ("dossier.json", "what this dossier is: of which lead, made when and by whom, with which key"),
    ("lead.json", "the lead as it is stored"),
    ("complaints.json", "the complaints about the lead"),
    ("overrides.json", "each time somebody asked to pass over failed checks, and what came of it"),
    ("evidence.json", "what came beside the certificate, such as a LeadiD; nobody verified it"),
    ("suppression.json", "when the person's phone and email were closed to contact, and reopened"),
    ("submissions/", "for each request: as it was kept (request.txt), answered (answer.json), judged"),
    ("", "    (verdicts.json), and the facts of it (submission.json)"),
    ("certificate/", "the certificate; for each conversation about it our reading, and the answer"),
    ("", "    itself as it was kept (…answer.json)"),
    ("terms/", "the terms that judged the lead, and each decision on them with what was shown"),
    ("events/", "what happened to the lead (lead.json); the control events of its source with their"),
    ("", "    links of the chain and signed heads (control.json)"),
    ("SHA256SUMS", "the SHA-256 of every file but itself and its signature"),
    ("SHA256SUMS.sig", "the signature on SHA256SUMS: Ed25519, 64 bytes"),
)
TEXT = """\
Dossier of {lead}
{rule}

It was made on {made_at} by Leadping, at {address}.
Begin with report.html or report.pdf.

What is in it

{kinds}

How to check that nothing was changed

Get the public key of the installation that made it (save it as public.pem):

    {address}/.well-known/leadping-dossier-key/{key_id}.pem

Ask the business for it too, over another way than that by which you got this file: whoever can forge a
dossier could also send you a key. Its fingerprint, which the business can tell you over the phone, is

    {key_id}

    openssl pkey -pubin -in public.pem -outform DER | sha256sum

Unpack the archive into an empty folder, and there, with OpenSSL 3 or newer:

    openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
    sha256sum --check --strict SHA256SUMS

The first says that SHA256SUMS was signed by the installation, the second that each file is as it was then.
Files that SHA256SUMS does not name are none of ours. Where Leadping's code is at hand, one command does all
that and finds each changed byte of the archive, those around the files too; it needs no database:

    python -m leads.dossier verify {name} --key public.pem

What the hashes in it mean

submission.json has body_sha256, the SHA-256 of the request's bytes as they came. Where body_redacted is
false, and the request was text in UTF-8, `sha256sum request.txt` says the same. Where it is true, a password
or key in the request was replaced by [redacted] before it was stored.

events/control.json has for each control event its number, hash_before and canonical form:

    hash = SHA-256(hash_before, as 32 bytes + number, as 8 bytes, big-endian + canonical, in UTF-8)

Where the number is that of its head, the head's hash is the event's. Heads are signed a second time with a
key that only the installation has, so that it can tell later whether somebody rewrote its log.
"""


def write_readme(
    names: Iterable[str], *, lead: str, made_at: str, address: str, key_id: str, name: str
) -> bytes:
    there = {*names, "SHA256SUMS", "SHA256SUMS.sig"}
    said = TEXT.format(
        lead=lead,
        rule="=" * len(f"Dossier of {lead}"),
        made_at=made_at,
        address=address,
        key_id=key_id,
        name=name,
        kinds="\n".join(line.rstrip() for line in say_kinds(there)),
    )
    return said.encode()


def say_kinds(names: Iterable[str]) -> Iterable[str]:
    told = False
    for name, what in KINDS:
        told = (
            told
            if not name
            else any(it == name or (name.endswith("/") and it.startswith(name)) for it in names)
        )
        if told:
            yield f"    {name:16} {what}"
