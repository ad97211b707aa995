"""User tokens: made in the console, shown once, kept as hashes, and always with an end."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from leadping.accounts.models import User, UserToken
from leadping.accounts.second_factor import lacks_second_factor
from leadping.events import record_event
from leadping.keys import USER_TOKEN, generate, matches, read_prefix

LIFETIME = timedelta(days=90)
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_token(user: User, name: str, *, reason: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """The token's text, which cannot be shown again."""
    key = generate(USER_TOKEN)
    token = UserToken.objects.create(
        user=user,
        name=name,
        prefix=key.prefix,
        token_hash=key.hash,
        created_at=now,
        expires_at=now + lifetime,
    )
    announce("token.issued", token, reason=reason, now=now, after={"name": name})
    return key.text


@transaction.atomic
def revoke_token(token: UserToken, *, reason: str, now: datetime) -> None:
    if UserToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        announce("token.revoked", token, reason=reason, now=now, before={"name": token.name})


def announce(kind: str, token: UserToken, *, reason: str, now: datetime, **data: Any) -> None:
    """A token is its user's own in all businesses, so the event belongs to none of them."""
    user_id = token.user.public_id
    record_event(
        kind,
        subject=user_id,
        by=user_id,
        business_id=None,
        now=now,
        reason=reason,
        token=token.public_id,
        **data,
    )


def find_token(text: str, *, now: datetime) -> UserToken | None:
    """The live token of an active user."""
    prefix = read_prefix(USER_TOKEN, text)
    token = (
        UserToken.objects.select_related("user")
        .filter(prefix=prefix, revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
        if prefix
        else None
    )
    return token if token and matches(text, token.token_hash) else None


def note_use(token: UserToken, *, now: datetime) -> None:
    """Last used, exact to a minute: a reading program should not write with each page."""
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        UserToken.objects.filter(pk=token.pk).update(last_used_at=now)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer lpu_…`"""

    def authenticate(self, request: Request) -> tuple[User, UserToken] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = find_token(text.strip(), now=now)
        if token is None or lacks_second_factor(token.user):
            raise AuthenticationFailed
        note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="leadping"'
