"""The console's pages of periods, legal holds and erasures."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leads.models import Erasure, KeptKind, Lead, LegalHold, RetentionPeriod
from leads.retention.holds import place_hold
from tests.console import address, event, events
from tests.erasing import EMAIL, PHONE, erase, marked, where_marked
from tests.importing import as_csv, people, person, upload
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, MemberFactory, sign_in, take_in


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


@pytest.fixture
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, **marked(trustedFormUrl=None))


def look(console: Client, business: Business, **fields: Any) -> Any:
    sent = {"business": str(business.pk), "phone": PHONE, "email": "", **fields}
    return console.post(address(Erasure, "add"), sent)


def step(business: Business, kind: str) -> str:
    return f"{address(RetentionPeriod, 'changelist')}{business.pk}/{kind}/set/"


def test_who_is_looked_for_is_shown_before_anything_goes(
    console: Client, business: Business, lead: Lead, waived_sender: Sender
) -> None:
    take_in(waived_sender, phone="+15125550999", email=EMAIL, trustedFormUrl=None)
    page = look(console, business).text
    assert "1 lead, 1 request" in page
    assert "Zqxmark Zqxmarkson · +15125550177 · ZqxMark@Example.com" in page
    assert f"These leads also carry {EMAIL}" in page
    assert Lead.objects.filter(erased_at=None).count() == 2


def test_with_a_reason_they_are_erased(console: Client, business: Business, lead: Lead, owner: User) -> None:
    page = look(console, business, email=EMAIL, reason="Ticket 12.")
    erasure = Erasure.objects.get()
    assert page.url == address(Erasure, "change", erasure.pk)
    assert where_marked() == []
    rows = {"leads": 1, "requests": 1, "conversations": 1}
    assert events("person.erased") == [
        event("person.erased", erasure.public_id, owner, {"rows": rows}, "Ticket 12.")
    ]
    shown = console.get(page.url).text
    assert lead.public_id in shown
    assert "Ticket 12." in shown


def test_without_a_reason_nothing_goes(console: Client, business: Business, lead: Lead) -> None:
    assert "This field is required." in look(console, business, reason="").text
    assert not Erasure.objects.exists()


def test_who_is_not_there_is_said(console: Client, business: Business, lead: Lead) -> None:
    page = look(console, business, phone="+15125550100").text
    assert "Nothing on record here names this person." in page


def test_who_was_erased_before_is_said(console: Client, business: Business, lead: Lead) -> None:
    erase(business)
    page = look(console, business).text
    assert f"They were erased here on {timezone.now():%-d %b %Y}." in page


def test_a_hold_is_named_where_it_stands_in_the_way(console: Client, business: Business, lead: Lead) -> None:
    held = place_hold(business, on=lead, by=BY, reason="Example v. Example", now=timezone.now())
    for fields in ({}, {"reason": "Ticket 12."}):
        page = look(console, business, **fields).text
        assert held.public_id in page
        assert "Example v. Example" in page
    assert not Erasure.objects.exists()


def test_a_file_that_waits_with_them_in_it_is_given_up(
    console: Client, business: Business, waived_sender: Sender
) -> None:
    row = person(1, **{"Phone Number": "(512) 555-0177"})
    file = upload(waived_sender.source, as_csv([row, *people(2)]))
    assert "1 uploaded file" in look(console, business).text
    look(console, business, reason="Ticket 12.")
    file.refresh_from_db()
    assert (file.content, file.status) == ("", "failed")


@pytest.mark.parametrize("email", ["nobody", "a b@example.com", "\x00@example.com", "x" * 400])
def test_what_is_no_person_is_said(console: Client, business: Business, email: str) -> None:
    assert look(console, business, phone="", email=email).status_code == 200


def test_another_businesss_people_are_not_found(
    console: Client, business: Business, other_business: Business, lead: Lead
) -> None:
    page = look(console, other_business)
    assert "Select a valid choice" in page.text
    assert Lead.objects.get().erased_at is None


@pytest.mark.parametrize("role", Role)
def test_periods_are_changed_by_those_who_may(client: Client, business: Business, role: Role) -> None:
    sign_in(client, MemberFactory.create(business=business, role=role))
    page = client.get(step(business, "senders"))
    assert page.status_code == (200 if role in ALLOWED[Deed.MANAGE_BUSINESS] else 403)


def test_a_shorter_period_tells_first_how_much_would_go(
    console: Client, business: Business, waived_sender: Sender, owner: User
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        take_in(waived_sender, trustedFormUrl=None)
    where = step(business, "accepted_leads")
    page = console.post(where, {"days": "30"}).text
    assert "1 row is older than that" in page
    assert "five years" in page
    assert not RetentionPeriod.objects.exists()
    console.post(where, {"days": "30", "reason": "By our policy."})
    assert RetentionPeriod.objects.get().days == 30
    (told,) = events("retention.period_changed")
    assert (told["actor"], told["reason"]) == (owner.public_id, "By our policy.")


def test_an_empty_period_keeps_for_ever(console: Client, business: Business) -> None:
    where = step(business, "refused_requests")
    assert "Nothing of it is deleted any more" in console.post(where, {"days": ""}).text
    console.post(where, {"days": "", "reason": "By our policy."})
    assert RetentionPeriod.objects.get().days is None


@pytest.mark.parametrize("days", ["0", "29", "-1", "99999999", "1e3", "\x00"])
def test_a_period_that_cannot_be_is_said(console: Client, business: Business, days: str) -> None:
    console.post(step(business, "accepted_leads"), {"days": days, "reason": "By our policy."})
    assert not RetentionPeriod.objects.exists()


@pytest.mark.parametrize("place", ["nonsense/senders", "00000000-0000-0000-0000-000000000000/senders"])
def test_another_business_has_no_periods_here(console: Client, place: str) -> None:
    assert console.get(f"{address(RetentionPeriod, 'changelist')}{place}/set/").status_code == 404


def test_an_unknown_kind_is_none(console: Client, business: Business) -> None:
    assert console.get(step(business, "everything")).status_code == 404


def test_the_page_of_periods_shows_each_kind(console: Client, business: Business) -> None:
    page = console.get(address(RetentionPeriod, "changelist")).text
    for kind in KeptKind:
        assert kind.label in page or kind.label.replace("'", "&#x27;") in page
    assert "90 days" in page


def test_a_person_is_put_on_hold_and_released(console: Client, business: Business, lead: Lead) -> None:
    sent = {"business": str(business.pk), "scope": "person", "phone": "512-555-0177", "reason": "A suit."}
    console.post(address(LegalHold, "add"), sent)
    held = LegalHold.objects.get()
    assert (held.phone, held.scope) == (PHONE, "person")
    assert "Legal hold" in console.get(address(Lead, "changelist")).text
    assert "A suit." in console.get(address(Lead, "change", lead.pk)).text
    workspace = reverse("workspace:lead", args=[lead.public_id])
    assert "A legal hold keeps it" in console.get(workspace).text
    assert "Legal hold" in console.get(reverse("workspace:leads")).text
    console.post(address(LegalHold, "release", held.pk), {"reason": "Settled."})
    assert LegalHold.objects.get().released_at
    assert "A legal hold keeps it" not in console.get(workspace).text


@pytest.mark.parametrize("what", ["lead", "source"])
def test_a_lead_and_a_source_are_put_on_hold_from_their_pages(
    console: Client, business: Business, lead: Lead, what: str
) -> None:
    row = lead if what == "lead" else lead.source
    console.post(address(type(row), "hold", row.pk), {"reason": "A suit."})
    assert LegalHold.objects.get().scope == what
    assert "A suit." in console.get(address(type(row), "change", row.pk)).text


def test_a_hold_on_a_person_needs_one(console: Client, business: Business) -> None:
    sent = {"business": str(business.pk), "scope": "person", "reason": "A suit."}
    assert "Give a phone, an email, or both." in console.post(address(LegalHold, "add"), sent).text
    assert not LegalHold.objects.exists()


def test_everything_of_a_business_is_put_on_hold(console: Client, business: Business) -> None:
    sent = {"business": str(business.pk), "scope": "business", "reason": "A suit."}
    console.post(address(LegalHold, "add"), sent)
    assert LegalHold.objects.get().scope == "business"
    assert "1 legal hold" in console.get(address(RetentionPeriod, "changelist")).text


def test_an_erased_lead_stays_in_the_lists(console: Client, business: Business, lead: Lead) -> None:
    erase(business)
    assert "Erased person" in console.get(address(Lead, "changelist")).text
    assert "Erased person" in console.get(reverse("workspace:leads")).text


def test_a_lead_of_the_same_phone_is_no_duplicate_of_an_erased_one(
    business: Business, lead: Lead, waived_sender: Sender
) -> None:
    from sources.lifecycle import change_settings  # noqa: PLC0415

    now = timezone.now()
    change_settings(
        waived_sender.source.settings, {"duplicate_rule": "refuse"}, by=BY, reason=REASON, now=now
    )
    erase(business)
    assert waived_sender.post(flat_lead(**marked(trustedFormUrl=None))).status_code == 201
