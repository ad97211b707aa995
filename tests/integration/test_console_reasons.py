"""Whoever changes something says why, on every screen; and the history shows it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.businesses import change_role, rename_account, rename_business
from leadping.accounts.models import Account, Business, Membership
from leadping.accounts.roles import Role
from leadping.models import Event
from sources.approval import draft_terms, submit_terms
from sources.lifecycle import change_settings, change_source
from sources.models import Source
from tests.senders import Sender
from tests.situations import MemberFactory
from tests.tenants import form_fields, forms_of

WHY = "The contract says so."


def change_page(model: type[Model]) -> str:
    row = model._default_manager.earliest("pk")
    return reverse(f"console:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])


def is_editable(page: Any) -> bool:
    return any(form.fields for form in forms_of(page))


def test_no_screen_takes_a_change_without_a_reason(console: Client, sender: Sender) -> None:
    asked = set()
    for model in admin.site._registry:
        if not model._default_manager.exists():
            continue
        page = console.get(change_page(model))
        if is_editable(page):
            before = Event.objects.count()
            answer = console.post(change_page(model), {**form_fields(page), "name": "Other", "reason": "  "})
            assert "This field is required" in answer.text
            assert Event.objects.count() == before
            asked.add(model)
    assert asked == {Account, Business, Membership, Source}


def test_the_history_shows_the_reason(console: Client, sender: Sender) -> None:
    page = console.get(change_page(Source))
    console.post(change_page(Source), {**form_fields(page), "name": "Other", "reason": WHY})
    history = console.get(reverse("console:sources_source_history", args=[sender.source.pk]))
    assert WHY in history.text


def settle(sender: Sender, **said: Any) -> None:
    change_settings(sender.source.settings, {"tags": ["web"]}, **said)


def promote(sender: Sender, **said: Any) -> None:
    member = MemberFactory.create(business=sender.source.business, role=Role.VIEWER)
    change_role(member.memberships.get(), Role.OPERATOR, **said)


def rename(sender: Sender, **said: Any) -> None:
    account = sender.source.account
    assert account
    rename_account(account, "Desk", **said)


def submit(sender: Sender, **said: Any) -> None:
    submit_terms(draft_terms(sender.source, {"states": ["TX"]}, by="cli", now=said["now"]), **said)


VERBS: dict[str, Callable[..., None]] = {
    "source.changed": lambda sender, **said: change_source(sender.source, {"name": "Other"}, **said),
    "settings.changed": settle,
    "member.changed": promote,
    "business.renamed": lambda sender, **said: rename_business(sender.source.business, "Sunrise", **said),
    "account.renamed": rename,
    "terms.drafted": lambda sender, **said: draft_terms(sender.source, {"states": ["TX"]}, **said),
    "terms.submitted": submit,
}


@pytest.mark.parametrize("kind", VERBS)
def test_the_event_of_a_change_says_why(sender: Sender, kind: str) -> None:
    VERBS[kind](sender, by="cli", reason=WHY, now=timezone.now())
    assert Event.objects.filter(kind=kind).latest("id").reason == WHY
