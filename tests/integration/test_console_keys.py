"""Keys on their screens: rotated with an overlap, warned about, revoked when a lead shows them; and what
deleting and restoring a source does to them and to its lists."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import Lead, Submission
from sources.models import Credential, Source
from tests.senders import Sender, flat_lead
from tests.situations import REASON, SenderFactory, take_in

KEY = re.compile(r"\blp_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\b")


def key_address(page: str) -> str:
    return reverse(f"console:sources_credential_{page}", args=[Credential.objects.earliest("id").pk])


def source_page(console: Client) -> str:
    return console.get(reverse("console:sources_source_change", args=[Source.objects.get().pk])).text


def is_taken(sender: Sender, api_key: str) -> bool:
    headers = {"X-Leadping-Source-Id": sender.source.public_id, "X-Leadping-Source-Key": api_key}
    return sender.client.get("/source", headers=headers).status_code == 200


def rotate(console: Client, hours: int) -> str:
    [new] = set(
        KEY.findall(console.post(key_address("rotate"), {"overlap": str(hours), "reason": REASON}).text)
    )
    return new


def test_a_rotated_key_works_beside_its_successor_for_a_while(console: Client, sender: Sender) -> None:
    new = rotate(console, 24)
    assert is_taken(sender, new)
    assert is_taken(sender, sender.issued.api_key)
    assert "Ends in 24 h" in source_page(console)


def test_a_key_can_be_rotated_at_once(console: Client, sender: Sender) -> None:
    new = rotate(console, 0)
    assert is_taken(sender, new)
    assert not is_taken(sender, sender.issued.api_key)


@pytest.mark.parametrize("hours", ["-1", "x", "100000", ""])
def test_an_overlap_that_makes_no_sense_is_told_in_the_form(
    console: Client, sender: Sender, hours: str
) -> None:
    page = console.post(key_address("rotate"), {"overlap": hours, "reason": REASON})
    assert "field-faulty" in page.text
    assert Credential.objects.count() == 1


def test_the_page_of_the_source_tells_when_and_from_where_a_key_was_used(
    console: Client, waived_sender: Sender
) -> None:
    take_in(waived_sender)
    assert "from 127.0.0.1" in source_page(console)


def test_a_stale_key_is_warned_about(console: Client, sender: Sender) -> None:
    Credential.objects.update(created_at=timezone.now() - timedelta(days=100))
    page = source_page(console)
    assert "Stale" in page
    assert "Nothing has used it for 90 days" in page


def test_a_key_sent_inside_a_lead_is_shown_everywhere_and_revoked(
    console: Client, waived_sender: Sender
) -> None:
    waived_sender.post(flat_lead(subId=waived_sender.issued.api_key, trustedFormUrl=None))
    assert Credential.objects.get().exposed_at
    front = console.get(reverse("console:index")).text
    assert "Keys were sent inside leads" in front
    assert key_address("revoke") in front
    assert "was sent inside a lead" in source_page(console)
    listed = console.get(reverse("console:sources_source_changelist"), {"state": "exposed"}).text
    assert str(waived_sender.source.pk) in listed
    page = console.get(key_address("revoke")).text
    assert "The key was seen in the payload of a lead." in page
    console.post(key_address("revoke"), {"reason": "The key was seen in the payload of a lead."})
    assert not is_taken(waived_sender, waived_sender.issued.api_key)
    assert "Keys were sent inside leads" not in console.get(reverse("console:index")).text


@pytest.mark.parametrize(
    ("days", "said"),
    [(89, ""), (91, "unused for 90 days"), (366, "unused for 90 days, older than a year")],
)
def test_keys_that_are_unused_or_old_are_told_on_the_front_page(
    console: Client, sender: Sender, days: int, said: str
) -> None:
    Credential.objects.update(created_at=timezone.now() - timedelta(days=days))
    front = console.get(reverse("console:index")).text
    listed = console.get(reverse("console:sources_source_changelist"), {"state": "stale"}).text
    assert ("Stale keys" in front, said in front) == (bool(said), True)
    assert (str(sender.source.pk) in listed) is bool(said)


def test_a_key_that_is_rotated_already_is_not_told_as_stale(console: Client, sender: Sender) -> None:
    Credential.objects.update(created_at=timezone.now() - timedelta(days=400))
    rotate(console, 24)
    assert "Stale keys" not in console.get(reverse("console:index")).text


def test_an_exposed_key_is_rotated_without_overlap_unless_one_is_asked_for(
    console: Client, sender: Sender
) -> None:
    assert 'name="overlap" value="24"' in console.get(key_address("rotate")).text
    Credential.objects.update(exposed_at=timezone.now())
    assert 'name="overlap" value="0"' in console.get(key_address("rotate")).text


def delete(console: Client, source: Source) -> None:
    console.post(reverse("console:sources_source_delete", args=[source.pk]), {"reason": "Over."})


def test_a_deleted_source_is_gone_from_choices_and_named_as_deleted_in_lists(
    console: Client, waived_sender: Sender
) -> None:
    lead = take_in(waived_sender)
    source = waived_sender.source
    delete(console, source)
    named = f"{source.name} (Deleted)"
    for model in (Lead, Submission):
        where = reverse(f"console:leads_{model._meta.model_name}_changelist")
        page = console.get(where, {"source": source.public_id}).text
        assert str(lead.pk if model is Lead else lead.submissions.get().pk) in page
        assert named in page
    assert str(source.pk) not in console.get(reverse("console:sources_source_changelist")).text


def test_leads_are_filtered_by_deleted_sources_too(console: Client, waived_sender: Sender) -> None:
    take_in(waived_sender)
    delete(console, waived_sender.source)
    assert waived_sender.source.public_id in console.get(reverse("console:leads_lead_changelist")).text


def test_a_restored_source_needs_new_keys(console: Client, waived_sender: Sender) -> None:
    source = waived_sender.source
    delete(console, source)
    assert not is_taken(waived_sender, waived_sender.issued.api_key)
    restore = reverse("console:sources_source_restore", args=[source.pk])
    assert restore in source_page(console)
    console.post(restore, {"reason": "They came back."})
    assert Source.objects.get().deleted_at is None
    assert not is_taken(waived_sender, waived_sender.issued.api_key)
    issue = reverse("console:sources_source_issue_key", args=[source.pk])
    issued = console.post(issue, {"reason": REASON}).text
    assert is_taken(waived_sender, KEY.findall(issued)[0])


def test_a_name_that_was_taken_meanwhile_keeps_a_source_deleted(
    console: Client, sender: Sender, business: Business
) -> None:
    delete(console, sender.source)
    SenderFactory.create(business=business, name=sender.source.name)
    restore = reverse("console:sources_source_restore", args=[sender.source.pk])
    assert "another source of this name" in console.post(restore, {"reason": "Back."}).text


def test_only_a_deleted_source_can_be_restored(console: Client, sender: Sender) -> None:
    restore = reverse("console:sources_source_restore", args=[sender.source.pk])
    assert console.get(restore).status_code == 403
