"""Situations that tests begin in, brought about by the product's own verbs."""

from datetime import datetime
from typing import Any

import factory
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.businesses import (
    add_member,
    change_override_rule,
    find_or_create_account,
    find_or_create_business,
)
from leadping.accounts.models import Account, Business, User
from leadping.accounts.roles import Role
from leads.complaints import record_complaint
from leads.models import Complaint, Lead, Submission
from leads.recheck import ask_again, settle_by
from sources.approval import approve_terms, draft_terms, submit_terms
from sources.lifecycle import change_settings, create_source
from sources.models import Source, Terms
from tests.senders import Sender, flat_lead

BY = "tests"
REASON = "Set up for a test."
PASSWORD = "correct horse battery staple"


def make_business(name: str) -> Business:
    return find_or_create_business(name, by=BY, reason=REASON, now=timezone.now())


class BusinessFactory(factory.Factory[Business]):
    class Meta:
        model = make_business

    name = factory.Sequence("Business {}".format)


def make_account(business: Business, name: str) -> Account:
    return find_or_create_account(business, name, by=BY, reason=REASON, now=timezone.now())


class AccountFactory(factory.Factory[Account]):
    class Meta:
        model = make_account

    business = factory.SubFactory(BusinessFactory)
    name = factory.Sequence("Account {}".format)


def make_member(business: Business, email: str, role: Role) -> User:
    return add_member(business, email, role, by=BY, reason=REASON, now=timezone.now(), password=PASSWORD).user


class MemberFactory(factory.Factory[User]):
    """A user with the password PASSWORD and a role in a business."""

    class Meta:
        model = make_member

    business = factory.SubFactory(BusinessFactory)
    email = factory.Sequence("member{}@example.com".format)
    role = Role.OWNER


def sign_in(client: Client, user: User) -> None:
    """As a person does it, with the password; `force_login` would leave nobody recently authenticated."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session


def make_sender(
    business: Business,
    account: Account | None,
    name: str,
    kind: str,
    enabled: bool,
    approved: bool,
    terms: dict[str, Any],
    settings: dict[str, Any],
) -> Sender:
    now = timezone.now()
    source, issued = create_source(
        business, name, account=account, kind=kind, enabled=enabled, by=BY, reason=REASON, now=now
    )
    draft = draft_terms(source, terms, by=BY, now=now)
    if approved:
        put_in_force(draft, now=now)
    change_settings(source.settings, settings, by=BY, reason=REASON, now=now)
    return Sender(Source.objects.get(pk=source.pk), issued)


def put_in_force(draft: Terms, *, now: datetime) -> None:
    submit_terms(draft, by=BY, reason=REASON, now=now)
    approve_terms(draft, by=BY, reason=REASON, now=now)


class SenderFactory(factory.Factory[Sender]):
    """Whoever posts for an approved source, any state and product allowed, TrustedForm required.

    `terms__states=[…]` and `settings__duplicate_rule=…` say what is different.
    """

    class Meta:
        model = make_sender

    class Params:
        # An approved exception: no certificate is needed.
        waived = factory.Trait(
            terms=factory.Dict({"trustedform_required": False, "exception_reason": REASON})
        )

    business = factory.SubFactory(BusinessFactory)
    account = factory.SubFactory(AccountFactory, business=factory.SelfAttribute("..business"))
    name = factory.Sequence("Source {}".format)
    kind = Source.Kind.INTERNAL
    enabled = True
    approved = True
    terms = factory.Dict({"trustedform_required": True})
    settings = factory.Dict({})


def change_terms(source: Source, **fields: Any) -> None:
    """Puts new terms in force that differ from the ones of before in these fields alone."""
    now = timezone.now()
    old = source.terms.latest("number")
    kept = {name: getattr(old, name) for name in ("states", "products", "trustedform_required")}
    draft = draft_terms(source, {**kept, "exception_reason": REASON, **fields}, by=BY, now=now)
    put_in_force(draft, now=now)


def complain(source: Source, **differing: Any) -> Complaint:
    """An open complaint about the source, unless something else is asked for."""
    fields = {"kind": "complaint", "raised_by": "A person", "details": "I never asked for this call."}
    return record_complaint(source, **{**fields, "by": BY, "now": timezone.now(), **differing})


def let_one_pass(business: Business) -> None:
    """One person alone may pass over failed evidence."""
    change_override_rule(business, second_person=False, by=BY, reason=REASON, now=timezone.now())


def take_in(sender: Sender, **fields: Any) -> Lead:
    """The lead that a post with these flat fields makes; the test says what holds it, if anything."""
    response = sender.post(flat_lead(**fields))
    assert response.status_code == 201, response.content
    return Lead.named(response.json()["id"]).get()


def recheck_lead(lead: Lead, *, now: datetime) -> None:
    """As the worker asks TrustedForm about a held lead once its time has come."""
    settle_by(lead, ask_again(lead), now=now)


def only_refusal() -> Submission:
    """What is left of a refused request, alone in its test."""
    assert not Lead.objects.exists()
    submission = Submission.objects.get()
    assert submission.outcome == "refused"
    return submission
