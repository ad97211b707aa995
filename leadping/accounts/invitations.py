"""Invitations into a business: made, shown once as a link, and taken back. Taken up in `joining.py`."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import models, transaction

from leadping.accounts.grants import BEYOND, grantable_roles
from leadping.accounts.models import Business, Invitation, Membership
from leadping.accounts.roles import Role
from leadping.events import record_event
from leadping.keys import INVITATION, digest, generate
from leadping.verbs import VerbError

LIFETIME = timedelta(days=7)


class InvitationError(VerbError):
    """The message says to a person why an invitation cannot be made, taken up or taken back."""


@transaction.atomic
def invite(
    business: Business, email: str, role: Role, *, by: str, reason: str, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and the secret of its link. An open one for the same address is replaced.

    Raises InvitationError for somebody who is a member already, and for a role beyond the inviter's own.
    """
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if role not in grantable_roles(business, by=by):
        raise InvitationError(BEYOND)
    if Membership.objects.filter(business=business, user__email__iexact=email).exists():
        raise InvitationError(f"{email} is a member already; change the role instead.")
    for earlier in unanswered(business).filter(email__iexact=email):
        revoke_invitation(earlier, by=by, reason="A new invitation takes its place.", now=now)
    secret = generate(INVITATION)
    invitation = Invitation.objects.create(
        business=business,
        email=email,
        role=role,
        token_hash=secret.hash,
        invited_by=by,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    record_event(
        "invitation.made",
        subject=invitation.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        reason=reason,
        after={"email": email, "role": role.value},
    )
    return invitation, secret.text


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: str, reason: str, now: datetime) -> None:
    """Raises InvitationError for one that is answered or revoked already."""
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not still.update(revoked_at=now):
        raise InvitationError("This invitation is no longer open.")
    record_event(
        "invitation.revoked",
        subject=invitation.public_id,
        by=by,
        business_id=invitation.business_id,
        now=now,
        reason=reason,
        before={"email": invitation.email, "role": invitation.role},
    )


def revoke_invitations_of(inviter: str, business: Business, *, by: str, now: datetime) -> None:
    """Who may invite no more has no open door left behind, either."""
    for invitation in unanswered(business).filter(invited_by=inviter):
        # One that is taken up at this instant stays taken up.
        with suppress(InvitationError):
            revoke_invitation(invitation, by=by, reason="Who made it may no longer invite.", now=now)


def unanswered(business: Business) -> models.QuerySet[Invitation]:
    """Neither taken up nor taken back; they may have expired."""
    return Invitation.objects.filter(business=business, accepted_at=None, revoked_at=None)


def find_open(secret: str, *, now: datetime) -> Invitation | None:
    return (
        Invitation.objects.select_related("business")
        .filter(token_hash=digest(secret), accepted_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
