"""Held leads in the console: decided on by the verbs, one or many, with a reason."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from leadping.accounts.models import User
from leads.models import Lead
from tests.console import address, events
from tests.senders import Sender, certificate
from tests.situations import sign_in, take_in


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


@pytest.fixture
def held(sender: Sender, sandbox: str) -> list[Lead]:
    """Two held leads and one that is not."""
    for phone, scenario in (
        ("+15125550101", "mismatch"),
        ("+15125550102", "mismatch"),
        ("+15125550103", "valid"),
    ):
        take_in(sender, phone=phone, trustedFormUrl=certificate(scenario))
    return list(Lead.objects.order_by("id"))


@pytest.mark.parametrize(("step", "status"), [("release", "accepted"), ("refuse", "refused")])
def test_a_held_lead_is_decided_on_with_a_reason(
    console: Client, held: list[Lead], owner: User, step: str, status: str
) -> None:
    console.post(address(Lead, step, held[0].pk), {"reason": "Called the sender."})
    assert Lead.objects.get(pk=held[0].pk).status == status
    [recorded] = events(f"lead.{step}d")
    assert (recorded["actor"], recorded["reason"]) == (owner.public_id, "Called the sender.")


def test_many_are_decided_on_after_a_preview(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "release_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held]}
    preview = console.post(address(Lead, "changelist"), chosen).text
    assert "2 held leads become accepted" in preview
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2
    done = console.post(address(Lead, "changelist"), {**chosen, "reason": "Checked."}, follow=True).text
    assert "2 of 2 leads decided" in done
    assert not Lead.objects.filter(status=Lead.Status.AUDIT).exists()
    assert [found["reason"] for found in events("lead.released")] == ["Checked.", "Checked."]


def test_deciding_on_many_needs_a_reason(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "refuse_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held], "reason": ""}
    assert "This field is required" in console.post(address(Lead, "changelist"), chosen).text
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2


def test_a_lead_that_is_not_held_cannot_be_decided_on(console: Client, held: list[Lead]) -> None:
    page = console.post(address(Lead, "refuse", held[2].pk), {"reason": "No."})
    assert "Only a lead that is held" in page.text
