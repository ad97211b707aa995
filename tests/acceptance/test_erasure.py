"""Who asks to be erased is found nowhere afterwards, and what proves their consent is."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business, User
from leadping.chain import chain_everything
from leads.complaints import close_complaint
from leads.dossier.make import make_dossier
from leads.jobs import look_up_phone
from leads.models import Complaint, Import, Lead, Submission
from leads.overrides import ask_override
from leads.rejudging.verbs import judge_again
from leads.relay import relay_events
from sources.lifecycle import change_settings, pause_source, resume_source
from tests.erasing import (
    MARKS,
    as_query,
    erase,
    lead_of,
    marked,
    send_batch,
    send_from,
    structured,
    where_marked,
)
from tests.importing import as_csv, check, import_file, upload
from tests.senders import Sender, certificate
from tests.situations import BY, REASON, SenderFactory, complain, recheck_lead, sign_in
from tests.suppressing import import_list, suppress_contact, upload_list

# Checks whose findings quote what the lead said of itself.
ASKED_FOR = {
    f"certificate_{name}_effect": "warn"
    for name in ("other_page", "other_ip", "other_state", "other_device", "phone_mismatch", "email_mismatch")
}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def heads_file(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads.jsonl")


@pytest.fixture
def everywhere(heads_file: None, business: Business, owner: User, sandbox: str) -> list[Lead]:
    """One person through every door, and whatever can happen to a lead afterwards."""
    sender = SenderFactory.create(business=business)
    change_settings(sender.source.settings, ASKED_FOR, by=BY, reason=REASON, now=timezone.now())
    first = marked()
    accepted = lead_of(send_from(sender, first, **{"Idempotency-Key": "zqxmark"}))
    send_from(sender, first, **{"Idempotency-Key": "zqxmark"})
    held = lead_of(send_from(sender, marked(trustedFormUrl=certificate("mismatch"), externalId="zqxmark-4")))
    waiting = lead_of(sender.post(marked(trustedFormUrl=certificate("flaky"), externalId="zqxmark-5")))
    recheck_lead(waiting, now=timezone.now())
    sender.post_structured(structured(externalId="zqxmark-6"))
    sender.get(as_query(marked(externalId="zqxmark-7")))
    sender.post_form(as_query(marked(externalId="zqxmark-8")))
    send_batch(sender, [marked(externalId="zqxmark-9"), marked(product="Other zqxmark")])
    sender.post(marked(externalId="zqxmark-10"), Leadping_Dry_Run="full")
    refuse_in_every_way(sender)
    bring_files(sender)
    ask_override(held, by=owner.public_id, reason=REASON, now=timezone.now())
    speak_of(accepted, owner)
    suppress_contact(business, "zqxmark@example.com", note="She is Zqxmark.")
    import_list(business, as_csv([["512-555-0177", "Zqxmark"]], ["Phone", "Note"]))
    upload_list(business, as_csv([["512-555-0177"]], ["Phone"]))
    while relay_events():
        pass
    for lead in Lead.objects.all():
        look_up_phone(lead.public_id)
    make_dossier(accepted, by=owner.public_id, now=timezone.now())
    return [accepted, held, waiting]


def refuse_in_every_way(sender: Sender) -> None:
    sender.post(marked(trustedFormUrl=None))
    sender.post(marked(trustedFormUrl="https://zqxmark.example.com/1"))
    sender.post(marked(state="zqxmark"))
    sender.post(marked(price="zqxmark"))
    sender.get(as_query(marked(trustedFormUrl=None)))
    sender.post_structured(structured(trustedFormUrl=None))
    sender.send(b'{"phone": "512-555-0177", broken zqxmark')
    pause_source(sender.source, by=BY, reason=REASON, now=timezone.now())
    sender.post(marked())
    resume_source(sender.source, by=BY, reason=REASON, now=timezone.now())
    submission = Submission.objects.filter(codes__contains=["source_paused"]).get()
    judge_again(submission, by=BY, reason=REASON, now=timezone.now())


def bring_files(sender: Sender) -> None:
    headings = ["First Name", "Phone Number", "Email", "State", "Product", "TrustedForm", "Colour"]
    row = ["Zqxmark", "512.555.0177", "zqxmark@example.com", "TX", "Zqxmark", certificate(), "zqxmark"]
    import_file(sender.source, as_csv([row, [*row[:3], "zqxmark", *row[4:]]], headings))
    check(upload(sender.source, as_csv([row], headings)))
    upload(sender.source, as_csv([row, row], headings))


def speak_of(lead: Lead, owner: User) -> None:
    said = {"lead": lead, "raised_by": "Zqxmark Zqxmarkson", "details": "I am zqxmark, 512-555-0177."}
    complaint = complain(lead.source, **said)
    close_complaint(complaint, outcome="upheld", reason="Zealous.", by=owner.public_id, now=timezone.now())
    complain(lead.source, details="Call from you on 512-555-0177, says zqxmark.", raised_by="A carrier")


def test_the_mark_is_everywhere_before(everywhere: list[Lead]) -> None:
    found = " ".join(where_marked())
    for column in ("lead.first_name", "submission.answer", "submission.verdicts", "certificatecheck.raw"):
        assert column in found
    for column in ("conversation.address", "complaint.details", "import.content"):
        assert column in found


def test_nothing_names_them_afterwards(everywhere: list[Lead], business: Business) -> None:
    erase(business)
    assert where_marked(*MARKS, "198.51.100.177", "1971-02-03") == []


def test_the_log_still_holds(everywhere: list[Lead], business: Business) -> None:
    erase(business)
    chain_everything()
    call_command("verify_audit")


def test_they_stay_suppressed(everywhere: list[Lead], business: Business, owner: User) -> None:
    erase(business)
    fresh = SenderFactory.create(business=business)
    change_settings(
        fresh.source.settings, {"suppression_effect": "hold"}, by=BY, reason=REASON, now=timezone.now()
    )
    assert lead_of(fresh.post(marked())).status == "audit"


def test_the_proof_stays(everywhere: list[Lead], business: Business) -> None:
    before = Submission.objects.get(pk=everywhere[0].submissions.earliest("id").pk)
    erase(business)
    after, lead = Submission.objects.get(pk=before.pk), Lead.objects.get(pk=everywhere[0].pk)
    assert bytes(after.body_sha256) == bytes(before.body_sha256)
    assert [row["code"] for row in after.verdicts] == [row["code"] for row in before.verdicts]
    assert (after.received_at, after.terms_id, after.source_id, after.http_status) == (
        *(before.received_at, before.terms_id, before.source_id),
        201,
    )
    assert (lead.trusted_form_url, lead.status, lead.terms_id) == (
        *(everywhere[0].trusted_form_url, "accepted"),
        everywhere[0].terms_id,
    )
    assert lead.certificate
    check_row = lead.certificate.checks.earliest("id")
    assert (check_row.outcome, check_row.phone_match) == ("verified", True)
    assert check_row.raw["match_lead"]["result"]["phone_match"] is True


def pages_of(lead: Lead) -> list[str]:
    submission = lead.submissions.earliest("id")
    return [
        reverse("workspace:lead", args=[lead.public_id]),
        reverse("workspace:submission", args=[submission.public_id]),
        reverse("workspace:leads"),
        reverse("console:index"),
        *(
            reverse(f"console:{app}_{name}_change", args=[row.pk])
            for app, name, row in (
                ("leads", "lead", lead),
                ("leads", "submission", submission),
                ("leads", "complaint", Complaint.objects.earliest("id")),
                ("leads", "import", Import.objects.earliest("id")),
                ("conversations", "conversation", lead.conversation),
                ("compliance", "certificate", lead.certificate),
            )
        ),
        *(
            reverse(f"console:leads_{name}_changelist")
            for name in ("lead", "submission", "complaint", "import")
        ),
        reverse("console:sources_source_watch", args=[lead.source_id]),
        f"/leads/{lead.public_id}",
        "/leads",
    ]


def test_every_page_still_opens(
    everywhere: list[Lead], business: Business, owner: User, client: Client
) -> None:
    erase(business)
    sign_in(client, owner)
    lead = Lead.objects.get(pk=everywhere[0].pk)
    wrong = {}
    for address in pages_of(lead):
        page = client.get(address)
        text = page.content.decode().lower()
        if page.status_code != 200 or any(mark in text for mark in MARKS):
            wrong[address] = page.status_code
    assert wrong == {}


def test_the_lead_says_that_they_are_erased(
    everywhere: list[Lead], business: Business, owner: User, client: Client
) -> None:
    erase(business)
    sign_in(client, owner)
    page = client.get(reverse("workspace:lead", args=[everywhere[0].public_id])).text
    assert "Erased on" in page
    assert "on request" in page


def test_a_dossier_shows_what_remains(everywhere: list[Lead], business: Business) -> None:
    erase(business)
    from tests.dossiers import dossier_of, report_of  # noqa: PLC0415

    files = dossier_of(Lead.objects.get(pk=everywhere[0].pk))
    report = report_of(files)
    assert "erased" in report.lower()
    everything = b"".join(files.values()).decode(errors="replace").lower()
    assert not any(mark in everything for mark in MARKS)


def test_who_comes_again_is_a_new_lead(everywhere: list[Lead], business: Business, owner: User) -> None:
    erase(business)
    fresh = SenderFactory.create(business=business)
    again = lead_of(fresh.post(marked()))
    assert again.conversation_id not in {lead.conversation_id for lead in everywhere}
    assert Lead.objects.get(pk=everywhere[0].pk).first_name == ""
