"""The second factor of a person: whether they have one, whether they may be without, and a new start."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from leadping.accounts.models import User
from leadping.accounts.people import end_sessions, record_about

# Recovery codes stand in for a factor and are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def lacks_second_factor(user: User) -> bool:
    """Whether the person has to set one up before doing anything else."""
    return settings.REQUIRE_SECOND_FACTOR and not has_second_factor(user)


def may_remove(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not settings.REQUIRE_SECOND_FACTOR or others.exclude(pk=authenticator.pk).exists()


@transaction.atomic
def reset_second_factor(user: User, *, by: str, reason: str, now: datetime) -> None:
    """For somebody who lost theirs: they sign in with the password alone, and set up another one."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    record_about("user.second_factor_reset", user, by=by, now=now, reason=reason)
