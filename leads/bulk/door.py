"""The door for many leads at once: POST /leads/batch."""

from typing import Any

from django.db import OperationalError
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from leadping.database import release_connection
from leadping.middleware import ScopedRequest
from leadping.verdicts import Verdict, failed
from leads.bulk.batch import Batch
from leads.bulk.body import BATCH_LIMIT, MOST_LINES, drain, read_batch
from leads.bulk.bringer import Bringer
from leads.bulk.receive import new_case
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import BY_ITSELF, Case
from leads.intake.doors import Body, arrival_with, respond
from leads.intake.envelope import LINES, judge_envelope
from leads.intake.receive import ATTEMPTS
from leads.intake.record import SourceMoved, record
from leads.intake.rules import judge_sender, key_in_query
from leads.intake.strangers import turn_away
from leads.models import Submission
from sources.authentication import Stranger, authenticate, read_credentials
from sources.rates import counted_anew_at, judge_rate, requests_counted


def pass_many_through(request: Any) -> HttpResponseBase:
    """One answer for a batch that is not taken as a whole; otherwise one a line, as they are stored."""
    whole = arrival_with(Body(b""), Submission.Door.BATCH, request)
    bringer = knock(whole)
    # Whoever dawdles over the body would keep a connection from all others.
    release_connection()
    if isinstance(bringer, Reply):
        drain(request)
        return respond(bringer)
    if declared_size(request) > BATCH_LIMIT:
        drain(request)
        return respond(turn_back(whole))
    body = read_batch(request)
    if body.too_large:
        body.stored.close()
        return respond(turn_back(whole))
    response = StreamingHttpResponse(Batch(whole, bringer, body).answers(), content_type=LINES)
    response["Cache-Control"] = "no-store"
    # A proxy that collects the answer would keep it from the sender to the end.
    response["X-Accel-Buffering"] = "no"
    return response


def declared_size(request: ScopedRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() else 0


def turn_back(whole: Arrival) -> Reply:
    limit = f"{BATCH_LIMIT // 2**20} MiB"
    reply = knock(
        whole, failed("batch_too_large", f"The batch has more than {MOST_LINES:,} lines or over {limit}.")
    )
    assert isinstance(reply, Reply)
    return reply


def knock(whole: Arrival, *faults: Verdict) -> Bringer | Reply:
    """Who brings the batch, or the one answer to it, with the one submission that it leaves."""
    presented = read_credentials(whole.headers, whole.query)
    if isinstance(presented, Stranger):
        return turn_away(presented, whole)
    for attempt in range(ATTEMPTS):
        caller = authenticate(presented, now=whole.received_at, ip=whole.ip, fresh=attempt > 0)
        if isinstance(caller, Stranger):
            return turn_away(caller, whole)
        bringer = Bringer(caller.source, caller, presented.in_query)
        case = new_case(whole, BY_ITSELF, bringer)
        if may_come_in(case) and case.find(*judge_envelope(whole), *faults):
            return bringer
        try:
            return record(case)
        except SourceMoved:
            continue
    raise OperationalError("The source changed at each attempt to store what was judged by it.")


def may_come_in(case: Case) -> bool:
    """As at the doors; but it is the lines that count as requests, and where no more may come in this minute
    none of them is looked at."""
    if case.shows_key:
        case.find(key_in_query())
    if not case.find(*judge_sender(case.source, case.arrival.ip)):
        return False
    limit, now = case.source.settings.rate_per_minute, case.arrival.received_at
    if limit is None:
        return True
    counted = requests_counted(case.source, now=now)
    case.retry_at = counted_anew_at(now)
    return counted < limit or case.find(judge_rate(case.source, counted + 1))
