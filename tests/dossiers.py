"""Leads that dossiers are made of, from the plainest to one to which everything happened."""

import json
import subprocess
from pathlib import Path
from typing import Any

from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.roles import Role
from leads.dossier.archive import unpack
from leads.dossier.keys import public_keys
from leads.dossier.make import make_dossier
from leads.models import Complaint, Lead, Submission
from leads.overrides import ask_override, confirm_override
from leads.rejudging.verbs import judge_again
from sources.approval import revoke_approval
from sources.lifecycle import pause_source, resume_source
from sources.models import Source
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, MemberFactory, change_terms, recheck_lead

CONSENT = (
    "By pressing “Get my quote” I agree that Example Insurance and its partners may call and text me at the "
    "number above, also with an automatic dialing system. Consent is no condition of a purchase."
)


def dossier_of(lead: Lead, *, by: str = BY) -> dict[str, bytes]:
    return unpack(make_dossier(lead, by=by, now=timezone.now()).content)


def parsed(files: dict[str, bytes], name: str) -> Any:
    return json.loads(files[name])


def report_of(files: dict[str, bytes]) -> str:
    return files["report.html"].decode()


def text_of_pdf(pdf: bytes, folder: Path) -> str:
    """As poppler reads it, all blanks as one."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True).stdout
    return " ".join(told.decode().split())


def unpacked_into(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder.parent / "public.pem").write_bytes(public_keys())
    return folder


def eventful_lead(sender: Sender, owner: User) -> Lead:
    """Refused at first, for its source lacked approval of the product; judged again under new terms, held for
    the certificate, rechecked and judged again in vain, released by a person; then the source was paused,
    reopened and lost its approval, and the person complained."""
    source, by = sender.source, owner.public_id
    words = {"consent_wording": CONSENT, "publisher": "Quotes Daily LLC", "sender_brand": "Example Insurance"}
    change_terms(source, products=["Auto"], **words)
    assert sender.post(flat_lead(**person(certificate("error")))).status_code == 400
    refused = Submission.objects.latest("id")
    change_terms(source, products=["Final expense"], **words)
    again = judge_again(refused, by=by, reason="The product was approved since.", now=timezone.now())
    assert again.lead
    recheck_lead(again.lead, now=timezone.now())
    judge_again(again, by=by, reason="TrustedForm said that it is back.", now=timezone.now())
    lead, now = again.lead, timezone.now()
    colleague = MemberFactory.create(business=lead.business, role=Role.COMPLIANCE)
    override = ask_override(
        Lead.objects.get(pk=lead.pk),
        by=by,
        reason="The certificate was looked at by hand on TrustedForm's own page.",
        now=now,
    )
    confirm_override(override, by=colleague.public_id, reason="I saw the page too.", now=now)
    pause_source(source, by=by, reason="A complaint came in.", now=now)
    resume_source(source, by=by, reason="The complaint was looked into.", now=now)
    Complaint.objects.create(
        business=lead.business, source=source, lead=lead, kind=Complaint.Kind.COMPLAINT,
        raised_by="Jordan Example", details="I never asked for a call.", opened_at=now, opened_by=by,
        outcome=Complaint.Outcome.UNFOUNDED, outcome_reason="The certificate shows the opt-in.",
        closed_at=now, closed_by=by,
    )  # fmt: skip
    revoke_approval(
        Source.objects.get(pk=source.pk), by=by, reason="The publisher changed the page.", now=now
    )
    return Lead.objects.get(pk=lead.pk)


def person(url: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "address1": "100 Main St",
        "city": "Austin",
        "zip": "78701",
        "birthDate": "1970-01-15",
        "landingPage": "https://quotes.example.com/final-expense?utm=1",
        "ipAddress": "203.0.113.7",
        "utmSource": "partner-site",
        "externalId": "partner-88391",
        "trustedFormUrl": url,
        "universal_leadid": "063A3537-2A60-890C-5F89-D2435448FD1D",
        **fields,
    }
