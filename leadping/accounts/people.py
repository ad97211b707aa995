"""What happens to a person, written down where the owners of each of their businesses read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from leadping.accounts.invitations import revoke_invitations_of
from leadping.accounts.models import Business, Membership, User
from leadping.events import count_event, record_event

NOBODY = "unknown"


def record_about(kind: str, user: User, *, by: str, now: datetime, reason: str = "", **data: Any) -> None:
    for business_id in businesses_of(user):
        record_event(
            kind, subject=user.public_id, by=by, business_id=business_id, now=now, reason=reason, **data
        )


def count_about(kind: str, user: User | None, *, now: datetime, **data: Any) -> None:
    """For what strangers can repeat: one row a minute. An account that does not exist takes as long."""
    subject = user.public_id if user else NOBODY
    for business_id in businesses_of(user):
        count_event(kind, subject=subject, by="", business_id=business_id, now=now, **data)


def businesses_of(user: User | None) -> list[UUID | None]:
    """Those in which the person has a role; somebody who has none is still written about."""
    found = Membership.objects.filter(user=user).values_list("business_id", flat=True)
    return [*found] or [None]


@transaction.atomic
def create_user(
    email: str,
    hashed: str,
    *,
    name: str = "",
    business_id: UUID,
    by: str | None,
    reason: str,
    now: datetime,
) -> User:
    """`business_id` says for which business; by nobody (None) where the person makes the sign-in alone.

    The password comes hashed, here and below, since hashing takes long on purpose, and nobody is to wait for
    it behind a lock of ours.
    """
    user = User.objects.create(email=email.strip(), password=hashed, name=name, created_at=now)
    record_event(
        "user.created",
        subject=user.public_id,
        by=by or user.public_id,
        business_id=business_id,
        now=now,
        reason=reason,
        before={},
        after={"email": user.email, "name": user.name},
    )
    return user


def end_sessions(user: User) -> None:
    """All sessions of the person end with their next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


@transaction.atomic
def change_password(user: User, hashed: str, *, now: datetime) -> None:
    """By the person. All their sessions end but for the one that is signed anew."""
    user.password = hashed
    User.objects.filter(pk=user.pk).update(password=hashed)
    end_sessions(user)
    record_about("user.password_changed", user, by=user.public_id, now=now)


@transaction.atomic
def switch_user(user: User, *, active: bool, by: str, reason: str, now: datetime) -> None:
    """Off: no sign-in, no session and no token of theirs works in any business. Or on again."""
    User.objects.filter(pk=user.pk).update(is_active=active)
    end_sessions(user)
    if not active:
        inviting = Business.objects.filter(invitations__invited_by=user.public_id)
        for business in inviting.distinct():
            revoke_invitations_of(user.public_id, business, by=by, now=now)
    kind = "user.switched_on" if active else "user.switched_off"
    record_about(kind, user, by=by, now=now, reason=reason)
