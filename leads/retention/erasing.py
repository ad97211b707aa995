"""Taking people out of rows. Everything here runs in the caller's transaction, which holds the lock of the
business's records and has looked at its legal holds."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from compliance.erasing import erase_checks, forget_reasons
from compliance.models import CertificateCheck
from conversations.erasing import erase_addresses, lock_conversations, part_from
from leadping.ids import LATENESS, first_id_at, id_after, moment_of, public_id
from leadping.models import Event
from leads.lifecycle import refuse_erased
from leads.models import Complaint, Evidence, Lead, Submission
from leads.retention.inventory import LEFT_OF_LEAD
from leads.retention.scrubbing import ERASED, known_field, plain_content_type, scrub_answer, scrub_verdicts

HELD_ERASED = "The person is erased, so nobody can decide on it any more."


def erase_leads(
    leads: QuerySet[Lead], *, business_id: UUID, by: str, why: str, now: datetime, **said: str
) -> Counter[str]:
    """Whatever names the person of these leads, wherever it stands; how many rows of each kind named them.

    `why` and `said` go into the event of each lead.
    """
    standing = leads.filter(business=business_id, erased_at=None).select_for_update(no_key=True, of=("self",))
    rows = list(standing.order_by("id").select_related("terms"))
    ids = [row.pk for row in rows]
    refuse_erased(ids, business_id=business_id, by=by, reason=HELD_ERASED, now=now)
    requests = requests_of(ids)
    checks = checks_of(rows, requests)
    blank(rows, now=now)
    counted = Counter(
        leads=len(rows),
        requests=erase_requests([request.pk for request in requests], now=now),
        checks=erase_checks(checks, now=now),
        complaints=erase_complaints(Complaint.objects.filter(lead__in=ids), now=now),
        evidence=erase_evidence(ids),
        retained=forget_reasons(row.public_id for row in rows),
        conversations=leave_conversations(rows),
    )
    Event.objects.bulk_create(
        Event(
            kind="lead.erased",
            subject=public_id(Lead.PREFIX, lead_id),
            actor=by,
            business_id=business_id,
            at=now,
            reason=why,
            data=said,
        )
        for lead_id in ids
    )
    return counted


def erase_late(business_id: UUID, lead_ids: Collection[UUID], *, now: datetime) -> None:
    """What others stored about erased leads at the very instant, having read them before."""
    erased = Lead.objects.filter(pk__in=lead_ids, business=business_id, erased_at__isnull=False)
    rows = list(erased.order_by("id"))
    requests = requests_of([row.pk for row in rows])
    erase_checks(checks_of(rows, requests), now=now)
    erase_requests([request.pk for request in requests], now=now)


def find_late_attempts(business_id: UUID, moments: Collection[datetime]) -> list[Submission]:
    """Those that came of requests which were being judged again while their person was erased at one of these
    moments. What was judged again before was looked at then."""
    since = first_id_at(min(moments))
    again = Submission.objects.filter(business=business_id, pk__gte=since, erased_at=None)
    rows = list(again.filter(repeats__isnull=False).only("id", "lead_id", "repeats_id").order_by("id"))
    before = Submission.objects.filter(pk__in=[one.repeats_id for one in rows], erased_at__in=moments)
    erased: dict[UUID | None, Any] = dict(before.values_list("pk", "erased_at"))
    return [one for one in rows if one.repeats_id in erased and one.pk >= first_id_at(erased[one.repeats_id])]


def blank(rows: Sequence[Lead], *, now: datetime) -> None:
    ids = [row.pk for row in rows]
    Lead.objects.filter(pk__in=ids).update(**LEFT_OF_LEAD, erased_at=now)
    for name in ("product", "vertical"):
        foreign = [
            row.pk for row in rows if not is_listed(getattr(row, name), getattr(row.terms, f"{name}s"))
        ]
        Lead.objects.filter(pk__in=foreign).update(**{name: ""})


def is_listed(word: str, words: Iterable[str]) -> bool:
    return word.casefold() in {one.strip().casefold() for one in words}


def requests_of(lead_ids: Collection[UUID]) -> list[Submission]:
    """Theirs, and the attempts before that were judged again until one made the lead."""
    return with_attempts(Submission.objects.filter(lead__in=lead_ids), lead_ids)


def with_attempts(found: QuerySet[Submission], lead_ids: Collection[UUID]) -> list[Submission]:
    """Those, and the attempts before and after them that became nobody else's lead; they say the same."""
    columns = ("id", "repeats_id", "received_at", "lead_id")
    fresh = list(found.only(*columns))
    known = {one.pk: one for one in fresh}
    while fresh:
        before = {one.repeats_id for one in fresh if one.repeats_id}
        near = Submission.objects.filter(Q(pk__in=before) | Q(repeats__in=[one.pk for one in fresh]))
        rows = near.filter(Q(lead=None) | Q(lead__in=lead_ids)).only(*columns)
        fresh = [one for one in rows if one.pk not in known]
        known |= {one.pk: one for one in fresh}
    return list(known.values())


