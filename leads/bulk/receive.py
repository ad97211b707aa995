"""Many leads of one source, through the very rules of the doors, many at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import NamedTuple

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected

from leadping.database import release_connection
from leadping.problems import CONTENT_TYPE, INTERNAL_ERROR, problem_body
from leads.bulk.asking import ask_all
from leads.bulk.bringer import Bringer
from leads.bulk.examine import independent, judge_all, open_all
from leads.bulk.record import free_tokens, record_all
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Case, Provenance
from leads.intake.examine import examine
from leads.intake.receive import ATTEMPTS
from leads.intake.record import SourceMoved, record
from leads.models import Submission
from sources.models import Credential, Source

log = structlog.get_logger("leads.bulk")

# So many are read, judged and stored together, if nothing in them depends on each other.
TOGETHER = 250
# Runs at work in this process at a time, so that the doors find processor and connections free.
PLACES = BoundedSemaphore(2)

Brought = tuple[Arrival, Provenance]


@contextmanager
def a_place() -> Iterator[None]:
    """Whoever waits for one holds no connection: many batches at once would keep them all from the doors."""
    release_connection()
    with PLACES:
        yield


class Taken(NamedTuple):
    reply: Reply
    # None where nothing could be stored.
    outcome: Submission.Outcome | None


def take_in_many(
    arrivals: Sequence[Arrival],
    source: Source,
    credential: Credential | None,
    provenances: Sequence[Provenance],
) -> list[Reply]:
    """Judges and stores all of them, in order, and gives the answers; all is committed when it returns.

    Raises NoLongerKnown when the key is revoked meanwhile, and django.db.OperationalError when storage is
    lost: what was answered until then is stored; `take_in` tells what that is.
    """
    bringer = Bringer(source, credential)
    brought = list(zip(arrivals, provenances, strict=True))
    return [taken.reply for some in take_in(brought, bringer) for taken in some]


def take_in(brought: Sequence[Brought], bringer: Bringer) -> Iterator[list[Taken]]:
    """In order, as many at a time as were committed together. No connection is held while they are on their
    way: whoever does not read them would keep it from all others."""
    for start in range(0, len(brought), TOGETHER):
        for some in take_in_some(brought[start : start + TOGETHER], bringer):
            release_connection()
            yield some


def take_in_some(brought: Sequence[Brought], bringer: Bringer) -> Iterator[list[Taken]]:
    try:
        waiting = opened(brought, bringer)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("leads not read together", leads=len(brought))
        yield from ([alone(arrival, provenance, bringer)] for arrival, provenance in brought)
        return
    while waiting:
        length = len(independent(waiting))
        run, waiting = waiting[:length], waiting[length:]
        taken = together(run, bringer)
        if taken is None:
            yield from ([alone(case.arrival, case.provenance, bringer)] for case in run)
        else:
            yield taken
        if waiting and waiting[0].source is not bringer.source:
            waiting = anew(waiting, bringer)


def opened(brought: Sequence[Brought], bringer: Bringer) -> Sequence[Case]:
    with a_place():
        cases = [new_case(arrival, provenance, bringer) for arrival, provenance in brought]
        open_all(cases)
        return cases


def anew(cases: Sequence[Case], bringer: Bringer) -> Sequence[Case]:
    """From the beginning, for the source has changed or somebody else was faster. A request counts once, and
    what TrustedForm said stays said."""
    with a_place():
        again = [new_case(case.arrival, case.provenance, bringer, before=case) for case in cases]
        open_all(again)
        return again


def new_case(
    arrival: Arrival, provenance: Provenance, bringer: Bringer, *, before: Case | None = None
) -> Case:
    return Case(
        arrival,
        bringer.source,
        bringer.credential,
        bringer.shows_key,
        number=before.number if before else None,
        certificate_answer=before.certificate_answer if before else None,
        provenance=provenance,
    )


def together(run: Sequence[Case], bringer: Bringer) -> list[Taken] | None:
    """None where they have to be taken in one by one."""
    for _ in range(ATTEMPTS):
        try:
            return take_in_run(run)
        except SourceMoved:
            bringer.look_again(run[0].arrival.received_at)
        except IntegrityError:
            free_tokens(run)
        except (OperationalError, InterfaceError) as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
        except Exception:
            # One that fails, for whatever reason, must not keep the others out.
            log.exception("leads not taken in together", leads=len(run))
            return None
        run = anew(run, bringer)
        if len(independent(run)) < len(run):
            return None
    return None


def take_in_run(run: Sequence[Case]) -> list[Taken]:
    with a_place():
        judge_all(run)
    if any(case.asks for case in run):
        release_connection()
        ask_all(run)
    with a_place():
        replies = record_all(run)
    return [Taken(reply, case.outcome) for reply, case in zip(replies, run, strict=True)]


def alone(arrival: Arrival, provenance: Provenance, bringer: Bringer) -> Taken:
    """One that fails must not keep the others out."""
    try:
        return take_in_one(arrival, provenance, bringer)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("lead not taken in")
        return failed(arrival)


def take_in_one(arrival: Arrival, provenance: Provenance, bringer: Bringer) -> Taken:
    """As a door takes it in. Raises django.db.OperationalError when nothing could be stored."""
    case = None
    for _ in range(ATTEMPTS):
        case = new_case(arrival, provenance, bringer, before=case)
        examine(case)
        try:
            return Taken(record(case), case.outcome)
        except SourceMoved:
            bringer.look_again(arrival.received_at)
    raise OperationalError("The source changed at each attempt to store what was judged by it.")


def failed(arrival: Arrival) -> Taken:
    body = problem_body(INTERNAL_ERROR, request_id=arrival.request_id)
    return Taken(Reply(INTERNAL_ERROR.status, body, CONTENT_TYPE), None)
