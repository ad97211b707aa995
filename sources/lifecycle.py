"""The life of a source: created, changed, paused, deleted, restored. Each verb raises its version."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from leadping.accounts.models import Account, Business, User
from leadping.events import record_event
from leadping.verbs import VerbError
from sources.changes import compare
from sources.credentials import Issued, issue_credential
from sources.letters import tell_of_pause, tell_of_reopening
from sources.models import Source, SourceSettings
from sources.recounting import count_anew, counts_otherwise
from sources.thresholds import Figure


class SourceError(VerbError):
    """The message says to a person why the source cannot be made or changed so."""


@transaction.atomic
def create_source(
    business: Business,
    name: str,
    *,
    account: Account | None,
    by: str,
    reason: str,
    now: datetime,
    owner: User | None = None,
    kind: str = Source.Kind.INTERNAL,
    enabled: bool = True,
) -> tuple[Source, Issued]:
    """The source, with default settings and its first credentials, which cannot be shown again."""
    check_belonging(business.pk, {"account": account, "owner": owner})
    facts = {"name": name, "kind": kind, "enabled": enabled}
    try:
        with transaction.atomic():
            source = Source.objects.create(
                business=business, account=account, owner=owner, created_at=now, **facts
            )
    except IntegrityError as error:
        raise SourceError(f"The business “{business}” has a source named “{name}” already.") from error
    SourceSettings.objects.create(business=business, source=source)
    belonging = {"account": str(account) if account else None, "owner": str(owner) if owner else None}
    announce("source.created", source, by=by, reason=reason, now=now, after={**facts, **belonging})
    return source, issue_credential(source, by=by, reason=reason, now=now)


def check_belonging(business_id: UUID, changes: dict[str, Any]) -> None:
    account, owner = changes.get("account"), changes.get("owner")
    if account and account.business_id != business_id:
        raise SourceError("The account belongs to another business.")
    if owner and not owner.memberships.filter(business=business_id).exists():
        raise SourceError("The owner is not a member of the business.")


def change_source(source: Source, changes: dict[str, Any], *, by: str, reason: str, now: datetime) -> None:
    """Name, kind, owner, account and whether it is enabled."""
    check_belonging(source.business_id, changes)
    change_row(source, source, changes, "source.changed", by=by, now=now, reason=reason)


@transaction.atomic
def change_settings(
    settings: SourceSettings,
    changes: dict[str, Any],
    *,
    by: str,
    reason: str,
    now: datetime,
    version: str | None = None,
) -> None:
    """`version` is the source's on the page that the person saw, None without a page."""
    stored = Source.objects.select_for_update(no_key=True).get(pk=settings.source_id)
    if version is not None and version != str(stored.version):
        raise SourceError("The source changed since you opened this page. Open it anew, then change it.")
    old = SourceSettings.objects.get(pk=settings.pk)
    cleaned = clean_settings(settings, changes)
    change_row(settings.source, settings, cleaned, "settings.changed", by=by, now=now, reason=reason)
    new = SourceSettings.objects.get(pk=settings.pk)
    if counts_otherwise(old, new):
        count_anew(stored, new, now=now)


def clean_settings(settings: SourceSettings, changes: dict[str, Any]) -> dict[str, Any]:
    """Raises SourceError for what intake could not go by."""
    field = SourceSettings._meta.get_field
    try:
        cleaned = {name: field(name).clean(value, settings) for name, value in changes.items()}  # type: ignore[union-attr]
    except ValidationError as error:
        raise SourceError(" ".join(error.messages)) from error
    except FieldDoesNotExist as error:
        raise SourceError("One of these settings is no longer there.") from error
    if "ip_list" in cleaned:
        networks = (str(ip_network(text, strict=False)) for text in cleaned["ip_list"])
        cleaned["ip_list"] = list(dict.fromkeys(networks))
    start, end = (cleaned.get(name, getattr(settings, name)) for name in ("schedule_from", "schedule_until"))
    if (start is None) != (end is None):
        raise SourceError("A schedule needs both hours, from and until; leave both empty for all day.")
    if start is not None and start == end:
        raise SourceError("From and until are the same hour; leave both empty for all day.")
    return cleaned


def confirm_outreach(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """A person says that the first outreach workflow is ready for this source's leads."""
    ready = {"outreach_ready_at": now, "outreach_ready_by": by}
    change_row(source, source.settings, ready, "source.outreach_confirmed", by=by, reason=reason, now=now)


@transaction.atomic
def pause_source(
    source: Source, *, by: str, reason: str, now: datetime, figures: Sequence[Figure] = ()
) -> None:
    """From the next request on each is refused with the reason; owner and support contact are told. `figures`
    are those of the thresholds that it crossed. What is paused already stays as it was."""
    if Source.objects.select_for_update(no_key=True).get(pk=source.pk).paused_at:
        return
    changes = {"paused_at": now, "paused_reason": reason}
    said = {figure.label.lower(): figure.as_data() for figure in figures}
    change_row(
        source,
        source,
        changes,
        "source.paused",
        by=by,
        now=now,
        reason=reason,
        **({"figures": said} if said else {}),
    )
    codes = dict.fromkeys(code for figure in figures for code in figure.codes)
    tell_of_pause(source, by=by, reason=reason, codes=codes, now=now)


@transaction.atomic
def resume_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """What it sent before counts towards its thresholds no more."""
    if not Source.objects.select_for_update(no_key=True).get(pk=source.pk).paused_at:
        return
    changes = {"paused_at": None, "paused_reason": "", "resumed_at": now}
    change_row(source, source, changes, "source.resumed", by=by, now=now, reason=reason)
    tell_of_reopening(source, by=by, reason=reason, now=now)


@transaction.atomic
def delete_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """Soft: history stays. The credentials are revoked, also for the case that the source is restored."""
    stored = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if stored.deleted_at:
        raise SourceError("The source is deleted already.")
    live = stored.credentials.filter(revoked_at=None)
    prefixes = list(live.order_by("slot").values_list("prefix", flat=True))
    live.update(revoked_at=now)
    change_row(
        source,
        source,
        {"deleted_at": now},
        "source.deleted",
        by=by,
        now=now,
        reason=reason,
        revoked_keys=prefixes,
    )


def restore_source(source: Source, *, by: str, reason: str, now: datetime) -> None:
    """As it was, but without a key: new ones are issued to whoever is to send again."""
    if not Source.objects.exclude(deleted_at=None).filter(pk=source.pk).exists():
        raise SourceError("The source is not deleted.")
    change_row(source, source, {"deleted_at": None}, "source.restored", by=by, now=now, reason=reason)


@transaction.atomic
def change_row(
    source: Source,
    row: Source | SourceSettings,
    changes: dict[str, Any],
    kind: str,
    *,
    by: str,
    now: datetime,
    **said: Any,
) -> None:
    """Writes only what differs, and says in one event what it was and what it is."""
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    stored = type(row)._default_manager.get(pk=row.pk)
    changed, before, after = compare(stored, changes)
    if not changed:
        return
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**changed)
    except IntegrityError as error:
        raise SourceError("The business has another source of this name.") from error
    Source.objects.filter(pk=source.pk).update(version=F("version") + 1)
    for name, value in changed.items():
        setattr(row, name, value)
    announce(kind, source, by=by, now=now, before=before, after=after, **said)


def announce(kind: str, source: Source, *, by: str, reason: str, now: datetime, **data: Any) -> None:
    record_event(
        kind, subject=source.public_id, by=by, business_id=source.business_id, now=now, reason=reason, **data
    )
