"""The log of events as the console shows it: lists, histories, and whether it holds."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.people import count_about
from leadping.accounts.roles import Role
from leadping.accounts.tokens import issue_token
from leadping.audit.verification import verify_and_record
from leadping.chain import chain_waiting
from leadping.events import record_event
from leadping.models import Event
from sources.lifecycle import change_source
from tests.senders import Sender
from tests.situations import REASON, take_in

LIST = "console:leadping_event_changelist"


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def listed(console: Client, **asked: str) -> list[str]:
    """The kinds of the events on the page."""
    page = console.get(reverse(LIST), asked)
    return [event.kind for event in page.context["cl"].result_list]


def test_the_list_tells_each_event_by_its_number_in_the_chain(console: Client, business: Business) -> None:
    chain_waiting(business.pk)
    record_event("source.changed", subject="x", by="cli", business_id=business.pk, now=timezone.now())
    numbers = re.findall(r'field-number">(\S+?)</td>', console.get(reverse(LIST)).text)
    assert set(numbers) == {"1", "2", "3", "soon"}


def test_the_list_can_be_narrowed_to_the_control_log(
    console: Client, business: Business, waived_sender: Sender
) -> None:
    take_in(waived_sender)
    chain_waiting(business.pk)
    assert "lead.created" in listed(console)
    assert "lead.created" not in listed(console, kind="control")
    assert set(listed(console, kind="member")) == {"member.added"}
    assert set(listed(console, kind="lead")) == {"lead.created"}


def test_failed_sign_ins_of_people_and_of_sources_are_one_list(
    console: Client, owner: User, waived_sender: Sender
) -> None:
    count_about("user.sign_in_failed", owner, now=timezone.now(), address="192.0.2.1", tried="password")
    headers = {**waived_sender.credentials, "X-Leadping-Source-Key": "wrong"}
    assert console.get("/source", headers=headers).status_code == 401
    failed = listed(console, kind="authentication")
    assert sorted(failed) == ["authentication.failed", "user.sign_in_failed"]


def test_the_list_can_be_narrowed_to_an_object_or_a_kind_of_objects(
    console: Client, waived_sender: Sender
) -> None:
    source = waived_sender.source
    assert "member.added" not in listed(console, about="source")
    assert (
        len(listed(console, about=source.public_id)) == Event.objects.filter(subject=source.public_id).count()
    )
    assert set(listed(console, about="user")) == {"member.added", "user.created"}


def test_an_event_shows_before_and_after_side_by_side(console: Client, sender: Sender) -> None:
    change_source(sender.source, {"name": "New name"}, by="cli", reason=REASON, now=timezone.now())
    event = Event.objects.get(kind="source.changed")
    page = console.get(reverse("console:leadping_event_change", args=[event.pk])).text
    assert f"<td>{event.data['before']['name']}</td><td>New name</td>" in page


def test_a_history_leads_to_the_log_and_names_numbers(
    console: Client, business: Business, sender: Sender
) -> None:
    chain_waiting(business.pk)
    page = console.get(reverse("console:sources_source_history", args=[sender.source.pk])).text
    assert f"?about={sender.source.public_id}" in page
    assert re.search(r">no\. \d+</a>", page)


def test_the_history_of_one_key_leaves_the_other_out(console: Client, sender: Sender) -> None:
    credential = sender.issued.credential
    page = console.get(reverse("console:sources_credential_history", args=[credential.pk])).text
    assert "Credential issued" in page
    assert "Source created" not in page


def test_what_a_person_did_outside_of_any_business_is_shown_to_that_person_alone(
    console: Client, owner: User, member: Callable[[Role], User]
) -> None:
    other = member(Role.VIEWER)
    for user in (owner, other):
        issue_token(user, "a program", reason=REASON, now=timezone.now())
    address = "console:accounts_user_history"
    assert "Token issued" in console.get(reverse(address, args=[owner.pk])).text
    assert "Token issued" not in console.get(reverse(address, args=[other.pk])).text


def verify(business: Business) -> None:
    chain_waiting(business.pk)
    verify_and_record(by="system", now=timezone.now(), businesses=[business], files=[])
    chain_waiting(business.pk)


def test_the_log_says_up_to_where_it_was_verified(console: Client, business: Business) -> None:
    assert "not verified yet" in console.get(reverse(LIST)).text
    verify(business)
    assert f"{business}: verified up to no. 3 on" in console.get(reverse(LIST)).text
    assert "does not hold" not in console.get(reverse("console:index")).text


def test_what_a_verification_found_waits_on_the_first_page(
    console: Client, business: Business, other_business: Business
) -> None:
    chain_waiting(business.pk)
    Event.objects.filter(chain_number=2).update(reason="Forged.")
    verify(business)
    page = console.get(reverse("console:index")).text
    assert "The log of events does not hold" in page
    assert f"{business} no. 2 (" in page


def test_findings_of_another_business_are_not_told(
    console: Client, business: Business, other_business: Business
) -> None:
    chain_waiting(other_business.pk)
    Event.objects.filter(business=other_business).update(reason="Forged.")
    verify(other_business)
    assert "does not hold" not in console.get(reverse("console:index")).text
