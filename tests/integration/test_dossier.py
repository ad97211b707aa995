"""What a dossier tells of a lead, and what it keeps to itself."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest
from django.utils import timezone
from pytest_django import Settings

from compliance.models import CertificateCheck, Suppression
from compliance.retaining import want
from compliance.suppression.verbs import release_suppression, suppress
from leadping.accounts.models import Business, User
from leadping.audit.seals import seal_everything
from leadping.chain import hash_link
from leadping.models import Event
from leads.certificates.claiming import wanted
from leads.do_not_contact import contacts_of_lead
from leads.dossier.archive import unpack
from leads.dossier.make import TAKEN, make_dossier
from leads.models import Lead, Submission
from tests.dossiers import CONSENT, dossier_of, eventful_lead, parsed, person, report_of, text_of_pdf
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, change_terms, take_in


@pytest.fixture
def heads(tmp_path: Path, settings: Settings) -> Path:
    """A file of heads of this test's own."""
    path = tmp_path / "heads.jsonl"
    settings.AUDIT_HEADS_FILE = str(path)
    return path


@pytest.fixture
def eventful(heads: Path, transactional_db: None, sender: Sender, owner: User, sandbox: str) -> Lead:
    return eventful_lead(sender, owner)


@pytest.fixture
def plain_lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, trustedFormUrl=None)


def folder_of(files: dict[str, bytes], number: int) -> str:
    return next(name for name in sorted(files) if name.startswith(f"submissions/{number:02}-")).rpartition(
        "/"
    )[0]


def verified_for_real(lead: Lead) -> None:
    """As if TrustedForm itself had answered."""
    CertificateCheck.objects.filter(certificate=lead.certificate).update(
        sandbox=False, host="cert.trustedform.com"
    )


# --- the findings


def test_a_lead_to_which_everything_happened_is_told_in_order(eventful: Lead, owner: User) -> None:
    report = report_of(dossier_of(eventful))
    told = [
        "and refused: Product not allowed.",
        f"{owner.email} had it judged again",
        "(“The product was approved since.”); the outcome was: held",
        "and was held for a decision.",
        "(“TrustedForm said that it is back.”); the outcome was: held",
        "It was released on",
        "looked at by hand on TrustedForm&#x27;s own page.",
        "Terms 2 were approved by",
        "Terms 3 were approved by",
        "Terms 3 were revoked on",
        "1 complaint about this lead is on record.",
    ]
    places = [report.find(text) for text in told]
    assert -1 not in places
    assert places == sorted(places)


def test_the_story_names_the_pause_and_the_end_of_the_approval(eventful: Lead) -> None:
    report = report_of(dossier_of(eventful))
    story = report[report.index("What happened, in order") :]
    for text in (
        "Judged again by",
        "The lead was made",
        "Source paused by",
        "Source resumed by",
        "Terms revoked",
    ):
        assert text in story


def test_a_sandbox_s_answer_is_never_told_as_trustedform_s(eventful: Lead, tmp_path: Path) -> None:
    files = dossier_of(eventful)
    for said in (report_of(files), text_of_pdf(files["report.pdf"], tmp_path)):
        assert "proves nothing" in said
        assert "TrustedForm confirms" not in said


def test_trustedform_s_own_answer_is_told_in_words(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, **person(certificate()))
    verified_for_real(lead)
    report = report_of(dossier_of(lead))
    assert "TrustedForm confirms that this person" in report
    assert "The phone matches, the email matches." in report
    assert "sandbox" not in report


def test_a_lead_without_a_certificate_says_by_which_exception(plain_lead: Lead) -> None:
    files = dossier_of(plain_lead)
    assert f"an approved exception says “{REASON}”" in report_of(files)
    assert not [name for name in files if name.startswith(("certificate/", "complaints"))]
    assert "Complaints" not in report_of(files)


def test_a_lead_that_is_held_says_that_nobody_contacts_the_person(sender: Sender, sandbox: str) -> None:
    report = report_of(dossier_of(take_in(sender, trustedFormUrl=certificate("mismatch"))))
    assert "It is held, and nobody contacts the person until it is released." in report


