"""What tests of the console look at: addresses, events, and where a text is stored."""

from typing import Any

from django.db import connection
from django.db.models import Model
from django.urls import reverse

from leadping.accounts.models import User
from leadping.models import Event


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"console:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def events(*kinds: str) -> list[dict[str, Any]]:
    """The events of these kinds, oldest first, without what differs from run to run."""
    found = Event.objects.filter(kind__in=kinds).order_by("id")
    return [dict(row) for row in found.values("kind", "subject", "actor", "reason", "data")]


def event(kind: str, subject: str, owner: User, data: dict[str, Any], reason: str = "") -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "actor": owner.public_id, "reason": reason, "data": data}


def rows_with(text: str) -> list[str]:
    """The tables in which the text is stored, whatever the column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"])
            found += [table] if cursor.fetchone() else []
    return found
