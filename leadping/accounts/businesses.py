"""Setting up businesses and the people in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from leadping.accounts.grants import BEYOND, grantable_roles
from leadping.accounts.invitations import revoke_invitations_of
from leadping.accounts.models import Account, Business, Membership, User
from leadping.accounts.people import create_user, end_sessions
from leadping.accounts.roles import Deed, Role, deeds_of
from leadping.events import record_event
from leadping.keys import random_text
from leadping.verbs import VerbError

PASSWORD_LENGTH = 20


class NameTaken(VerbError):  # noqa: N818 (nothing failed)
    """Another business, or another account of the business, has the name."""


class MembershipError(VerbError):
    """The message says to a person why a member cannot be added, changed or removed so."""


@dataclass(frozen=True, slots=True)
class NewMember:
    user: User
    # None where the user existed or brought one; shown once, never stored.
    new_password: str | None


@transaction.atomic
def find_or_create_business(name: str, *, by: str, reason: str, now: datetime) -> Business:
    business = Business.objects.filter(name__iexact=name).first()
    if business is None:
        business = Business.objects.create(name=name, created_at=now)
        record_event(
            "business.created",
            subject=business.public_id,
            by=by,
            business_id=business.pk,
            now=now,
            reason=reason,
            after={"name": name},
        )
    return business


@transaction.atomic
def find_or_create_account(business: Business, name: str, *, by: str, reason: str, now: datetime) -> Account:
    account = business.accounts.filter(name__iexact=name).first()
    if account is None:
        account = Account.objects.create(business=business, name=name, created_at=now)
        record_event(
            "account.created",
            subject=account.public_id,
            by=by,
            business_id=business.pk,
            now=now,
            reason=reason,
            after={"name": name},
        )
    return account


def add_member(
    business: Business,
    email: str,
    role: Role,
    *,
    by: str,
    reason: str,
    now: datetime,
    password: str | None = None,
) -> NewMember:
    """Gives the person behind `email` a role; a user that does not exist yet is made with a new password.

    Raises MembershipError for somebody who is a member already.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user:
        give_role(business, user, role, by=by, reason=reason, now=now)
        return NewMember(user, None)
    chosen = password or random_text(PASSWORD_LENGTH)
    hashed, said = make_password(chosen), {"by": by, "reason": reason}
    with transaction.atomic():
        user = create_user(email, hashed, business_id=business.pk, now=now, **said)
        give_role(business, user, role, now=now, **said)
    return NewMember(user, None if password else chosen)


@transaction.atomic
def give_role(business: Business, user: User, role: Role, *, by: str, reason: str, now: datetime) -> None:
    """Raises MembershipError for somebody who is a member already."""
    try:
        with transaction.atomic():
            Membership.objects.create(business=business, user=user, role=role)
    except IntegrityError as error:
        raise MembershipError(f"{user} is a member already; change the role instead.") from error
    record_event(
        "member.added",
        subject=user.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        reason=reason,
        after={"role": role.value},
    )


def rename_business(business: Business, name: str, *, by: str, reason: str, now: datetime) -> None:
    rename(business, name, "business.renamed", business_id=business.pk, by=by, reason=reason, now=now)


def rename_account(account: Account, name: str, *, by: str, reason: str, now: datetime) -> None:
    rename(account, name, "account.renamed", business_id=account.business_id, by=by, reason=reason, now=now)


@transaction.atomic
def rename(
    row: Business | Account, name: str, kind: str, *, business_id: UUID, by: str, reason: str, now: datetime
) -> None:
    stored = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(f"The name “{name}” is taken.") from error
    record_event(
        kind,
        subject=row.public_id,
        by=by,
        business_id=business_id,
        now=now,
        reason=reason,
        before={"name": stored.name},
        after={"name": name},
    )


def change_review_rule(
    business: Business, *, separate_reviewer: bool, by: str, reason: str, now: datetime
) -> None:
    kind = "business.review_rule_changed"
    change_rule(business, "separate_reviewer", separate_reviewer, kind, by=by, reason=reason, now=now)


def change_override_rule(
    business: Business, *, second_person: bool, by: str, reason: str, now: datetime
) -> None:
    """Whether it takes a second person to release a lead whose evidence failed."""
    kind = "business.override_rule_changed"
    change_rule(business, "second_person", second_person, kind, by=by, reason=reason, now=now)


@transaction.atomic
def change_rule(
    business: Business, name: str, value: bool, kind: str, *, by: str, reason: str, now: datetime
) -> None:
    stored = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    before = getattr(stored, name)
    if before == value:
        return
    Business.objects.filter(pk=business.pk).update(**{name: value})
    record_event(
        kind,
        subject=business.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        reason=reason,
        before={name: before},
        after={name: value},
    )


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: str, reason: str, now: datetime) -> None:
    """A business keeps an owner at all times: raises MembershipError for the last one, for one's own role,
    and for a role beyond that of who gives it.

    Whoever may do less than before has to sign in again.
    """
    member = lock_member(membership)
    if member.user.public_id == by:
        raise MembershipError("Nobody changes their own role; ask somebody else.")
    if role not in grantable_roles(member.business, by=by):
        raise MembershipError(BEYOND)
    if role is not Role.OWNER:
        keep_an_owner(member)
    Membership.objects.filter(pk=member.pk).update(role=role)
    if not deeds_of(role) >= deeds_of(Role(member.role)):
        end_sessions(member.user)
    if Deed.MANAGE_MEMBERS not in deeds_of(role):
        revoke_invitations_of(member.user.public_id, member.business, by=by, now=now)
    roles = {"before": {"role": member.role}, "after": {"role": role.value}}
    announce("member.changed", member, by=by, now=now, reason=reason, **roles)


@transaction.atomic
def remove_member(membership: Membership, *, by: str, reason: str, now: datetime) -> None:
    """Ends the person's access to the business, and all their sessions, at once.

    Raises MembershipError for the last owner.
    """
    member = lock_member(membership)
    keep_an_owner(member)
    announce("member.removed", member, by=by, now=now, reason=reason, before={"role": member.role})
    revoke_invitations_of(member.user.public_id, member.business, by=by, now=now)
    end_sessions(member.user)
    member.delete()


def lock_member(membership: Membership) -> Membership:
    """The membership as stored. Members of one business change one after the other, or two owners who
    leave at the same instant would both see the other stay.

    `no_key`, here and in the other verbs, since every row of the business refers to it: a lock on the key
    would stop intake, and whoever takes up an invitation that the verb is about to take back.
    """
    Business.objects.select_for_update(no_key=True).get(pk=membership.business_id)
    member = Membership.objects.filter(pk=membership.pk).select_related("user", "business").first()
    if member is None:
        raise MembershipError("This person is no longer a member.")
    return member


def keep_an_owner(member: Membership) -> None:
    owners = Membership.objects.filter(business=member.business_id, role=Role.OWNER)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise MembershipError(f"{member.user} is the last owner; make somebody else an owner first.")


def announce(kind: str, member: Membership, *, by: str, reason: str, now: datetime, **data: Any) -> None:
    record_event(
        kind,
        subject=member.user.public_id,
        by=by,
        business_id=member.business_id,
        now=now,
        reason=reason,
        **data,
    )
