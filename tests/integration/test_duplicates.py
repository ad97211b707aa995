"""The duplicate rule: each of its five settings, its three values, its window, and its exactness."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Conversation
from leads.intake.receive import receive
from leads.lifecycle import refuse_lead
from leads.models import Lead, Submission
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, certificate, faults, flat_lead
from tests.situations import BY, REASON, SenderFactory, take_in

FIRST = {"externalId": "1", "phone": "+15125550123", "email": "jordan@example.com"}
OTHER = {"externalId": "2", "phone": "+15125550199", "email": "riley@example.com"}
# The field that the second lead has in common with the first, as written by another hand.
SAME = {"externalId": "1", "phone": "(512) 555-0123", "email": "JORDAN@example.com"}


def sender_with(rule: str, **settings: Any) -> Sender:
    options = {f"settings__{name}": value for name, value in settings.items()}
    sender: Sender = SenderFactory.create(waived=True, settings__duplicate_rule=rule, **options)
    return sender


def post_twice(sender: Sender, same: str) -> Any:
    """The answer to the second of two leads that have one value in common."""
    assert sender.post(flat_lead(**FIRST)).status_code == 201
    return sender.post(flat_lead(**{**OTHER, same: SAME[same]}))


@pytest.mark.django_db
@pytest.mark.parametrize("same", SAME)
class TestEachRule:
    """Whatever the second lead has in common with the first."""

    def test_off_takes_it_without_a_word(self, same: str) -> None:
        body = post_twice(sender_with("off"), same).json()
        assert (body["status"], body["held"], body["warnings"]) == ("accepted", [], [])

    def test_warn_takes_it_with_a_warning(self, same: str) -> None:
        body = post_twice(sender_with("warn"), same).json()
        assert (body["status"], body["held"]) == ("accepted", [])
        assert [(item["code"], item["field"]) for item in body["warnings"]] == [("duplicate_lead", same)]

    def test_keep_stores_it_as_a_duplicate(self, same: str) -> None:
        body = post_twice(sender_with("keep"), same).json()
        assert (body["status"], [item["field"] for item in body["held"]]) == ("duplicate", [same])
        assert Lead.objects.order_by("id").values_list("status", flat=True)[1] == "duplicate"

    def test_hold_holds_it(self, same: str) -> None:
        body = post_twice(sender_with("hold"), same).json()
        assert (body["status"], [item["code"] for item in body["held"]]) == ("audit", ["duplicate_lead"])
        assert Lead.objects.latest("id").held_for == ["duplicate_lead"]

    def test_refuse_refuses_it(self, same: str) -> None:
        response = post_twice(sender_with("refuse"), same)
        assert (response.status_code, faults(response)) == (400, {("duplicate_lead", same)})
        assert Lead.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["warn", "keep", "hold", "refuse"])
def test_a_lead_with_nothing_in_common_is_nobodys_duplicate(rule: str) -> None:
    sender = sender_with(rule)
    for lead in (FIRST, OTHER):
        assert sender.post(flat_lead(**lead)).json()["status"] == "accepted"


@pytest.mark.django_db
def test_what_is_absent_in_both_is_not_in_common() -> None:
    sender = sender_with("refuse")
    take_in(sender, externalId=None, phone=None, email="a@example.com")
    take_in(sender, externalId=None, phone=None, email="b@example.com")
    take_in(sender, externalId=None, phone="5125550123", email=None)


@pytest.mark.django_db
def test_a_duplicate_kept_or_held_stays_out_of_the_inbox() -> None:
    for rule in ("keep", "hold"):
        sender = sender_with(rule)
        take_in(sender, externalId="1", phone="5125550100")
        take_in(sender, externalId="1", phone="5125550111")
    waiting = Conversation.objects.filter(inbox_since=None).values_list("address", flat=True)
    assert set(waiting) == {"+15125550111"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "found"),
    [
        (timedelta(seconds=1), True),
        (timedelta(hours=48) - timedelta(seconds=1), True),
        (timedelta(hours=48), False),
        (timedelta(days=400), False),
    ],
)
def test_a_lead_is_a_duplicate_within_the_window_only(age: timedelta, found: bool) -> None:
    sender, now = sender_with("refuse", duplicate_window_hours=48), timezone.now()
    receive(arrival_of(sender, flat_lead(**FIRST), at=now - age))
    reply = receive(arrival_of(sender, flat_lead(**{**OTHER, "phone": FIRST["phone"]}), at=now))
    assert reply.status == (400 if found else 201)


@pytest.mark.django_db
def test_a_lead_that_was_refused_is_nobodys_original() -> None:
    sender = sender_with("hold")
    take_in(sender, **FIRST)
    held = take_in(sender, **{**OTHER, "phone": FIRST["phone"]})
    refuse_lead(held, by=BY, reason=REASON, now=timezone.now())
    assert take_in(sender, **{**OTHER, "externalId": "3"}).status == "accepted"


@pytest.mark.django_db
def test_another_source_is_judged_on_its_own(business: object) -> None:
    for _ in range(2):
        sender = SenderFactory.create(business=business, waived=True, settings__duplicate_rule="refuse")
        assert sender.post(flat_lead(**FIRST)).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_repetition_is_replayed_and_no_duplicate() -> None:
    sender, sent = sender_with("refuse"), flat_lead(**FIRST)
    first, again = sender.post(sent), sender.post(sent)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


@pytest.mark.django_db
def test_a_duplicate_is_told_together_with_every_other_fault() -> None:
    sender = sender_with("refuse")
    take_in(sender, **FIRST)
    response = sender.post(flat_lead(**FIRST, birthDate="1970-02-30"))
    assert faults(response) == {("date_invalid", "birthDate"), ("duplicate_lead", "externalId")}


def test_trustedform_is_not_asked_about_a_duplicate_that_is_refused(business: object, sandbox: str) -> None:
    sender = SenderFactory.create(business=business, settings__duplicate_rule="refuse")
    take_in(sender, **FIRST)
    sent = flat_lead(**{**OTHER, "email": FIRST["email"]}, trustedFormUrl=certificate("not-found"))
    assert faults(sender.post(sent)) == {("duplicate_lead", "email")}


EXPECTED = {
    "off": ["accepted"] * 20,
    "warn": ["accepted"] * 20,
    "keep": ["accepted"] + ["duplicate"] * 19,
    "hold": ["accepted"] + ["audit"] * 19,
    "refuse": ["accepted"],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rule", EXPECTED)
@pytest.mark.parametrize("same", SAME)
def test_of_twenty_posts_at_the_same_instant_one_is_the_original(rule: str, same: str) -> None:
    sender = sender_with(rule)

    def post(number: int) -> int:
        distinct = {
            "externalId": f"e{number}",
            "phone": f"+151255501{number:02}",
            "email": f"e{number}@example.com",
        }
        return receive(arrival_of(sender, flat_lead(**{**distinct, same: FIRST[same]}))).status

    answered = at_once(20, post)
    assert sorted(Lead.objects.values_list("status", flat=True)) == EXPECTED[rule]
    assert sorted(answered) == [201] * len(EXPECTED[rule]) + [400] * (20 - len(EXPECTED[rule]))
    assert Submission.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_posts_at_the_same_instant_store_one_lead() -> None:
    sender, sent = sender_with("refuse"), flat_lead(**{**FIRST, "externalId": None})
    at_once(20, lambda _: Sender(sender.source, sender.issued).post(sent))
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, "k1"], ids=["by external id", "by key"])
def test_twins_under_a_refusing_rule_all_get_the_first_answer(key: str | None) -> None:
    """The lead that one of them finds is its own, sent by its twin."""
    sender, sent = sender_with("refuse"), flat_lead(**FIRST)
    replies = at_once(20, lambda _: receive(arrival_of(sender, sent, idempotency_key=key)))
    assert ({reply.status for reply in replies}, len({reply.body for reply in replies})) == ({201}, 1)


@pytest.mark.django_db(transaction=True)
def test_senders_whose_values_cross_never_wait_for_each_other_forever() -> None:
    """Each holds a lock that the other needs next, unless all take them in one order."""
    sender = sender_with("refuse")
    phones, emails = ["+15125550101", "+15125550102"], ["a@example.com", "b@example.com"]

    def post(number: int) -> int:
        sent = flat_lead(phone=phones[number % 2], email=emails[number // 2 % 2])
        return receive(arrival_of(sender, sent)).status

    assert set(at_once(16, post)) <= {201, 400}
    assert 1 <= Lead.objects.count() <= 2
