"""The life of a source: created, changed, paused, deleted. Each verb raises its version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from leadping.accounts.models import Account, Business
from leadping.events import record_event
from sources.credentials import Issued, issue_credential
from sources.models import Source, SourceSettings


class SourceError(Exception):
    """The message says to a person why the source cannot be made or changed so."""


@transaction.atomic
def create_source(
    business: Business,
    name: str,
    *,
    account: Account | None,
    by: str,
    now: datetime,
    kind: str = Source.Kind.INTERNAL,
    enabled: bool = True,
) -> tuple[Source, Issued]:
    """The source, with default settings and its first credentials, which cannot be shown again."""
    check_account(business.pk, account)
    try:
        with transaction.atomic():
            source = Source.objects.create(
                business=business, account=account, name=name, kind=kind, enabled=enabled, created_at=now
            )
    except IntegrityError as error:
        raise SourceError(f"The business “{business}” has a source named “{name}” already.") from error
    SourceSettings.objects.create(business=business, source=source)
    announce("source.created", source, by=by, now=now, after={"name": name, "kind": kind, "enabled": enabled})
    return source, issue_credential(source, by=by, now=now)


def check_account(business_id: UUID, account: Account | None) -> None:
    if account and account.business_id != business_id:
        raise SourceError("The account belongs to another business.")


def change_source(source: Source, changes: dict[str, Any], *, by: str, now: datetime) -> None:
    """Name, kind, account and whether it is enabled."""
    check_account(source.business_id, changes.get("account"))
    change_row(source, source, changes, "source.changed", by=by, now=now)


def change_settings(settings: SourceSettings, changes: dict[str, Any], *, by: str, now: datetime) -> None:
    change_row(settings.source, settings, changes, "settings.changed", by=by, now=now)


def pause_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    change_row(
        source,
        source,
        {"paused_at": now, "paused_reason": reason},
        "source.paused",
        by=by,
        now=now,
        reason=reason,
    )


def resume_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    change_row(
        source,
        source,
        {"paused_at": None, "paused_reason": ""},
        "source.resumed",
        by=by,
        now=now,
        reason=reason,
    )


def delete_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """Soft: history stays, the credentials die with it."""
    change_row(source, source, {"deleted_at": now}, "source.deleted", by=by, now=now, reason=reason)


@transaction.atomic
def change_row(
    source: Source,
    row: Source | SourceSettings,
    changes: dict[str, Any],
    kind: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Writes only what differs, and says in one event what it was and what it is."""
    Source.objects.select_for_update().get(pk=source.pk)
    stored = type(row)._default_manager.get(pk=row.pk)
    changed = {name: value for name, value in changes.items() if getattr(stored, name) != value}
    if not changed:
        return
    before = {name: readable(getattr(stored, name)) for name in changed}
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**changed)
    except IntegrityError as error:
        raise SourceError("The business has another source of this name.") from error
    Source.objects.filter(pk=source.pk).update(version=F("version") + 1)
    for name, value in changed.items():
        setattr(row, name, value)
    after = {name: readable(value) for name, value in changed.items()}
    announce(kind, source, by=by, now=now, reason=reason, before=before, after=after)


def readable(value: Any) -> Any:
    """A field's value as the event keeps it."""
    return value if value is None or isinstance(value, bool | int | list | str) else str(value)


def announce(kind: str, source: Source, *, by: str, now: datetime, reason: str = "", **data: Any) -> None:
    record_event(
        kind, subject=source.public_id, by=by, business_id=source.business_id, now=now, reason=reason, **data
    )