def erase_requests(request_ids: Collection[UUID], *, now: datetime) -> int:
    """Everything that was sent, and what was repeated of it."""
    rows = Submission.objects.filter(pk__in=list(request_ids), erased_at=None)
    locked = rows.select_for_update(no_key=True).order_by("id")
    told = list(locked.values_list("id", "answer", "verdicts", "content_type"))
    columns = (
        [row_id for row_id, *_ in told],
        [scrub_answer(answer) for _, answer, _, _ in told],
        [json.dumps(scrub_verdicts(verdicts)) for _, _, verdicts, _ in told],
        [plain_content_type(content_type) for *_, content_type in told],
    )
    with connection.cursor() as cursor:
        # Each row gets its own: written as so many cases the statement would take ten times as long.
        cursor.execute(ERASE_REQUESTS, [now, now, *columns])
    return len(told)


ERASE_REQUESTS = """
UPDATE leads_submission SET body = '', body_purged_at = coalesce(body_purged_at, %s), erased_at = %s,
    answer = left_of.answer, verdicts = left_of.verdicts::jsonb, content_type = left_of.content_type,
    ip = NULL, user_agent = '', key_sha256 = NULL, replay_token = NULL
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS left_of (id, answer, verdicts, content_type)
WHERE leads_submission.id = left_of.id
"""


def checks_of(leads: Sequence[Lead], requests: Sequence[Submission]) -> list[UUID]:
    """The conversations about their certificates. Of one that came with other people's leads too only those
    that were held as these leads were judged."""
    certificates = {lead.certificate_id for lead in leads if lead.certificate_id}
    others = Lead.objects.filter(certificate__in=certificates, erased_at=None)
    shared = set(others.exclude(pk__in=[lead.pk for lead in leads]).values_list("certificate_id", flat=True))
    subjects = [lead.public_id for lead in leads]
    named = [*subjects, *(request.public_id for request in requests)]
    events = Event.objects.filter(subject__in=subjects).values_list("at", flat=True)
    moments = {request.received_at for request in requests} | set(events)
    # Checks from before it was kept whom they are about are told by the moment.
    theirs = Q(about__in=named) | Q(about="", at__in=moments)
    own = Q(certificate__in=certificates - shared) | (Q(certificate__in=shared) & theirs)
    return list(CertificateCheck.objects.filter(own).values_list("id", flat=True)) if certificates else []


def erase_complaints(complaints: QuerySet[Complaint], *, now: datetime) -> int:
    told = complaints.filter(erased_at=None)
    return told.update(raised_by="", details="", outcome_reason="", erased_at=now)


def erase_evidence(lead_ids: Collection[UUID]) -> int:
    """References of other services stay like the certificate's. What has not their shape may be anything."""
    rows = list(Evidence.objects.filter(lead__in=lead_ids).only("id", "state", "token", "field"))
    for row in rows:
        row.field = known_field(row.field.rpartition(".")[2]) or ""
        if row.state == Evidence.State.MALFORMED:
            row.token = f"{ERASED} {row.public_id}"
    Evidence.objects.bulk_update(rows, ["field", "token"], batch_size=200)
    return len(rows)


def erase_nameless(request_ids: Collection[UUID], *, business_id: UUID, now: datetime) -> Counter[str]:
    """Requests of which no lead was made, and what was asked of TrustedForm about them."""
    ids = sorted(request_ids)
    counted = Counter(requests=erase_requests(ids, now=now))
    if ids:
        named = [public_id(Submission.PREFIX, request_id) for request_id in ids]
        span = (ids[0], id_after(ids[-1], LATENESS))
        checks = CertificateCheck.objects.filter(business=business_id, id__range=span_before(span))
        counted["checks"] = erase_checks(checks.filter(about__in=named).values_list("id", flat=True), now=now)
    return counted


def span_before(span: tuple[UUID, UUID]) -> tuple[UUID, UUID]:
    """A check is stored with its request, its id made a little before or after: a range of an index."""
    first, last = span
    return first_id_at(moment_of(first) - LATENESS), last


def leave_conversations(leads: Sequence[Lead]) -> int:
    """A conversation that is theirs alone loses its contact point; one that others have too they leave."""
    rows = lock_conversations({lead.conversation_id for lead in leads})
    others = Lead.objects.filter(conversation__in=rows, erased_at=None)
    shared = set(others.values_list("conversation_id", flat=True))
    for conversation in rows:
        if conversation.pk in shared:
            leaving = [lead.pk for lead in leads if lead.conversation_id == conversation.pk]
            Lead.objects.filter(pk__in=leaving).update(conversation=part_from(conversation))
    return erase_addresses([row.pk for row in rows if row.pk not in shared])
