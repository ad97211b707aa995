"""What a source is approved for and how it is run, through the doors: each code, refused and held."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from leads.intake.receive import receive
from leads.models import Lead, Submission
from sources.approval import approve_terms, draft_terms, expire_due, submit_terms
from sources.models import Source
from tests.arrivals import arrival_of
from tests.senders import Answer, Sender, codes, faults, flat_lead, structured_lead
from tests.situations import SenderFactory, only_refusal

# A Sunday, eight in the morning in New York.
NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
END = NOW + timedelta(days=30)
SECOND = timedelta(seconds=1)
REASON = "For a test."

pytestmark = pytest.mark.django_db


def sender_with(**options: Any) -> Sender:
    sender: Sender = SenderFactory.create(waived=True, **options)
    return sender


class TestVerticals:
    @pytest.fixture
    def sender(self) -> Sender:
        terms = {"verticals": ["Insurance"], "trustedform_required": False, "exception_reason": REASON}
        return SenderFactory.create(terms=terms)  # type: ignore[no-any-return]

    def test_a_vertical_is_required(self, sender: Sender) -> None:
        assert faults(sender.post()) == {("vertical_missing", "vertical")}
        assert only_refusal().codes == ["vertical_missing"]

    def test_another_vertical_is_refused_by_the_name_the_sender_gave_it(self, sender: Sender) -> None:
        assert faults(sender.post(flat_lead(vertical="Solar"))) == {("vertical_not_allowed", "vertical")}
        answer = sender.post_structured(structured_lead(vertical="Solar"))
        assert faults(answer) == {("vertical_not_allowed", "metadata.vertical")}
        query = {**flat_lead(), "VERTICAL": "Solar"}
        assert faults(sender.get(query)) == {("vertical_not_allowed", "VERTICAL")}

    def test_an_allowed_vertical_is_taken_in_any_case(self, sender: Sender) -> None:
        assert sender.post(flat_lead(vertical="INSURANCE ")).status_code == 201

    def test_one_that_could_not_be_read_is_not_missing_too(self, sender: Sender) -> None:
        assert codes(sender.post(flat_lead(vertical=7))) == ["field_wrong_type"]


class TestSchedule:
    @pytest.mark.parametrize(("effect", "status"), [("refuse", 400), ("hold", 201)])
    @time_machine.travel(NOW, tick=False)
    def test_outside_the_schedule(self, effect: str, status: int) -> None:
        sender = sender_with(settings__schedule_days=[0], settings__schedule_effect=effect)
        answer = sender.post()
        assert answer.status_code == status
        told = answer.json()["errors" if status == 400 else "held"]
        assert [(item["code"], item["message"]) for item in told] == [
            ("outside_schedule", "Leads are taken Mon, America/New_York; it is Sun 08:00 there.")
        ]

    @time_machine.travel(NOW, tick=False)
    def test_a_held_lead_says_why(self) -> None:
        sender_with(settings__schedule_days=[0], settings__schedule_effect="hold").post()
        assert (Lead.objects.get().status, Lead.objects.get().held_for) == ("audit", ["outside_schedule"])

    @time_machine.travel(NOW, tick=False)
    def test_within_the_schedule(self) -> None:
        hours = {"settings__schedule_from": time(8), "settings__schedule_until": time(9)}
        assert sender_with(settings__schedule_days=[6], **hours).post().status_code == 201


class TestAddresses:
    def post_from(self, sender: Sender, ip: str, body: str = "{") -> Answer:
        return sender.client.post(
            "/leads/intake",
            body,
            content_type="application/json",
            headers=sender.credentials,
            REMOTE_ADDR=ip,
        )

    def test_a_request_from_elsewhere_is_not_even_read(self) -> None:
        sender = sender_with(settings__ip_list=["203.0.113.0/24"])
        answer = self.post_from(sender, "198.51.100.9")
        assert (answer.status_code, codes(answer)) == (403, ["ip_not_allowed"])
        assert (only_refusal().ip, only_refusal().codes) == ("198.51.100.9", ["ip_not_allowed"])

    def test_it_is_told_together_with_what_else_keeps_the_source_from_sending(self) -> None:
        sender = sender_with(settings__ip_list=["203.0.113.0/24"], enabled=False)
        assert codes(self.post_from(sender, "198.51.100.9")) == ["source_disabled", "ip_not_allowed"]

    def test_a_listed_address_is_let_in(self) -> None:
        sender = sender_with(settings__ip_list=["203.0.113.0/24", "2001:db8::/32"])
        assert codes(self.post_from(sender, "203.0.113.9")) == ["json_malformed"]
        assert codes(self.post_from(sender, "2001:db8::9")) == ["json_malformed"]

    def test_a_lead_from_elsewhere_may_be_held(self) -> None:
        sender = sender_with(settings__ip_list=["203.0.113.0/24"], settings__ip_effect="hold")
        answer = sender.post()
        assert [item["code"] for item in answer.json()["held"]] == ["ip_not_allowed"]
        assert Lead.objects.get().status == "audit"


class TestCaps:
    def test_above_a_cap_a_sender_is_told_when_to_come_again(self) -> None:
        sender = sender_with(settings__cap_per_day=1)
        assert sender.post().status_code == 201
        answer = sender.post(flat_lead(phone="+15125550199"))
        assert (answer.status_code, codes(answer)) == (429, ["cap_reached"])
        assert 0 < int(answer["Retry-After"]) <= 25 * 3600

    def test_above_a_cap_a_lead_may_be_held(self) -> None:
        sender = sender_with(settings__cap_per_day=1, settings__cap_effect="hold")
        answers = [sender.post(flat_lead(phone=f"+1512555019{last}")).json() for last in (1, 2)]
        assert [body["status"] for body in answers] == ["accepted", "audit"]
        assert Lead.objects.latest("id").held_for == ["cap_reached"]


def approved_until(end: datetime) -> Sender:
    sender: Sender = SenderFactory.create(approved=False, waived=True)
    terms = sender.source.terms.get()
    submit_terms(terms, by="tests", reason=REASON, now=NOW)
    approve_terms(terms, by="tests", reason=REASON, now=NOW, expires_at=end)
    return sender


def code_at(sender: Sender, moment: datetime) -> list[str]:
    receive(arrival_of(sender, flat_lead(), at=moment))
    return list(Submission.objects.latest("id").codes)


class TestExpiry:
    def test_intake_stops_on_the_second_though_nobody_marked_it_yet(self) -> None:
        sender = approved_until(END)
        assert [code_at(sender, at) for at in (END - SECOND, END)] == [[], ["approval_expired"]]

    def test_the_answer_is_the_same_once_it_was_marked(self) -> None:
        sender = approved_until(END)
        expire_due(END)
        assert code_at(sender, END) == ["approval_expired"]
        assert Submission.objects.get().terms == sender.source.terms.get()

    def test_it_is_told_beside_every_other_fault(self) -> None:
        sender = approved_until(END)
        with time_machine.travel(END, tick=False):
            answer = sender.post(flat_lead(birthDate="1970-02-30"))
        assert (answer.status_code, codes(answer)) == (400, ["date_invalid", "approval_expired"])

    def test_a_renewal_opens_the_door_again(self) -> None:
        sender = approved_until(END)
        terms = draft_terms(sender.source, {}, by="tests", now=END)
        submit_terms(terms, by="tests", reason=REASON, now=END)
        approve_terms(terms, by="tests", reason=REASON, now=END)
        assert code_at(sender, END) == []

    def test_a_dry_run_is_judged_by_the_renewal_that_waits(self) -> None:
        sender = approved_until(END)
        draft_terms(sender.source, {"states": ["OK"]}, by="tests", now=NOW)
        with time_machine.travel(END, tick=False):
            assert codes(sender.post(Leadping_Dry_Run="true")) == ["state_not_allowed"]
            assert codes(sender.post()) == ["approval_expired"]

    @pytest.mark.parametrize("marked", [False, True])
    def test_a_source_that_looks_itself_up_is_told_the_truth(self, marked: bool) -> None:
        sender = approved_until(END)
        look_up = {"path": "/source", "headers": sender.credentials}
        with time_machine.travel(END - SECOND, tick=False):
            body = sender.client.get(**look_up).json()
            assert (body["approved"], body["approvedUntil"]) == (True, "2026-07-14T12:00:00Z")
        with time_machine.travel(END, tick=False):
            if marked:
                expire_due(END)
            body = sender.client.get(**look_up).json()
            assert (body["approved"], body["approvedUntil"], body["termsVersion"]) == (False, None, None)
            assert not Source.objects.get(pk=sender.source.pk).approved


def test_a_source_looks_up_its_schedule() -> None:
    hours = {"settings__schedule_from": time(22), "settings__schedule_until": time(2, 30)}
    sender = sender_with(settings__schedule_days=[4, 5], settings__time_zone="America/Chicago", **hours)
    limits = sender.client.get("/source", headers=sender.credentials).json()["limits"]
    assert (limits["timeZone"], limits["schedule"]) == (
        "America/Chicago",
        {"days": [4, 5], "from": "22:00:00", "until": "02:30:00"},
    )
