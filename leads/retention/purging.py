"""Deleting what is kept no longer, kind by kind and a batch at a time.

Each batch is a transaction of its own, which holds the lock of the business's records, looks at the legal
holds once it has it, and deletes what none of them keeps. So two purges at once delete nothing twice, one
that broke off is gone on with by the next, and nobody who posts leads waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from compliance.erasing import erase_checks, telling_checks
from compliance.models import CertificateCheck
from leadping.accounts.models import Business
from leadping.events import SYSTEM, record_event
from leadping.file_imports import ImportingError
from leadping.ids import LATENESS, first_id_at
from leads.importing.course import forget_file
from leads.models import Complaint, Erasure, Import, KeptKind, LastPurge, Lead, Submission
from leads.retention.erasing import (
    erase_complaints,
    erase_late,
    erase_leads,
    erase_nameless,
    find_late_attempts,
)
from leads.retention.held import held_checks, held_complaints, held_files
from leads.retention.holds import Holds, lock_records
from leads.retention.periods import read_periods

BATCH = 500
LATELY = timedelta(days=2)
TIME_OVER = "The time for which it is kept was over."
JUDGED_MEANWHILE = "The person asked to be erased, and was being judged again at that moment."
# What came to nothing; what is still held after so long nobody will decide on.
DROPPED = (Lead.Status.REFUSED, Lead.Status.WITHDRAWN, Lead.Status.DUPLICATE, Lead.Status.AUDIT)


@dataclass(frozen=True, slots=True)
class Purge:
    """`due` gives the rows of a business from before a moment, `kept` what a hold keeps of them, and `delete`
    what was deleted of these ids."""

    due: Callable[[UUID, datetime], QuerySet[Any]]
    kept: Callable[[Holds], Q]
    delete: Callable[[UUID, list[UUID], datetime], int]


@dataclass(frozen=True, slots=True)
class Purged:
    purged: int
    on_hold: int


def requests_before(business_id: UUID, moment: datetime) -> QuerySet[Submission]:
    """Ids are made in the order of time, so that this is a range of an index."""
    latest = first_id_at(moment + LATENESS)
    return Submission.objects.filter(business=business_id, id__lt=latest, received_at__lt=moment)


def leads_before(business_id: UUID, moment: datetime) -> QuerySet[Lead]:
    latest = first_id_at(moment + LATENESS)
    return Lead.objects.filter(business=business_id, id__lt=latest, created_at__lt=moment, erased_at=None)


def delete_bodies(business_id: UUID, ids: list[UUID], now: datetime) -> int:
    return Submission.objects.filter(pk__in=ids, body_purged_at=None).update(body="", body_purged_at=now)


def delete_senders(business_id: UUID, ids: list[UUID], now: datetime) -> int:
    return Submission.objects.filter(pk__in=ids, ip__isnull=False).update(ip=None, user_agent="")


def delete_people(business_id: UUID, ids: list[UUID], now: datetime) -> int:
    leads = Lead.objects.filter(pk__in=ids)
    counted = erase_leads(leads, business_id=business_id, by=SYSTEM, why=TIME_OVER, now=now, cause="period")
    return counted["leads"]


def delete_files(business_id: UUID, ids: list[UUID], now: datetime) -> int:
    deleted = 0
    for file in Import.objects.filter(pk__in=ids).exclude(content="").defer("content", "findings"):
        try:
            days = (now - file.created_at).days
            reason = f"nobody went on with it for {days} days, so its text was deleted."
            forget_file(file, by=SYSTEM, reason=reason, now=now)
        except ImportingError:
            continue
        deleted += 1
    return deleted


PURGES: Mapping[KeptKind, Purge] = {
    KeptKind.REFUSED_REQUESTS: Purge(
        lambda business, moment: requests_before(business, moment).filter(lead=None, erased_at=None),
        lambda holds: holds.request_rule(),
        lambda business, ids, now: erase_nameless(ids, business_id=business, now=now)["requests"],
    ),
    KeptKind.TAKEN_REQUESTS: Purge(
        lambda business, moment: requests_before(business, moment).filter(
            lead__isnull=False, body_purged_at=None
        ),
        lambda holds: holds.request_rule(),
        delete_bodies,
    ),
    KeptKind.SENDERS: Purge(
        lambda business, moment: requests_before(business, moment).filter(ip__isnull=False),
        lambda holds: holds.request_rule(),
        delete_senders,
    ),
    KeptKind.DROPPED_LEADS: Purge(
        lambda business, moment: leads_before(business, moment).filter(status__in=DROPPED),
        lambda holds: holds.lead_rule(),
        delete_people,
    ),
    KeptKind.ACCEPTED_LEADS: Purge(
        lambda business, moment: leads_before(business, moment).filter(status=Lead.Status.ACCEPTED),
        lambda holds: holds.lead_rule(),
        delete_people,
    ),
    KeptKind.CERTIFICATE_ANSWERS: Purge(
        lambda business, moment: telling_checks(
            CertificateCheck.objects.filter(business=business, at__lt=moment)
        ),
        held_checks,
        lambda business, ids, now: erase_checks(ids, now=now),
    ),
    KeptKind.COMPLAINTS: Purge(
        lambda business, moment: Complaint.objects.filter(
            business=business, closed_at__lt=moment, erased_at=None
        ),
        held_complaints,
        lambda business, ids, now: erase_complaints(Complaint.objects.filter(pk__in=ids), now=now),
    ),
    KeptKind.IMPORT_FILES: Purge(
        lambda business, moment: Import.objects.filter(
            business=business,
            created_at__lt=moment,
            status__in=[Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED],
        ).exclude(content=""),
        held_files,
        delete_files,
    ),
}


def purge_business(business: Business, *, now: datetime) -> dict[KeptKind, Purged]:
    """Everything whose time is over; one event tells of all kinds."""
    done: dict[KeptKind, Purged] = {}
    settle_erasures(business.pk, now=now)
    try:
        for kind, days in read_periods(business.pk).items():
            if days is not None:
                done[kind] = purge_kind(business.pk, kind, before=now - timedelta(days=days), now=now)
    finally:
        tell(business, done, now=now)
    return done


@transaction.atomic
def settle_erasures(business_id: UUID, *, now: datetime) -> None:
    """TrustedForm may have been asked about somebody, or they been judged again, while they were erased."""
    lock_records(business_id)
    lately = list(Erasure.objects.filter(business=business_id, at__gte=now - LATELY))
    ids = {lead_id for erasure in lately for lead_id in erasure.lead_ids}
    if ids:
        erase_late(business_id, ids, now=now)
    late = find_late_attempts(business_id, [erasure.at for erasure in lately]) if lately else []
    if late:
        erase_attempts(business_id, late, now=now)


def erase_attempts(business_id: UUID, late: list[Submission], *, now: datetime) -> None:
    """But for what was put on hold since."""
    holds = Holds(business_id)
    leads = Lead.objects.filter(pk__in={one.lead_id for one in late if one.lead_id}, erased_at=None)
    free = leads.exclude(holds.lead_rule()) if holds.standing else leads
    why = JUDGED_MEANWHILE
    erase_leads(free, business_id=business_id, by=SYSTEM, why=why, now=now, cause="request")
    rows = Submission.objects.filter(pk__in=[one.pk for one in late if one.lead_id is None])
    nameless = rows.exclude(holds.request_rule()) if holds.standing else rows
    erase_nameless([one.pk for one in nameless.only("pk")], business_id=business_id, now=now)


def purge_kind(business_id: UUID, kind: KeptKind, *, before: datetime, now: datetime) -> Purged:
    last, purged, on_hold = UUID(int=0), 0, 0
    while True:
        with transaction.atomic():
            lock_records(business_id)
            due = PURGES[kind].due(business_id, before).filter(pk__gt=last).order_by("pk")
            ids = list(due.values_list("pk", flat=True)[:BATCH])
            if not ids:
                return Purged(purged, on_hold)
            free = without_held(business_id, kind, due.filter(pk__in=ids), ids)
            deleted = PURGES[kind].delete(business_id, free, now) if free else 0
            note(business_id, kind, purged=deleted, on_hold=len(ids) - len(free), now=now)
        last, purged, on_hold = ids[-1], purged + deleted, on_hold + len(ids) - len(free)


def without_held(business_id: UUID, kind: KeptKind, due: QuerySet[Any], ids: list[UUID]) -> list[UUID]:
    holds = Holds(business_id)
    if not holds.standing:
        return ids
    kept = set(due.filter(PURGES[kind].kept(holds)).values_list("pk", flat=True))
    return [row_id for row_id in ids if row_id not in kept]


def note(business_id: UUID, kind: KeptKind, *, purged: int, on_hold: int, now: datetime) -> None:
    """Adds to what the same purge deleted already, so that it is told whole when it broke off between."""
    row = LastPurge.objects.filter(business=business_id, kind=kind)
    if row.filter(at=now).update(purged=F("purged") + purged, on_hold=F("on_hold") + on_hold):
        return
    said = {"at": now, "purged": purged, "on_hold": on_hold}
    LastPurge.objects.update_or_create(business_id=business_id, kind=kind, defaults=said)


def tell(business: Business, done: Mapping[KeptKind, Purged], *, now: datetime) -> None:
    """What was only on hold was told when it was placed."""
    told = {kind.value: one.purged for kind, one in done.items() if one.purged}
    if told:
        record_event(
            "retention.purged",
            subject=business.public_id,
            by=SYSTEM,
            business_id=business.pk,
            now=timezone.now(),
            reason=TIME_OVER,
            purged=told,
            on_hold={kind.value: one.on_hold for kind, one in done.items() if one.on_hold},
        )


def count_due(business_id: UUID, kind: KeptKind, days: int, *, now: datetime, most: int) -> int:
    """Rows whose time is over, on hold or not; of many no more than `most`."""
    due = PURGES[kind].due(business_id, now - timedelta(days=days))
    return len(due.values_list("pk", flat=True).order_by()[:most])