def test_the_pdf_tells_what_the_html_tells(plain_lead: Lead, tmp_path: Path) -> None:
    read = text_of_pdf(dossier_of(plain_lead)["report.pdf"], tmp_path)
    for text in ("Findings", "Jordan Example", "Terms 1 were approved by tests", "Proof of what was decided"):
        assert text in read


# --- the files


def test_the_report_leads_to_every_file_and_the_readme_explains_each(eventful: Lead) -> None:
    files = dossier_of(eventful)
    linked = set(re.findall(r'<a href="([^"]+)">', report_of(files)))
    own = {"README.txt", "SHA256SUMS", "SHA256SUMS.sig", "dossier.json", "report.html", "report.pdf"}
    assert linked == set(files) - own
    readme = files["README.txt"].decode()
    assert [name for name in files if f"    {name.partition('/')[0]}" not in readme] == ["README.txt"]


def test_the_request_is_there_byte_by_byte_with_its_hash(sender: Sender, sandbox: str) -> None:
    body = json.dumps(flat_lead(firstName="Zoë"), ensure_ascii=False, indent=3)
    sender.send(body.encode())
    files = dossier_of(Lead.objects.get())
    folder = folder_of(files, 1)
    assert files[f"{folder}/request.txt"] == body.encode()
    assert parsed(files, f"{folder}/submission.json")["body_sha256"] == sha256(body.encode()).hexdigest()
    assert "The text that was kept has the same." in report_of(files)
    assert files[f"{folder}/answer.json"].decode() == Submission.objects.get().answer


def test_the_verdicts_and_the_raw_answers_are_there_as_they_are_stored(eventful: Lead) -> None:
    files = dossier_of(eventful)
    for number, submission in enumerate(Submission.objects.order_by("id"), 1):
        assert parsed(files, f"{folder_of(files, number)}/verdicts.json") == submission.verdicts
    raw = [parsed(files, name) for name in sorted(files) if name.endswith(".answer.json")]
    assert raw == [check.raw for check in eventful.certificate.checks.order_by("at")]  # type: ignore[union-attr]
    assert len(raw) == 3


def test_a_purged_request_is_said_to_be_gone(plain_lead: Lead) -> None:
    plain_lead.submissions.update(body="", body_purged_at=timezone.now())
    files = dossier_of(plain_lead)
    assert not [name for name in files if name.endswith("request.txt")]
    assert "The text was deleted on" in report_of(files)


def test_a_request_that_was_repeated_a_hundred_times_is_told_once_and_kept_each_time(
    transactional_db: None, waived_sender: Sender
) -> None:
    for _ in range(100):
        waived_sender.post(flat_lead(trustedFormUrl=None), Idempotency_Key="the same")
    lead = Lead.objects.get()
    begun = process_time()
    files = dossier_of(lead)
    assert process_time() - begun < 1.5
    assert len([name for name in files if name.endswith("request.txt")]) == 100
    assert report_of(files).count("The request as it was kept") == 1
    assert report_of(files).count("Sent again, and given the first answer again") == 99


def test_no_credential_is_in_a_dossier(sender: Sender, sandbox: str) -> None:
    key = sender.issued.api_key
    sender.get({**flat_lead(), "apiKey": key, "sourceId": sender.source.public_id})
    lead = Lead.objects.get()
    made = make_dossier(lead, by=BY, now=timezone.now()).content
    assert key.encode() not in made
    assert sender.issued.api_secret.encode() not in made
    assert b"[redacted]" in made


def test_the_terms_that_judged_it_are_there_and_their_review_with_what_was_seen(eventful: Lead) -> None:
    files = dossier_of(eventful)
    terms = parsed(files, f"terms/terms-{eventful.terms.number}.json")
    assert terms["consent_wording"] == CONSENT
    reviews = [
        parsed(files, name) for name in sorted(files) if name.startswith("terms/") and "review" in name
    ]
    approvals = [review for review in reviews if review["decision"] == "approved"]
    assert approvals[-1]["seen"]["terms"]["consent_wording"] == CONSENT
    assert {"approved", "revoked"} <= {review["decision"] for review in reviews}


def test_later_terms_of_the_source_are_not_part_of_it(sender: Sender, sandbox: str) -> None:
    lead = take_in(sender)
    change_terms(sender.source, sender_brand="Later brand")
    files = dossier_of(lead)
    assert "Later brand" not in report_of(files)
    assert "terms/terms-2.json" not in files


