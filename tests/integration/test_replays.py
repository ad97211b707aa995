"""Safe repetition: the same request again gets the first answer again, and makes no second lead."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from compliance.models import CertificateCheck
from leads.intake.answers import Reply
from leads.intake.receive import receive
from leads.models import Lead, Submission
from sources.lifecycle import change_source
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Lead as SentLead
from tests.senders import Sender, certificate, codes, flat_lead
from tests.situations import BY, REASON, SenderFactory, change_terms

# The recording statement fails on a twin, and the test's own transaction with it.
pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(hours=24)


def is_replay(reply: Reply) -> bool:
    return reply.headers.get("Idempotency-Replayed") == "true"


@pytest.mark.parametrize("sent", [flat_lead(), flat_lead(externalId="1")], ids=["key", "key and external id"])
def test_the_same_key_and_body_get_the_first_answer_byte_for_byte(
    waived_sender: Sender, sent: SentLead
) -> None:
    first = waived_sender.post(sent, Idempotency_Key="k1")
    again = waived_sender.post(sent, Idempotency_Key="k1")
    assert (again.status_code, again.content, again["Content-Type"]) == (
        201,
        first.content,
        first["Content-Type"],
    )
    assert (again["Idempotency-Replayed"], first.has_header("Idempotency-Replayed")) == ("true", False)
    assert Lead.objects.count() == 1


def test_a_replay_leaves_a_submission_of_its_own_that_names_the_lead(waived_sender: Sender) -> None:
    sent = flat_lead()
    for _ in range(2):
        waived_sender.post(sent, Idempotency_Key="k1")
    lead = Lead.objects.get()
    left = Submission.objects.order_by("id").values_list("outcome", "http_status", "lead_id")
    assert list(left) == [("accepted", 201, lead.pk), ("replayed", 201, lead.pk)]


def test_the_same_key_with_another_body_is_refused(waived_sender: Sender) -> None:
    waived_sender.post(flat_lead(externalId="1"), Idempotency_Key="k1")
    response = waived_sender.post(flat_lead(externalId="2"), Idempotency_Key="k1")
    assert (response.status_code, codes(response)) == (422, ["idempotency_key_reused"])
    assert Lead.objects.count() == 1


def test_the_same_lead_written_otherwise_is_another_body(waived_sender: Sender) -> None:
    sent = flat_lead()
    waived_sender.send(json.dumps(sent), headers={"Idempotency-Key": "k1"})
    response = waived_sender.send(json.dumps(sent, indent=1), headers={"Idempotency-Key": "k1"})
    assert codes(response) == ["idempotency_key_reused"]


def test_another_key_makes_another_lead_of_the_same_body(waived_sender: Sender) -> None:
    sent = flat_lead(externalId="1")
    for key in ("k1", "k2", "K1"):
        assert not waived_sender.post(sent, Idempotency_Key=key).has_header("Idempotency-Replayed")
    assert Lead.objects.count() == 3


def test_the_key_of_one_source_means_nothing_to_another(waived_sender: Sender, business: object) -> None:
    other, sent = SenderFactory.create(business=business, waived=True), flat_lead()
    answers = [sender.post(sent, Idempotency_Key="k1") for sender in (waived_sender, other)]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_without_a_key_the_external_id_and_the_body_tell_a_repetition(waived_sender: Sender) -> None:
    sent = flat_lead(externalId="partner-lead-88391")
    first, again = waived_sender.post(sent), waived_sender.post(sent)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert Lead.objects.count() == 1


def test_without_an_external_id_the_same_body_is_another_lead(waived_sender: Sender) -> None:
    sent = flat_lead()
    assert waived_sender.post(sent).json()["id"] != waived_sender.post(sent).json()["id"]


def test_an_external_id_with_another_body_is_another_lead(waived_sender: Sender) -> None:
    for city in ("Austin", "Dallas"):
        assert waived_sender.post(flat_lead(externalId="1", city=city)).status_code == 201
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("key", ["k1", None], ids=["by key", "by external id"])
@pytest.mark.parametrize(
    ("age", "replayed"),
    [(timedelta(seconds=1), True), (DAY - timedelta(seconds=1), True), (DAY, False), (DAY * 30, False)],
)
def test_an_answer_is_kept_for_24_hours(
    waived_sender: Sender, key: str | None, age: timedelta, replayed: bool
) -> None:
    sent, now = flat_lead(externalId="1"), timezone.now()
    first = receive(arrival_of(waived_sender, sent, at=now, idempotency_key=key))
    again = receive(arrival_of(waived_sender, sent, at=now + age, idempotency_key=key))
    assert (again.status, is_replay(again), again.body == first.body) == (201, replayed, replayed)
    assert Lead.objects.count() == (1 if replayed else 2)


def test_after_24_hours_a_key_serves_another_body(waived_sender: Sender) -> None:
    now = timezone.now()
    receive(arrival_of(waived_sender, flat_lead(), at=now, idempotency_key="k1"))
    later = receive(arrival_of(waived_sender, flat_lead(city="Dallas"), at=now + DAY, idempotency_key="k1"))
    assert (later.status, is_replay(later)) == (201, False)


def test_a_refusal_is_not_kept(waived_sender: Sender) -> None:
    refused = waived_sender.post(flat_lead(state="Texass"), Idempotency_Key="k1")
    accepted = waived_sender.post(flat_lead(), Idempotency_Key="k1")
    assert (refused.status_code, accepted.status_code) == (400, 201)


def test_what_was_refused_may_be_repeated_once_the_cause_is_gone(waived_sender: Sender) -> None:
    sent = flat_lead(externalId="1")
    change_terms(waived_sender.source, states=["OK"])
    assert codes(waived_sender.post(sent, Idempotency_Key="k1")) == ["state_not_allowed"]
    change_terms(waived_sender.source, states=[])
    assert waived_sender.post(sent, Idempotency_Key="k1").status_code == 201


def test_what_was_accepted_is_replayed_though_it_would_be_refused_today(waived_sender: Sender) -> None:
    sent = flat_lead(externalId="1")
    first = waived_sender.post(sent)
    change_terms(waived_sender.source, states=["OK"])
    assert waived_sender.post(sent).content == first.content


def test_a_disabled_source_gets_no_replay(waived_sender: Sender) -> None:
    sent = flat_lead(externalId="1")
    waived_sender.post(sent)
    change_source(waived_sender.source, {"enabled": False}, by=BY, reason=REASON, now=timezone.now())
    assert waived_sender.post(sent).status_code == 403


@pytest.mark.parametrize("scenario", ["valid", "mismatch"])
def test_a_repetition_does_not_ask_trustedform_again(sender: Sender, sandbox: str, scenario: str) -> None:
    sent = flat_lead(externalId="1", trustedFormUrl=certificate(scenario))
    first, again = sender.post(sent), sender.post(sent)
    assert (first.status_code, again.content) == (201, first.content)
    assert CertificateCheck.objects.count() == 1


@pytest.mark.parametrize("headers", [{"Idempotency_Key": "k1"}, {}], ids=["by key", "by external id"])
def test_a_dry_run_neither_replays_nor_is_replayed(waived_sender: Sender, headers: dict[str, str]) -> None:
    sent = flat_lead(externalId="1")
    dry = waived_sender.post(sent, Leadping_Dry_Run="true", **headers)
    real = waived_sender.post(sent, **headers)
    dry_again = waived_sender.post(sent, Leadping_Dry_Run="true", **headers)
    assert [answer.status_code for answer in (dry, real, dry_again)] == [200, 201, 200]
    assert not real.has_header("Idempotency-Replayed")


@pytest.mark.parametrize("key", ["k1", None], ids=["by key", "by external id"])
def test_twenty_twins_at_the_same_instant_make_one_lead_and_hear_the_same(key: str | None) -> None:
    sender, sent = SenderFactory.create(waived=True), flat_lead(externalId="1")
    replies = at_once(20, lambda _: receive(arrival_of(sender, sent, idempotency_key=key)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert sorted(is_replay(reply) for reply in replies) == [False] + [True] * 19
    assert (Lead.objects.count(), Submission.objects.count()) == (1, 20)


def test_of_two_bodies_with_one_key_at_the_same_instant_one_is_taken() -> None:
    sender = SenderFactory.create(waived=True)
    replies = at_once(
        8,
        lambda number: receive(arrival_of(sender, flat_lead(subId=str(number)), idempotency_key="k1")),
    )
    assert sorted(reply.status for reply in replies) == [201] + [422] * 7
    assert Lead.objects.count() == 1


def test_twins_race_for_a_key_that_has_expired() -> None:
    sender, sent, now = SenderFactory.create(waived=True), flat_lead(), timezone.now()
    receive(arrival_of(sender, sent, at=now - DAY, idempotency_key="k1"))
    replies = at_once(8, lambda _: receive(arrival_of(sender, sent, at=now, idempotency_key="k1")))
    assert len({reply.body for reply in replies}) == 1
    assert Lead.objects.count() == 2
