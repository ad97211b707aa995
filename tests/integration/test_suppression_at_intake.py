"""What becomes of a lead whose phone or email is on the suppression list."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance.models import Suppression
from compliance.suppression.contacts import read_contact
from compliance.suppression.looking import find_suppressed, may_contact
from compliance.suppression.verbs import release_suppression, suppress
from leadping.accounts.models import Account, Business
from leads.complaints import record_complaint
from leads.intake.statement import fetch_row
from leads.lifecycle import settle_hold
from leads.models import Lead, Submission
from leads.rejudging.foresight import foresee
from leads.rejudging.verbs import judge_again
from leads.whatif.asking import ask_settings
from leads.whatif.trial import run_trial
from sources.lifecycle import change_settings
from sources.models import Source
from tests.importing import as_csv, check, upload
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, AccountFactory, SenderFactory, complain, take_in

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+15125550123", "jordan@example.com"


def put(business: Business, contact: str = PHONE, *, account: Account | None = None) -> Suppression:
    read = read_contact(contact)
    channel = "all" if read.kind == "phone" else "email"
    return suppress(
        business, read, channel=channel, account=account, origin="manual", by=BY, now=timezone.now()
    ).entry


def let_go(entry: Suppression) -> None:
    release_suppression(entry, by=BY, reason=REASON, now=timezone.now())


def sender_with(business: Business, effect: str) -> Sender:
    return SenderFactory.create(business=business, waived=True, settings={"suppression_effect": effect})


def post(sender: Sender, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sender.post(
        flat_lead(**{"phone": PHONE, "email": EMAIL, "trustedFormUrl": None, **fields})
    ).json()
    return answer


def codes(items: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in items]


# --- the effect


def test_unless_told_otherwise_it_is_held(business: Business, waived_sender: Sender) -> None:
    put(business)
    answer = post(waived_sender)
    assert (answer["status"], codes(answer["held"])) == ("audit", ["contact_suppressed"])
    lead = Lead.objects.get()
    assert lead.held_for == ["contact_suppressed"]
    assert lead.conversation.inbox_since is None


def test_or_refused_or_taken_with_a_warning(business: Business) -> None:
    put(business)
    refused = post(sender_with(business, "refuse"))
    assert (refused["status"], codes(refused["errors"])) == (400, ["contact_suppressed"])
    warned = post(sender_with(business, "warn"))
    assert (warned["status"], codes(warned["warnings"])) == ("accepted", ["contact_suppressed"])


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked before anything was stored; intake asks past Django's own log of queries."""
    asked: list[str] = []

    def ask(text: str, parameters: Sequence[Any]) -> Any:
        asked.append(text)
        return fetch_row(text, parameters)

    monkeypatch.setattr("leads.intake.beforehand.fetch_row", ask)
    return asked


def test_off_means_off_and_asks_nothing(business: Business, questions: list[str]) -> None:
    put(business)
    assert post(sender_with(business, "off"))["status"] == "accepted"
    assert Submission.objects.get().codes == []
    assert questions == []


def test_a_lead_costs_no_question_of_its_own(waived_sender: Sender, questions: list[str]) -> None:
    post(waived_sender)
    assert questions == []


def test_one_that_is_suppressed_costs_one(
    business: Business, waived_sender: Sender, questions: list[str]
) -> None:
    put(business)
    assert post(waived_sender)["status"] == "audit"
    assert len(questions) == 1


def test_all_that_is_asked_about_a_certified_lead_is_one_question(
    sender: Sender, questions: list[str]
) -> None:
    sender.post(flat_lead())
    assert len(questions) == 1


def test_a_suppressed_lead_is_told_all_its_faults_at_once(business: Business) -> None:
    put(business)
    refused = post(sender_with(business, "refuse"), state="Nowhere")
    assert set(codes(refused["errors"])) == {"contact_suppressed", "state_unknown"}


@pytest.mark.parametrize("contact", [PHONE, EMAIL])
def test_either_contact_counts(business: Business, waived_sender: Sender, contact: str) -> None:
    put(business, contact)
    assert post(waived_sender)["status"] == "audit"
    assert post(waived_sender, phone="+15125559999", email="other@example.com")["status"] == "accepted"


def test_neither_which_nor_since_when_nor_why_is_told(business: Business, waived_sender: Sender) -> None:
    entry = put(business, EMAIL)
    told = json.dumps(post(waived_sender)["held"])
    assert '"field": null' in told
    for secret in (EMAIL, PHONE, entry.public_id, "email", "phone", str(timezone.now().year)):
        assert secret not in told


def test_the_list_of_another_business_or_account_binds_nobody(
    business: Business, other_business: Business, waived_sender: Sender
) -> None:
    put(other_business)
    put(business, account=AccountFactory.create(business=business))
    assert post(waived_sender)["status"] == "accepted"
    put(business, account=waived_sender.source.account)
    assert post(waived_sender, email="second@example.com")["status"] == "audit"


def test_who_is_released_is_taken_again(business: Business, waived_sender: Sender) -> None:
    let_go(put(business))
    assert post(waived_sender)["status"] == "accepted"


def test_a_dry_run_says_the_same(business: Business, waived_sender: Sender) -> None:
    put(business)
    body = flat_lead(phone=PHONE, email=EMAIL, trustedFormUrl=None)
    answer = waived_sender.post(body, Leadping_Dry_Run="true").json()
    assert codes(answer["held"]) == ["contact_suppressed"]


@pytest.mark.django_db(transaction=True)
def test_a_repetition_gets_its_first_answer(business: Business, waived_sender: Sender) -> None:
    first = post(waived_sender, externalId="one")
    put(business)
    assert post(waived_sender, externalId="one") == first


