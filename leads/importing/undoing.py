"""Taking back what an import brought: its leads are withdrawn, count no longer, and may be brought again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from leadping.events import SYSTEM, record_event
from leadping.ids import parse_public_id, public_id
from leadping.models import Event
from leads.lifecycle import withdraw_leads
from leads.models import Complaint, Import, Lead, Submission
from sources.caps import Cap, caps_at, discount_leads, has_caps
from sources.models import Source, SourceSettings
from sources.recounting import hold_rows, pass_gate

# As long as an import can be undone.
UNDOABLE_FOR = timedelta(days=7)
TOGETHER = 2_000
DECIDED = ("lead.released", "lead.refused")


def leads_brought(imported: Import) -> QuerySet[Submission]:
    """The rows that made a lead of their own. What was only a repetition brought nothing."""
    return imported.submissions.exclude(lead=None).exclude(outcome=Submission.Outcome.REPLAYED)


def standing(imported: Import) -> QuerySet[Submission]:
    return leads_brought(imported).exclude(lead__status=Lead.Status.WITHDRAWN)


def worked_with(imported: Import) -> set[UUID]:
    """Leads that a person decided on, or about which something was recorded, since they came."""
    brought = standing(imported).values("lead")
    complained = Complaint.objects.filter(lead__in=brought).values_list("lead_id", flat=True)
    # Only what was held can have been decided on.
    held = standing(imported).filter(outcome=Submission.Outcome.AUDIT).exclude(lead__status=Lead.Status.AUDIT)
    subjects = [
        public_id(Lead.PREFIX, lead_id) for lead_id in held.values_list("lead_id", flat=True) if lead_id
    ]
    events = Event.objects.filter(subject__in=subjects, kind__in=DECIDED).exclude(actor=SYSTEM)
    decided = (parse_public_id(Lead.PREFIX, text) for text in events.values_list("subject", flat=True))
    return {lead_id for lead_id in (*complained, *decided) if lead_id}


def count_standing(imported: Import) -> dict[str, int]:
    """The leads that still stand, by their status now."""
    counted = standing(imported).values("lead__status").annotate(count=Count("id")).order_by()
    return {row["lead__status"]: row["count"] for row in counted}


def withdraw_rows(imported: Import) -> None:
    """In portions, each a transaction. Who goes on after another finds what was withdrawn already."""
    kept = frozenset() if imported.undoes_worked else frozenset(worked_with(imported))
    running = Import.objects.filter(pk=imported.pk, status=Import.Status.UNDOING)
    last = done = 0
    while rows := next_rows(imported, last):
        withdraw_portion(
            imported, [lead_id for _, lead_id in rows if lead_id not in kept], now=timezone.now()
        )
        last = rows[-1][0]
        done += len(rows)
        running.update(done=done)
    finish(imported, left=len(kept), now=timezone.now())


def next_rows(imported: Import, last: int) -> list[tuple[int, UUID]]:
    rows = leads_brought(imported).filter(row_number__gt=last).order_by("row_number")
    return [
        (number, lead_id)
        for number, lead_id in rows.values_list("row_number", "lead_id")[:TOGETHER]
        if number and lead_id
    ]


@transaction.atomic
def withdraw_portion(imported: Import, lead_ids: Collection[UUID], *, now: datetime) -> None:
    """The caps' counts are locked before any conversation is, as intake locks them."""
    caps = hold_caps(imported.source, now=now)
    locked = Lead.objects.filter(pk__any=lead_ids).exclude(status=Lead.Status.WITHDRAWN)
    ids = list(locked.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    for cap in caps:
        discount_leads(imported.source, cap, count_counted(ids, cap))
    said = {"by": imported.undone_by, "reason": imported.undone_reason}
    withdraw_leads(ids, business_id=imported.business_id, now=now, **said)
    Submission.objects.filter(lead__in=ids).exclude(replay_token=None).update(replay_token=None)


def hold_caps(source: Source, *, now: datetime) -> list[Cap]:
    """Caps may be set while a large import is undone, and whoever sets them counts what stands: either before
    this portion is withdrawn, and then it is taken out of their count, or after it."""
    hold_rows(source, read_caps(source, now=now))
    pass_gate(source)
    return read_caps(source, now=now)


def read_caps(source: Source, *, now: datetime) -> list[Cap]:
    settings = SourceSettings.objects.get(source=source)
    return caps_at(settings, now) if has_caps(settings) else []


def count_counted(lead_ids: Collection[UUID], cap: Cap) -> int:
    """The leads that this cap's count holds, whether they came before the cap was set or after it."""
    taken = Lead.objects.filter(pk__any=lead_ids, created_at__gte=cap.starts_at)
    return taken.exclude(status=Lead.Status.DUPLICATE).count()


def finish(imported: Import, *, left: int, now: datetime) -> None:
    withdrawn = leads_brought(imported).filter(lead__status=Lead.Status.WITHDRAWN).count()
    running = Import.objects.filter(pk=imported.pk, status=Import.Status.UNDOING)
    if running.update(status=Import.Status.UNDONE, undone_at=now, withdrawn=withdrawn, done=withdrawn):
        record_event(
            "import.undone",
            subject=imported.public_id,
            by=imported.undone_by,
            business_id=imported.business_id,
            now=now,
            reason=imported.undone_reason,
            withdrawn=withdrawn,
            left=left,
        )
