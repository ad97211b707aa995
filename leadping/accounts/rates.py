"""How often a user's programs may ask in a minute, counted in the database so that all processes share it."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from leadping.accounts.models import User, UserRequestCount

COUNT = """
INSERT INTO accounts_userrequestcount AS counted (user_id, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (user_id, minute) DO UPDATE SET count = counted.count + 1 RETURNING count
"""


class UserRate(BaseThrottle):
    """All tokens of a user and their session together, so that another token is no way round. What a source
    asks with its key is not counted here."""

    def allow_request(self, request: Request, view: Any) -> bool:
        limit = settings.USER_API_RATE_PER_MINUTE
        if not limit or not isinstance(request.user, User):
            return True
        return count_request(request.user, now=timezone.now()) <= limit

    def wait(self) -> float:
        now = timezone.now()
        return ceil((start_of(now) + timedelta(minutes=1) - now).total_seconds())


@transaction.atomic
def count_request(user: User, *, now: datetime) -> int:
    """The number of this request within its minute."""
    with connection.cursor() as cursor:
        # A count that is lost in a crash costs nothing, and nobody should wait for the disk to read.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(COUNT, [user.pk, start_of(now)])
        (number,) = cursor.fetchone()
    return int(number)


def start_of(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def forget_user_counts(*, before: datetime) -> None:
    """A minute that is over is counted no more."""
    UserRequestCount.objects.filter(minute__lt=before).delete()
