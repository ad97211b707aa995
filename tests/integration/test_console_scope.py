"""Object by object: the console shows nothing of another business and changes nothing in it."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.models import (
    Certificate,
    CertificateCheck,
    CertificateRetention,
    Suppression,
    SuppressionImport,
)
from conversations.models import Conversation
from leadping.accounts.invitations import invite
from leadping.accounts.models import Account, Business, Invitation, Membership, User, UserToken
from leadping.accounts.roles import Role
from leadping.accounts.tokens import issue_token
from leadping.console.scoped import ScopedAdmin
from leadping.models import Event
from leads.models import (
    Complaint,
    Erasure,
    Import,
    Lead,
    LegalHold,
    Override,
    Rejudgement,
    RetentionPeriod,
    Submission,
    WhatIf,
)
from sources.models import Credential, PostingLink, Review, Source, Terms
from tests.prepared import prepared
from tests.senders import Sender, certificate
from tests.situations import REASON, AccountFactory, MemberFactory, SenderFactory, complain, take_in

SHOWN = [
    Business,
    Account,
    Membership,
    Invitation,
    User,
    UserToken,
    Event,
    Source,
    Terms,
    Review,
    Credential,
    Certificate,
    CertificateCheck,
    Conversation,
    Lead,
    Submission,
    Complaint,
]
# Those of which the other business has no row here; `tests/acceptance/test_tenants.py` plants one of each.
PLANTED = [
    *(PostingLink, Import, WhatIf, Rejudgement, Override),
    *(Suppression, SuppressionImport, CertificateRetention),
    *(RetentionPeriod, LegalHold, Erasure),
]
STEPS = [
    (model, name)
    for model in (Membership, UserToken, Source, Credential, Lead, Complaint)
    for name in admin.site._registry[model].steps  # type: ignore[attr-defined]
]


@prepared
def stranger(other_business: Business, sandbox: str) -> Sender:
    """A source of the other business through which a lead came that is held."""
    sender = SenderFactory.create(business=other_business, name="Foreign source")
    take_in(sender, firstName="Foreign", trustedFormUrl=certificate("mismatch"))
    complain(sender.source, raised_by="Foreign person")
    user = MemberFactory.create(business=other_business, email="foreign@example.com")
    issue_token(user, "foreign token", reason=REASON, now=timezone.now())
    invite(
        other_business,
        "foreign.guest@example.com",
        Role.VIEWER,
        by=user.public_id,
        reason=REASON,
        now=timezone.now(),
    )
    return sender


def screen(model: type[Model]) -> ScopedAdmin:
    found = admin.site._registry[model]
    assert isinstance(found, ScopedAdmin)
    return found


def foreign(model: type[Model], business: Business) -> Any:
    """A row of the other business."""
    if model is User or model is UserToken:
        return model._default_manager.filter(
            **{"email": "foreign@example.com"} if model is User else {}
        ).get()
    return screen(model).within(model._default_manager.all(), [business.pk]).first()


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"console:{screen(model).url_name(page)}", args=args)


def rows_of(business: Business) -> dict[str, list[Any]]:
    """Everything stored of a business, to tell whether anything was changed."""
    return {
        model.__name__: list(
            screen(model).within(model._default_manager.order_by("pk"), [business.pk]).values()
        )
        for model in SHOWN
        if model is not UserToken
    }


def test_every_list_of_the_console_is_scoped_and_named_here() -> None:
    assert set(admin.site._registry) == {*SHOWN, *PLANTED}
    assert all(isinstance(found, ScopedAdmin) for found in admin.site._registry.values())


@pytest.mark.parametrize("model", SHOWN)
def test_a_list_shows_no_foreign_row(
    console: Client, stranger: Sender, other_business: Business, model: type[Model]
) -> None:
    row = foreign(model, other_business)
    page = console.get(address(model, "changelist"))
    assert page.status_code == 200
    assert str(row.pk) not in page.text
    assert "Foreign" not in page.text
    assert "foreign" not in page.text


@pytest.mark.parametrize("model", SHOWN)
def test_a_foreign_id_is_no_id(
    console: Client, stranger: Sender, other_business: Business, model: type[Model]
) -> None:
    row = foreign(model, other_business)
    page = console.get(address(model, "change", row.pk))
    assert page.status_code == 404
    assert "Foreign" not in page.text
    assert console.get(address(model, "history", row.pk)).status_code == 404


@pytest.mark.parametrize("model", SHOWN)
def test_a_foreign_id_answers_as_an_unknown_one(
    console: Client, stranger: Sender, other_business: Business, model: type[Model]
) -> None:
    row = foreign(model, other_business)
    seen = console.get(address(model, "change", row.pk), follow=True).text
    unknown = console.get(address(model, "change", "01890000-0000-7000-8000-000000000000"), follow=True).text
    assert differ(seen, str(row.pk)) == differ(unknown, "01890000-0000-7000-8000-000000000000")


def differ(page: str, row_id: str) -> str:
    """The page without the id that was asked for, without form tokens and without the request's own id."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\breq_\w+', "", page.replace(row_id, "ID"))


