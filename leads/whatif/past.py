"""What came through a source in some days, read anew and in order, a page of rows at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from compliance.certificates import ANSWERED
from leadping.ids import first_id_at
from leadping.verdicts import Verdict
from leads.intake import duplicates
from leads.intake.case import Case
from leads.intake.duplicates import COMPARED, NOT_COUNTED, compared_values
from leads.intake.envelope import judge_envelope
from leads.intake.opening import read
from leads.intake.reuse import certificate_of, hash_of
from leads.intake.rules import judge_content
from leads.intake.stored import (
    CUT,
    HEADER_FAULTS,
    arrival_of,
    as_verdict,
    hidden_secrets,
    is_cut,
    stated_again,
    why_not,
)
from leads.models import CertificateUse, Lead, Submission
from leads.whatif.world import Came, Minutes, PastUse
from sources.caps import Cap
from sources.models import Source

PAGE = 500


@dataclass(slots=True)
class Row:
    """All of a submission that a judgement needs; answers and links stay where they are."""

    id: UUID
    door: str
    received_at: datetime
    content_type: str
    body: str
    body_sha256: bytes
    body_redacted: bool
    body_purged_at: datetime | None
    ip: str | None
    codes: list[str]
    outcome: str
    dry_run: bool
    credential_id: UUID | None
    repeats_id: UUID | None
    key_sha256: bytes | None
    replay_token: bytes | None
    verdicts: list[dict[str, Any]]
    # Nothing judges by it, and it may be long.
    user_agent: str = ""


COLUMNS = [field.name for field in fields(Row) if field.name != "user_agent"]


def submissions_of(source: Source, since: datetime, until: datetime) -> QuerySet[Submission]:
    """By their ids, which are made when they are stored, so in the order in which they were."""
    return Submission.objects.filter(source=source, id__gte=first_id_at(since), id__lt=first_id_at(until))


def pages(found: QuerySet[Submission]) -> Iterator[list[Row]]:
    """Each a query of its own, so that nothing is held open while it is judged."""
    rows = page_of(found)
    while rows:
        yield rows
        rows = page_of(found.filter(id__gt=rows[-1].id))


def page_of(found: QuerySet[Submission]) -> list[Row]:
    return [Row(*values) for values in found.order_by("id").values_list(*COLUMNS)[:PAGE]]


def is_left_out(row: Row) -> bool:
    """Dry runs and repetitions made no lead under any rules; what a person had judged again came once."""
    return row.dry_run or row.outcome == Submission.Outcome.REPLAYED or row.repeats_id is not None


def read_again(row: Row, source: Source, minutes: Minutes) -> Came | str:
    """Or a key of WHY_NOT."""
    by_system = row.credential_id is not None
    number = minutes.count(row.received_at) if by_system else 0
    if is_left_out(row):
        return ""
    if why := why_not(row):
        return why
    case = Case(arrival_of(row), source)
    if case.find(*judge_envelope(case.arrival)):
        read(case)
        if is_cut(row, case):
            return CUT
        case.find(*hidden_secrets(row, case.verdicts))
    case.find(*stated_again(row, case.verdicts, codes=HEADER_FAULTS))
    if case.reading:
        case.find(*judge_content(case.reading))
    return Came(
        arrival=case.arrival,
        by_system=by_system,
        found=case.verdicts,
        reading=case.reading,
        certificate=find_answer(row.verdicts),
        token=token_of(row, case),
        number=number,
    )


def find_answer(verdicts: Sequence[Any]) -> list[Verdict]:
    """What TrustedForm's answer was found to say; nothing where it was not asked."""
    return [as_verdict(verdict) for verdict in verdicts if verdict["code"] in ANSWERED]


def token_of(row: Row, case: Case) -> bytes | None:
    """As the doors make it, of the idempotency key where one came."""
    if kept := row.key_sha256 or row.replay_token:
        return bytes(kept)
    if case.reading and case.reading.draft.external_id:
        return sha256(b"body:" + case.arrival.sent_sha256).digest()
    return None


def leads_before(
    source: Source, came: Iterable[Came], *, since: datetime, window: timedelta
) -> dict[duplicates.Value, datetime]:
    """The last lead with each of the values of a page that came before the days that are looked at, and not
    longer before them than a duplicate rule looks back."""
    values = {value for one in came if one.reading for value in compared_values(one.reading.draft)}
    found: dict[duplicates.Value, datetime] = {}
    for name, column in COMPARED.items():
        wanted = [text for kind, text in values if kind == name]
        same = Lead.objects.filter(
            Q((f"{column}__any", wanted)), business_id=source.business_id, source=source
        )
        # As the column's index has it, which the planner cannot tell from a long list.
        same = same.exclude(Q((column, ""))).exclude(status__in=NOT_COUNTED)
        same = same.filter(created_at__gt=since - window, created_at__lt=since)
        for text, at in same.order_by("id").values_list(column, "created_at"):
            found[(name, text)] = at
    return found


def uses_before(source: Source, came: Iterable[Came], *, since: datetime) -> dict[bytes, list[PastUse]]:
    """What the ledger knows of the certificates of a page, but for what the days themselves bring."""
    certificates = (certificate_of(one.reading.draft) for one in came if one.reading)
    hashes = {hash_of(certificate) for certificate in certificates if certificate}
    rows = CertificateUse.objects.filter(certificate_hash__any=hashes).exclude(source=source, at__gte=since)
    found: dict[bytes, list[PastUse]] = {}
    wanted = ("certificate_hash", "at", "source_id", "phone_hash", "email_hash")
    # A lead that is gone altogether still counts.
    counted = rows.exclude(lead__in=Lead.objects.filter(status__in=NOT_COUNTED))
    for of, at, source_id, *person in counted.values_list(*wanted):
        use = PastUse(at, source_id, *(bytes(one) if one else None for one in person))
        found.setdefault(bytes(of), []).append(use)
    return found


def count_before(source: Source, cap: Cap, since: datetime) -> int:
    """Leads of the cap's period from before the days that are looked at."""
    if cap.starts_at >= since:
        return 0
    taken = Lead.objects.filter(source=source, id__gte=first_id_at(cap.starts_at), id__lt=first_id_at(since))
    kept_out = [Lead.Status.DUPLICATE]
    return taken.exclude(status__in=kept_out).aggregate(count=Count("pk"))["count"]
