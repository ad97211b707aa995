"""Taking up an invitation: as a new person, or as one who has a sign-in already."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from leadping.accounts.businesses import MembershipError, give_role
from leadping.accounts.grants import grantable_roles
from leadping.accounts.invitations import InvitationError
from leadping.accounts.models import Invitation, User
from leadping.accounts.people import create_user
from leadping.accounts.roles import Role
from leadping.events import record_event

KNOWN = "There is a sign-in for this address already; sign in with it."
TAKEN_UP = "An invitation was taken up."
GONE = "This invitation is no longer open. Ask for a new one."


def join_as_new(invitation: Invitation, *, name: str, password: str, now: datetime) -> User:
    """Makes the user. Raises InvitationError, also where the address has one by now."""
    return join_hashed(invitation, name=name, hashed=make_password(password), now=now)


@transaction.atomic
def join_hashed(invitation: Invitation, *, name: str, hashed: str, now: datetime) -> User:
    invitation = lock_open(invitation, now=now)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise InvitationError(KNOWN)
    try:
        user = create_user(
            invitation.email,
            hashed,
            name=name,
            business_id=invitation.business_id,
            by=None,
            reason=TAKEN_UP,
            now=now,
        )
    except IntegrityError as error:
        # Another invitation to the same address was taken up at the same instant.
        raise InvitationError(KNOWN) from error
    take_up(invitation, user, now=now)
    return user


@transaction.atomic
def join(invitation: Invitation, user: User, *, now: datetime) -> None:
    """Raises InvitationError, also for anybody but the one who was invited."""
    invitation = lock_open(invitation, now=now)
    if user.email.casefold() != invitation.email.casefold():
        raise InvitationError(f"This invitation is for {invitation.email}.")
    take_up(invitation, user, now=now)


def lock_open(invitation: Invitation, *, now: datetime) -> Invitation:
    """As stored; whoever takes it up at the same instant waits, and finds it gone."""
    open_ones = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
    found = open_ones.select_for_update().filter(pk=invitation.pk).first()
    if found is None:
        raise InvitationError(GONE)
    return found


def take_up(invitation: Invitation, user: User, *, now: datetime) -> None:
    """Raises InvitationError, also where the inviter may no longer give the role."""
    if Role(invitation.role) not in grantable_roles(invitation.business, by=invitation.invited_by):
        raise InvitationError(GONE)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    record_event(
        "invitation.accepted",
        subject=invitation.public_id,
        by=user.public_id,
        business_id=invitation.business_id,
        now=now,
        reason=TAKEN_UP,
        before={"status": "open"},
        after={"status": "accepted", "user": user.public_id},
    )
    try:
        inviter, role = invitation.invited_by, Role(invitation.role)
        give_role(invitation.business, user, role, by=inviter, reason=TAKEN_UP, now=now)
    except MembershipError as error:
        raise InvitationError(str(error)) from error