@pytest.mark.parametrize("model", SHOWN)
def test_a_search_for_a_foreign_id_leads_nowhere(
    console: Client, stranger: Sender, other_business: Business, model: type[Model]
) -> None:
    public_id = foreign(model, other_business).public_id
    assert console.get(address(model, "changelist"), {"q": public_id}).status_code == 200
    found = console.get(reverse("console:search"), {"q": public_id})
    assert found.headers["Location"].startswith(address(Lead, "changelist"))


@pytest.mark.parametrize("text", ["+15125550123", "jordan@example.com", "partner-1"])
def test_a_search_finds_no_foreign_lead(
    console: Client, stranger: Sender, other_business: Business, text: str
) -> None:
    take_in(stranger, externalId="partner-1", firstName="Foreign")
    for model in (Lead, Submission):
        assert "Foreign" not in console.get(address(model, "changelist"), {"q": text}).text


@pytest.mark.parametrize(("model", "step"), STEPS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_step_can_be_taken_on_a_foreign_object(
    console: Client, stranger: Sender, other_business: Business, model: type[Model], step: str, method: str
) -> None:
    row, before = foreign(model, other_business), rows_of(other_business)
    answer = getattr(console, method)(address(model, step, row.pk), {"reason": "Because."})
    assert answer.status_code == 404
    assert rows_of(other_business) == before


@pytest.mark.parametrize("model", [Business, Account, Membership, Source])
def test_a_foreign_object_cannot_be_saved(
    console: Client, stranger: Sender, other_business: Business, model: type[Model]
) -> None:
    row, before = foreign(model, other_business), rows_of(other_business)
    console.post(address(model, "change", row.pk), {"name": "Mine", "role": "viewer", "kind": "vendor"})
    assert rows_of(other_business) == before


@pytest.mark.parametrize("action", ["release_held", "refuse_held"])
def test_an_action_leaves_foreign_leads_alone(
    console: Client, stranger: Sender, other_business: Business, action: str
) -> None:
    lead, before = Lead.objects.get(), rows_of(other_business)
    chosen = {"action": action, ACTION_CHECKBOX_NAME: str(lead.pk), "reason": "Because."}
    page = console.post(address(Lead, "changelist"), chosen, follow=True)
    assert "Foreign" not in page.text
    assert rows_of(other_business) == before


def complete(console: Client, model: str, field: str) -> list[str]:
    found = console.get(
        reverse("console:autocomplete"), {"app_label": "sources", "model_name": model, "field_name": field}
    )
    return [result["text"] for result in found.json()["results"]]


def test_autocomplete_offers_accounts_of_the_own_business(
    console: Client, business: Business, stranger: Sender, other_business: Business
) -> None:
    AccountFactory.create(business=business, name="Own account")
    AccountFactory.create(business=other_business, name="Foreign account")
    assert complete(console, "source", "account") == ["Own account"]


def test_autocomplete_serves_no_foreign_choice_for_any_field(
    console: Client, stranger: Sender, business: Business
) -> None:
    fields = [
        (model, field)
        for model in apps.get_app_config("sources").get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete
    ]
    asked = [
        console.get(
            reverse("console:autocomplete"),
            {"app_label": "sources", "model_name": model.__name__.lower(), "field_name": field.name},
        )
        for model, field in fields
    ]
    assert len(asked) > 5
    assert not any("Foreign" in answer.text for answer in asked)


def test_a_source_cannot_be_made_in_a_foreign_business(
    console: Client, stranger: Sender, other_business: Business
) -> None:
    before = rows_of(other_business)
    page = console.post(
        address(Source, "add"), {"business": str(other_business.pk), "name": "Mine", "kind": "vendor"}
    )
    assert page.status_code == 200
    assert not Source.objects.filter(name="Mine").exists()
    assert rows_of(other_business) == before


@pytest.mark.parametrize("page", ["add", "change"])
def test_a_source_takes_no_foreign_account(
    console: Client, sender: Sender, business: Business, stranger: Sender, page: str
) -> None:
    account = stranger.source.account
    assert account
    where = address(Source, "add") if page == "add" else address(Source, "change", sender.source.pk)
    fields = {"business": str(business.pk), "name": "Mine", "kind": "vendor", "account": str(account.pk)}
    assert console.post(where, fields).status_code == 200
    assert not Source.objects.filter(account=account, business=business).exists()


@pytest.mark.parametrize("page", ["add", "change"])
def test_of_two_own_businesses_neither_lends_its_accounts_to_the_other(
    console: Client, owner: User, sender: Sender, business: Business, other_business: Business, page: str
) -> None:
    Membership.objects.create(business=other_business, user=owner, role=Role.OWNER)
    account = AccountFactory.create(business=other_business)
    where = address(Source, "add") if page == "add" else address(Source, "change", sender.source.pk)
    fields = {"business": str(business.pk), "name": "Mine", "kind": "vendor", "account": str(account.pk)}
    answer = console.post(where, fields)
    assert "belongs to another business" in answer.text
    assert not Source.objects.filter(account=account).exists()


def test_an_owner_elsewhere_is_a_viewer_here(
    console: Client, owner: User, stranger: Sender, other_business: Business
) -> None:
    """Each business's own role counts, whatever the person may do in another."""
    Membership.objects.create(business=other_business, user=owner, role=Role.VIEWER)
    before = rows_of(other_business)
    source = stranger.source
    assert console.get(address(Source, "change", source.pk)).status_code == 200
    assert console.post(address(Source, "pause", source.pk), {"reason": "Because."}).status_code == 403
    assert console.post(address(Source, "change", source.pk), {"name": "Mine"}).status_code == 403
    assert str(other_business) not in console.get(address(Source, "add")).text
    assert rows_of(other_business) == before


def test_history_shows_events_of_the_own_business_alone(
    console: Client, owner: User, business: Business, other_business: Business
) -> None:
    """A person may be a member of several; what happened in the others is theirs."""
    person = MemberFactory.create(business=business, email="both@example.com", role=Role.VIEWER)
    MemberFactory.create(business=other_business, email="both@example.com", role=Role.OPERATOR)
    page = console.get(address(User, "history", person.pk)).text
    assert "viewer" in page
    assert "operator" not in page


def test_a_user_of_no_business_cannot_come_in(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("nobody@example.com", "x"))
    assert client.get(reverse("console:index")).status_code == 302


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "password__startswith"),
        (Credential, "key_hash__startswith"),
        (Lead, "source__business__name__startswith"),
        (Membership, "user__password__startswith"),
    ],
)
def test_a_list_cannot_be_asked_about_columns_that_it_does_not_offer(
    console: Client, model: type[Model], lookup: str
) -> None:
    assert console.get(address(model, "changelist"), {lookup: "a"}).status_code == 400
