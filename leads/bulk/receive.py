"""Many leads of one source, through the very rules of the doors."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import OperationalError

from leads.bulk.bringer import Bringer
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Case, Provenance
from leads.intake.examine import examine
from leads.intake.receive import ATTEMPTS
from leads.intake.record import SourceMoved, record
from leads.models import Submission
from sources.models import Credential, Source


class Taken(NamedTuple):
    reply: Reply
    outcome: Submission.Outcome


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
    return [taken.reply for taken in take_in(list(zip(arrivals, provenances, strict=True)), bringer)]


def take_in(brought: Sequence[tuple[Arrival, Provenance]], bringer: Bringer) -> Iterator[Taken]:
    """One by one, each committed when it is given."""
    for arrival, provenance in brought:
        yield take_in_one(arrival, provenance, bringer)


def take_in_one(arrival: Arrival, provenance: Provenance, bringer: Bringer) -> Taken:
    number = certificate_answer = None
    for attempt in range(ATTEMPTS):
        if attempt:
            bringer.look_again(arrival.received_at)
        case = Case(
            arrival,
            bringer.source,
            bringer.credential,
            bringer.shows_key,
            number=number,
            certificate_answer=certificate_answer,
            provenance=provenance,
        )
        examine(case)
        try:
            return Taken(record(case), case.outcome)
        except SourceMoved:
            number, certificate_answer = case.number, case.certificate_answer
    raise OperationalError("The source changed at each attempt to store what was judged by it.")
