"""Caps: exact however many send at once, counting what is taken and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leads.intake import record
from leads.intake.answers import Reply
from leads.intake.receive import receive
from leads.jobs import forget_request_counts
from leads.models import Lead, Submission
from sources.lifecycle import change_settings
from sources.models import CapCount
from tests.arrivals import arrival_of
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, sign_in

# Eight in the morning in New York.
NOW = datetime(2026, 6, 14, 12, 30, tzinfo=UTC)
SENDERS = 64


def capped(business: Business | None = None, **settings: Any) -> Sender:
    options = {f"settings__{name}": value for name, value in settings.items()}
    whose = {"business": business} if business else {}
    sender: Sender = SenderFactory.create(waived=True, **whose, **options)
    return sender


def lead(number: int) -> dict[str, Any]:
    """One that has nothing in common with another."""
    person = {"externalId": f"e{number}", "phone": f"+1512555{number:04}", "email": f"e{number}@example.com"}
    return flat_lead(**person, trustedFormUrl=None)


def send(sender: Sender, number: int, *, at: datetime = NOW) -> Reply:
    return receive(arrival_of(sender, lead(number), at=at))


def counts() -> dict[str, int]:
    return dict(CapCount.objects.values_list("period", "count"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cap", [1, 10, 63, 64])
def test_of_64_at_the_same_instant_exactly_as_many_pass_as_the_cap_allows(cap: int) -> None:
    sender = capped(cap_per_month=cap)
    statuses = at_once(SENDERS, lambda number: through_the_door(sender, number))
    assert sorted(statuses) == [201] * cap + [429] * (SENDERS - cap)
    assert (Lead.objects.count(), counts()) == (cap, {"month": cap})


def through_the_door(sender: Sender, number: int) -> int:
    return Sender(sender.source, sender.issued).post(lead(number)).status_code


@pytest.mark.django_db(transaction=True)
def test_of_64_at_the_same_instant_the_tightest_of_three_caps_decides() -> None:
    sender = capped(cap_per_hour=40, cap_per_day=17, cap_per_month=30)
    at_once(SENDERS, lambda number: send(sender, number))
    assert (Lead.objects.count(), counts()) == (17, {"hour": 17, "day": 17, "month": 17})


@pytest.mark.django_db(transaction=True)
def test_of_64_at_the_same_instant_what_is_above_a_holding_cap_is_held() -> None:
    sender = capped(cap_per_hour=10, cap_effect="hold")
    at_once(SENDERS, lambda number: send(sender, number))
    assert Lead.objects.filter(status="accepted").count() == 10
    assert Lead.objects.filter(status="audit", held_for=["cap_reached"]).count() == SENDERS - 10
    assert counts() == {"hour": SENDERS}


@pytest.mark.django_db(transaction=True)
def test_of_64_twins_one_is_counted_and_all_get_its_answer() -> None:
    sender, sent = capped(cap_per_day=3), lead(1)
    replies = at_once(SENDERS, lambda _: receive(arrival_of(sender, sent, at=NOW)))
    assert ({reply.status for reply in replies}, len({reply.body for reply in replies})) == ({201}, 1)
    assert counts() == {"day": 1}


@pytest.mark.django_db(transaction=True)
def test_caps_and_the_duplicate_rule_together_count_each_person_once() -> None:
    sender = capped(cap_per_day=5, duplicate_rule="refuse")
    replies = at_once(32, lambda number: send_person(sender, person=number % 4, number=number))
    assert sorted(reply.status for reply in replies) == [201] * 4 + [400] * 28
    assert (Lead.objects.count(), counts()) == (4, {"day": 4})


def send_person(sender: Sender, *, person: int, number: int) -> Reply:
    return receive(arrival_of(sender, {**lead(person), "externalId": f"x{number}"}, at=NOW))


@pytest.mark.django_db(transaction=True)
def test_sources_that_bring_the_same_people_never_wait_for_each_other_forever() -> None:
    senders = [capped(cap_per_hour=9, cap_per_month=9, duplicate_rule="warn") for _ in range(2)]
    at_once(32, lambda number: send(senders[number % 2], number // 2))
    assert Lead.objects.count() == 18


pytestmark = pytest.mark.django_db


def test_a_full_period_is_told_with_the_seconds_until_the_next() -> None:
    sender = capped(cap_per_hour=1)
    assert send(sender, 1).status == 201
    reply = send(sender, 2)
    assert (reply.status, reply.headers) == (429, {"Retry-After": "1800"})
    assert '"code":"cap_reached"' in reply.body


def test_in_the_next_period_leads_are_taken_again() -> None:
    sender = capped(cap_per_hour=1)
    hours = [NOW, NOW + timedelta(minutes=29, seconds=59), NOW + timedelta(minutes=30)]
    assert [send(sender, number, at=at).status for number, at in enumerate(hours)] == [201, 429, 201]


def test_a_day_is_that_of_the_sources_time_zone() -> None:
    sender = capped(cap_per_day=1, time_zone="America/Los_Angeles")
    midnight = datetime(2026, 6, 14, 7, tzinfo=UTC)
    days = [midnight - timedelta(hours=23), midnight - timedelta(seconds=1), midnight]
    assert [send(sender, number, at=at).status for number, at in enumerate(days)] == [201, 429, 201]


def test_what_is_refused_does_not_count() -> None:
    sender = capped(cap_per_day=1)
    assert receive(arrival_of(sender, flat_lead(birthDate="1970-02-30"), at=NOW)).status == 400
    assert (counts(), send(sender, 1).status) == ({}, 201)


def test_what_is_replayed_does_not_count() -> None:
    sender = capped(cap_per_day=2)
    replies = [send(sender, 1) for _ in range(3)]
    assert (len({reply.body for reply in replies}), counts()) == (1, {"day": 1})


def test_a_lead_that_was_taken_is_replayed_though_the_cap_is_full_by_now() -> None:
    sender = capped(cap_per_day=1)
    first = send(sender, 1)
    assert send(sender, 1).body == first.body


def test_what_is_held_for_another_reason_counts() -> None:
    sender = capped(cap_per_day=2, duplicate_rule="hold")
    send_person(sender, person=1, number=1)
    send_person(sender, person=1, number=2)
    assert (counts(), send(sender, 3).status) == ({"day": 2}, 429)


def test_what_is_kept_as_a_duplicate_does_not_count() -> None:
    sender = capped(cap_per_day=2, duplicate_rule="keep")
    send_person(sender, person=1, number=1)
    send_person(sender, person=1, number=2)
    assert counts() == {"day": 1}


def test_a_lead_with_another_fault_is_not_asked_to_come_again() -> None:
    sender = capped(cap_per_day=1)
    send(sender, 1)
    reply = receive(arrival_of(sender, flat_lead(birthDate="1970-02-30"), at=NOW))
    assert (reply.status, reply.headers) == (400, {})
    assert '"date_invalid"' in reply.body
    assert '"cap_reached"' in reply.body


def test_a_lead_that_was_judged_before_a_change_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sender, judge = capped(cap_per_day=5), record.depends_on_others

    def change_meanwhile(case: Any) -> bool:
        monkeypatch.setattr(record, "depends_on_others", judge)
        change_settings(sender.source.settings, {"tags": ["new"]}, by=BY, reason=REASON, now=timezone.now())
        return judge(case)

    monkeypatch.setattr(record, "depends_on_others", change_meanwhile)
    assert send(sender, 1).status == 201
    assert (counts(), Lead.objects.get().tags) == ({"day": 1}, ["new"])


def test_a_dry_run_says_what_is_left_and_counts_nothing() -> None:
    sender = capped(cap_per_hour=5, cap_per_month=2)
    sender.post(lead(1))
    for _ in range(2):
        dry = sender.post(lead(2), Leadping_Dry_Run="true")
        assert (dry.status_code, dry.json()["capsLeft"]) == (200, {"hour": 4, "month": 1})
    assert counts() == {"hour": 1, "month": 1}


def test_a_dry_run_is_refused_where_the_real_request_would_be() -> None:
    sender = capped(cap_per_month=1)
    sender.post(lead(1))
    dry = sender.post(lead(2), Leadping_Dry_Run="true")
    assert (dry.status_code, dry.json()["code"]) == (429, "cap_reached")


def test_trustedform_is_not_asked_about_a_lead_above_a_cap() -> None:
    """Nobody answers in its place here, so asking would hold the lead."""
    sender = SenderFactory.create(settings__cap_per_day=1)
    assert sender.post({**lead(1), "trustedFormUrl": certificate()}).json()["status"] == "audit"
    assert sender.post({**lead(2), "trustedFormUrl": certificate()}).status_code == 429


def test_a_source_looks_up_its_caps_and_what_is_left() -> None:
    sender = capped(cap_per_day=3)
    sender.post(lead(1))
    caps = sender.client.get("/source", headers=sender.credentials).json()["limits"]["caps"]
    assert {name: caps["day"][name] for name in ("most", "left")} == {"most": 3, "left": 2}
    assert datetime.fromisoformat(caps["day"]["endsAt"]) > timezone.now()


def test_without_caps_nothing_is_counted(waived_sender: Sender) -> None:
    assert waived_sender.post().status_code == 201
    assert not CapCount.objects.exists()


def test_counts_are_kept_as_long_as_a_month_may_last() -> None:
    sender = capped(cap_per_month=5)
    send(sender, 1)
    for days, kept in ((16, 1), (93, 0)):
        forget_request_counts(int((NOW + timedelta(days=days)).timestamp()))
        assert CapCount.objects.count() == kept


def test_each_request_leaves_its_submission() -> None:
    sender = capped(cap_per_day=1)
    for number in range(3):
        send(sender, number)
    assert sorted(Submission.objects.values_list("outcome", flat=True)) == ["accepted", "refused", "refused"]


def change(sender: Sender, *, at: datetime = NOW, **settings: Any) -> None:
    change_settings(sender.source.settings, settings, by=BY, reason=REASON, now=at)
    sender.source.refresh_from_db()


def test_a_cap_that_is_set_counts_what_has_come_already() -> None:
    sender = capped()
    for number, hours in enumerate((40, 3, 2, 0)):
        assert send(sender, number, at=NOW - timedelta(hours=hours)).status == 201
    change(sender, cap_per_hour=5, cap_per_day=4, cap_per_month=5)
    assert counts() == {"hour": 1, "day": 3, "month": 4}
    assert [send(sender, number).status for number in (7, 8)] == [201, 429]


def test_in_another_time_zone_the_leads_of_its_own_day_are_counted() -> None:
    sender = capped(cap_per_day=9, time_zone="UTC")
    for number, hours in enumerate((10, 6, 0)):
        send(sender, number, at=NOW - timedelta(hours=hours))
    assert counts() == {"day": 3}
    change(sender, time_zone="America/New_York")
    assert CapCount.objects.get(starts_at=datetime(2026, 6, 14, 4, tzinfo=UTC)).count == 2


def test_leads_that_came_while_a_cap_was_off_are_counted_when_it_is_on_again() -> None:
    sender = capped(cap_per_day=9)
    send(sender, 1)
    change(sender, cap_per_day=None)
    send(sender, 2)
    change(sender, cap_per_day=2)
    assert (counts(), send(sender, 3).status) == ({"day": 2}, 429)


def test_the_page_of_the_settings_says_what_a_cap_would_have_counted(client: Client, owner: User) -> None:
    sender = capped(business=owner.memberships.get().business)
    for number in range(3):
        send(sender, number, at=timezone.now())
    sign_in(client, owner)
    page = client.get(reverse("console:sources_source_settings", args=[sender.source.pk])).text
    assert "So far 3 this month; they count." in page


def test_other_settings_leave_the_counts_alone() -> None:
    sender = capped(cap_per_day=9)
    CapCount.objects.update(count=7)
    send(sender, 1)
    CapCount.objects.update(count=7)
    change(sender, tags=["new"])
    assert counts() == {"day": 7}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [{}, {"cap_per_month": 60}])
def test_a_cap_set_while_64_send_counts_every_lead_once(before: dict[str, int]) -> None:
    sender = capped(**before)

    def work(number: int) -> int:
        if number == SENDERS // 2:
            change(sender, cap_per_day=40, at=NOW)
            return 0
        return send(sender, number).status

    statuses = at_once(SENDERS, work)
    assert counts()["day"] == Lead.objects.count() == statuses.count(201)
    assert Lead.objects.count() >= 40
    assert send(sender, 99).status == 429