# --- the proof


def test_each_control_event_can_be_recomputed_from_the_file_and_meets_its_head(eventful: Lead) -> None:
    control = parsed(dossier_of(eventful), "events/control.json")
    assert len(control["events"]) > 8
    for link in control["events"]:
        made = hash_link(bytes.fromhex(link["hash_before"]), link["number"], link["canonical"]).hex()
        assert made == link["hash"]
        assert link["head"]["count"] >= link["number"]
        if link["head"]["count"] == link["number"]:
            assert link["head"]["hash"] == link["hash"]
    assert any(link["head"]["count"] == link["number"] for link in control["events"])


def test_a_head_that_we_did_not_sign_covers_nothing(eventful: Lead, heads: Path) -> None:
    heads.write_text(heads.read_text().replace('"signature": "', '"signature": "x'))
    files = dossier_of(eventful)
    last = parsed(files, "events/control.json")["events"][-1]
    assert last["head"] is None
    assert "No signed head was found for some of these events" in report_of(files)


def test_without_a_readable_file_of_heads_the_dossier_says_so(
    eventful: Lead, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS_FILE = str(tmp_path)
    assert "No signed head was found for some of these events" in report_of(dossier_of(eventful))


def test_the_seal_on_the_lead_s_events_is_named(eventful: Lead) -> None:
    later = eventful.created_at + timedelta(hours=2)
    seal_everything(now=later)
    files = dossier_of(eventful)
    sealed = Event.objects.get(kind="events.sealed", business=eventful.business)
    assert {event["sealed_in"] for event in parsed(files, "events/lead.json")} == {sealed.chain_number}
    assert f"no. {sealed.chain_number}" in report_of(files)


# --- the same bytes


def test_the_same_lead_at_the_same_moment_is_the_same_bytes(eventful: Lead) -> None:
    now = timezone.now()
    one, other = (make_dossier(eventful, by=BY, now=now).content for _ in range(2))
    first, second = unpack(one), unpack(other)
    assert {name for name in first if first[name] != second[name]} <= {
        "dossier.json", "SHA256SUMS", "SHA256SUMS.sig",
    }  # fmt: skip
    # The newest head is the one of the dossier that was just taken; nothing else moved.
    facts = [{**parsed(files, "dossier.json"), "newest_signed_head": None} for files in (first, second)]
    assert facts[0] == facts[1]


def test_a_dossier_of_later_differs_in_the_time_alone(eventful: Lead) -> None:
    now = timezone.now()
    one = unpack(make_dossier(eventful, by=BY, now=now).content)
    other = unpack(make_dossier(eventful, by=BY, now=now + timedelta(days=3)).content)
    assert {name for name in one if one[name] != other[name]} == {
        "README.txt", "report.html", "report.pdf", "dossier.json", "SHA256SUMS", "SHA256SUMS.sig",
    }  # fmt: skip


# --- on record


def test_taking_one_is_on_record_in_the_chain_with_its_hash(
    transactional_db: None, waived_sender: Sender, owner: User
) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None)
    made = make_dossier(lead, by=owner.public_id, now=timezone.now())
    event = Event.objects.get(kind=TAKEN)
    assert (event.subject, event.actor, event.business) == (lead.public_id, owner.public_id, lead.business)
    assert event.data["sha256"] == sha256(made.content).hexdigest()
    assert event.chain_number is not None


# --- nobody else's


def test_nothing_of_other_people_or_businesses_is_in_it(
    sender: Sender, sandbox: str, other_business: Business
) -> None:
    """Not even of those whose lead came with the same certificate."""
    url = certificate("mismatch")
    stranger = take_in(
        sender, firstName="Strangername", phone="+15125550188", email="s@example.com", trustedFormUrl=url
    )
    lead = take_in(sender, trustedFormUrl=url)
    foreign = SenderFactory.create(business=other_business, name="Foreignsource")
    take_in(foreign, firstName="Foreignname", trustedFormUrl=certificate())
    assert lead.certificate == stranger.certificate
    made = make_dossier(lead, by=BY, now=timezone.now()).content
    for text in (
        "Strangername",
        "5550188",
        "s@example.com",
        stranger.public_id,
        "Foreign",
        other_business.public_id,
    ):
        assert text.encode() not in made
    files = unpack(made)
    assert len([name for name in files if name.endswith(".answer.json")]) == 1
    assert "other people&#x27;s leads, and so are not told: 1." in report_of(files)


