"""Having others wait, while a transaction lasts, who are about to do something with the same thing."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import connection


def hold_back(names: Iterable[str]) -> None:
    """Until this transaction ends nobody else gets past here with one of these names.

    The locks are taken in sorted order, so that two who name several can never wait for each other. Whoever
    calls this twice in a transaction does so in the same order of kinds as everybody else.
    """
    numbers = sorted(
        int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in set(names)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers])