# --- many at once


def test_a_batch_asks_once_for_all_its_lines(
    business: Business, waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = []

    def ask(*asked: Any) -> Any:
        questions.append(len(asked[-1]))
        return find_suppressed(*asked)

    monkeypatch.setattr("leads.intake.suppressed.find_suppressed", ask)
    put(business, "+15125550002")
    leads = [flat_lead(phone=f"+1512555{number:04}", email=None, trustedFormUrl=None) for number in range(5)]
    body = "\n".join(json.dumps(lead) for lead in leads)
    answer = waived_sender.send(body, path="/leads/batch", content_type="application/x-ndjson")
    answers = [json.loads(line) for line in answer.getvalue().splitlines()]
    told = [line["answer"]["status"] for line in answers[:5]]
    assert told == ["accepted", "accepted", "audit", "accepted", "accepted"]
    assert questions == [5]


def test_the_check_of_a_file_tells_it_by_row(business: Business, waived_source: Source) -> None:
    put(business, "+15125550002")
    rows = [[f"+1512555{number:04}", "TX"] for number in range(1, 4)]
    checked = check(upload(waived_source, as_csv(rows, ["Phone", "State"])))
    assert [(one["row"], one["code"], one["effect"]) for one in checked.faults] == [
        (3, "contact_suppressed", "hold")
    ]


# --- later


def test_judged_again_it_is_the_list_of_now_that_counts(business: Business) -> None:
    entry = put(business)
    post(sender_with(business, "refuse"))
    submission = Submission.objects.select_related("lead", "source").get()
    (before,) = foresee([submission], by="user_1", now=timezone.now())
    assert before.codes == ("contact_suppressed",)
    let_go(entry)
    (after,) = foresee([submission], by="user_1", now=timezone.now())
    assert after.outcome == Submission.Outcome.ACCEPTED
    again = judge_again(submission, by="user_1", reason=REASON, now=timezone.now())
    assert again.outcome == Submission.Outcome.ACCEPTED


def test_who_opts_out_while_held_is_not_released_by_itself(business: Business, waived_sender: Sender) -> None:
    lead = take_in(waived_sender, phone=PHONE, trustedFormUrl=None)
    Lead.objects.update(status=Lead.Status.AUDIT, held_for=["certificate_unavailable"])
    put(business)
    lead.refresh_from_db()
    settle_hold(lead, "certificate_unavailable", by=BY, reason=REASON, now=timezone.now())
    lead.refresh_from_db()
    assert (lead.status, lead.held_for) == (Lead.Status.AUDIT, ["contact_suppressed"])


def test_what_if_counts_the_list_as_it_was_at_each_moment(business: Business) -> None:
    sender = sender_with(business, "off")
    post(sender, externalId="before", email=None)
    entry = put(business)
    post(sender, externalId="while", email=None)
    let_go(entry)
    post(sender, externalId="after", email=None)
    changes = {"suppression_effect": "refuse"}
    source = Source.objects.get(pk=sender.source.pk)
    trial = ask_settings(source, changes, 7, by="user_1", now=timezone.now() + timedelta(seconds=1))
    run_trial(trial)
    trial.refresh_from_db()
    assert trial.result["newly"] == {"contact_suppressed": 1}


# --- from complaints


def test_an_opt_out_about_a_lead_suppresses_both_its_contacts(
    business: Business, waived_sender: Sender
) -> None:
    lead = take_in(waived_sender, phone=PHONE, email=EMAIL, trustedFormUrl=None)
    opt_out = complain(waived_sender.source, lead=lead, kind="opt_out", details="Stop calling.")
    entries = Suppression.objects.order_by("kind")
    assert [(one.kind, one.channel, one.origin, one.about) for one in entries] == [
        ("email", "email", "opt_out", opt_out.public_id),
        ("phone", "all", "opt_out", opt_out.public_id),
    ]
    for channel in ("call", "sms", "email"):
        assert not may_contact(business.pk, account_id=None, channel=channel, phone=PHONE, email=EMAIL)


@pytest.mark.parametrize(("suppress_too", "entries"), [(False, 0), (True, 2)])
def test_a_complaint_does_so_where_somebody_says_so(
    waived_sender: Sender, suppress_too: bool, entries: int
) -> None:
    lead = take_in(waived_sender, phone=PHONE, email=EMAIL, trustedFormUrl=None)
    complain(waived_sender.source, lead=lead, suppress=suppress_too)
    assert Suppression.objects.filter(origin="complaint").count() == entries


def test_an_opt_out_about_a_source_suppresses_nobody(waived_sender: Sender) -> None:
    complain(waived_sender.source, kind="opt_out")
    assert not Suppression.objects.exists()


def test_when_it_cannot_be_suppressed_the_opt_out_is_not_recorded_either(
    waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = take_in(waived_sender, phone=PHONE, trustedFormUrl=None)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("leads.complaints.suppress_contacts", fail)
    with pytest.raises(RuntimeError):
        record_complaint(
            lead.source, kind="opt_out", raised_by="", details="Stop.", lead=lead, by=BY, now=timezone.now()
        )
    assert not lead.complaints.exists()


def test_the_setting_is_changed_with_an_event(waived_source: Source) -> None:
    changes = {"suppression_effect": "refuse"}
    change_settings(waived_source.settings, changes, by=BY, reason=REASON, now=timezone.now())
    assert Source.objects.with_rules().get(pk=waived_source.pk).settings.suppression_effect == "refuse"
