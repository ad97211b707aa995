"""Setting up businesses and the people in them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from leadping.accounts.models import Account, Business, Membership, User
from leadping.accounts.roles import Role
from leadping.events import record_event
from leadping.keys import random_text

PASSWORD_LENGTH = 20


@dataclass(frozen=True, slots=True)
class NewMember:
    user: User
    # None where the user existed or brought one; shown once, never stored.
    new_password: str | None


def find_or_create_business(name: str, *, by: str, now: datetime) -> Business:
    business = Business.objects.filter(name__iexact=name).first()
    if business is None:
        business = Business.objects.create(name=name, created_at=now)
        record_event(
            "business.created",
            subject=business.public_id,
            by=by,
            business_id=business.pk,
            now=now,
            after={"name": name},
        )
    return business


def find_or_create_account(business: Business, name: str, *, by: str, now: datetime) -> Account:
    account = business.accounts.filter(name__iexact=name).first()
    if account is None:
        account = Account.objects.create(business=business, name=name, created_at=now)
        record_event(
            "account.created",
            subject=account.public_id,
            by=by,
            business_id=business.pk,
            now=now,
            after={"name": name},
        )
    return account


@transaction.atomic
def add_member(
    business: Business, email: str, role: Role, *, by: str, now: datetime, password: str | None = None
) -> NewMember:
    """Gives the person behind `email` a role; a user that does not exist yet is made with a new password."""
    user = User.objects.filter(email__iexact=email).first()
    new_password = None
    if user is None:
        new_password = None if password else random_text(PASSWORD_LENGTH)
        user = User.objects.create_user(email, password or new_password)
    Membership.objects.update_or_create(business=business, user=user, defaults={"role": role})
    record_event(
        "member.added",
        subject=user.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        after={"role": role.value},
    )
    return NewMember(user, new_password)