# --- what stands beside the lead


def test_who_passed_over_what_is_told_and_proven_by_the_chain(eventful: Lead, owner: User) -> None:
    files = dossier_of(eventful)
    report = report_of(files)
    assert "Released although “Certificate service unavailable” (certificate_unavailable)" in report
    assert f"asked by {owner.email}, confirmed by" in report
    [told] = parsed(files, "overrides.json")
    assert (told["state"], told["codes"]) == ("confirmed", ["certificate_unavailable"])
    kinds = [link["event"]["kind"] for link in parsed(files, "events/control.json")["events"]]
    assert [kind for kind in kinds if kind.startswith("override.")] == [
        "override.asked",
        "override.confirmed",
    ]
    # Once in the story, and once in the chain that proves it.
    assert (report.count("Override confirmed by"), report.count("Override confirmed, by")) == (1, 1)


def test_other_evidence_is_told_as_not_verified(eventful: Lead) -> None:
    files = dossier_of(eventful)
    [told] = parsed(files, "evidence.json")
    assert (told["kind"], told["state"]) == ("jornaya_leadid", "not_verified")
    assert "A Jornaya LeadiD came with the lead: not verified." in report_of(files)


def test_the_suppression_list_is_told_with_what_was_released_since(plain_lead: Lead, owner: User) -> None:
    suppress(
        plain_lead.business,
        contacts_of_lead(plain_lead)[0],
        channel="all",
        origin="manual",
        note="She called us.",
        by=owner.public_id,
        now=timezone.now(),
    )
    files = dossier_of(plain_lead)
    assert "are closed since" in report_of(files)
    [told] = parsed(files, "suppression.json")
    assert (told["note"], told["released_at"]) == ("She called us.", None)
    entry = Suppression.objects.get()
    release_suppression(entry, by=owner.public_id, reason="She signed anew.", now=timezone.now())
    report = report_of(dossier_of(plain_lead))
    assert "are closed since" not in report
    assert "She signed anew." in report


def test_the_long_run_of_the_certificate_is_told_without_the_other_leads(
    business: Business, sandbox: str
) -> None:
    sender = SenderFactory.create(business=business, settings__certificate_reuse="warn")
    url = certificate()
    other = take_in(sender, phone="+15125550188", email="s@example.com", trustedFormUrl=url)
    lead = take_in(sender, trustedFormUrl=url)
    want([wanted(other)], now=timezone.now())
    files = dossier_of(lead)
    report = report_of(files)
    assert "1 other lead of the business came with this certificate: 1 of them with another phone" in report
    assert "It waits to be retained." in report
    assert set(parsed(files, "certificate/retention.json")) >= {"status", "dies_at"}
    assert other.public_id not in report
    assert other.public_id.encode() not in b"".join(files.values())


# --- hostile names


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "王" * 100,
        "x" * 100,
        "Ж\u0301" * 30,
        '"; DROP TABLE',
        "../../x",
    ],
)
def test_hostile_names_break_neither_report_nor_archive(
    waived_sender: Sender, name: str, tmp_path: Path
) -> None:
    lead = take_in(waived_sender, firstName="A", trustedFormUrl=None)
    # Past intake, which would not have taken some of them.
    Lead.objects.filter(pk=lead.pk).update(first_name=name[:100], last_name=name[:100])
    files = dossier_of(Lead.objects.get(pk=lead.pk))
    assert parsed(files, "lead.json")["first_name"] == name[:100]
    assert "<script>" not in report_of(files)
    assert "Findings" in text_of_pdf(files["report.pdf"], tmp_path)


def test_giant_values_are_cut_in_the_report_and_whole_in_the_files(waived_sender: Sender) -> None:
    body = json.dumps(flat_lead(trustedFormUrl=None, extraField="y" * 50_000))
    waived_sender.send(body)
    files = dossier_of(Lead.objects.get())
    assert files[f"{folder_of(files, 1)}/request.txt"].decode() == body
    assert "more characters are in the files" in report_of(files)
