"""Intake's main path: who sends, what it is worth, what is kept of it, what the sender is told."""

from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Case
from leads.intake.examine import examine
from leads.intake.record import SourceMoved, record
from leads.intake.strangers import turn_away
from sources.authentication import Stranger, authenticate, read_credentials

ATTEMPTS = 5


def receive(arrival: Arrival) -> Reply:
    """One request, from its credentials to its answer. Raises SourceMoved for a source that never rests."""
    presented = read_credentials(arrival.headers, arrival.query)
    if isinstance(presented, Stranger):
        return turn_away(presented, arrival)
    certificate_answer = None
    for attempt in range(ATTEMPTS):
        caller = authenticate(presented, now=arrival.received_at, fresh=attempt > 0)
        if isinstance(caller, Stranger):
            return turn_away(caller, arrival)
        # What TrustedForm said stays said: it is not asked, and billed, again.
        case = Case(arrival, caller, presented.in_query, certificate_answer=certificate_answer)
        examine(case)
        try:
            return record(case)
        except SourceMoved:
            certificate_answer = case.certificate_answer
    raise SourceMoved
