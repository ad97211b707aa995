"""Intake's main path: who sends, what it is worth, what is kept of it, what the sender is told."""

from django.db import OperationalError

from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Case
from leads.intake.examine import examine
from leads.intake.record import SourceMoved, record
from leads.intake.strangers import turn_away
from sources.authentication import Stranger, authenticate, read_credentials

ATTEMPTS = 5


def receive(arrival: Arrival) -> Reply:
    """One request, from its credentials to its answer.

    Raises django.db.OperationalError when nothing could be stored.
    """
    presented = read_credentials(arrival.headers, arrival.query)
    if isinstance(presented, Stranger):
        return turn_away(presented, arrival)
    number = certificate_answer = None
    for attempt in range(ATTEMPTS):
        caller = authenticate(presented, now=arrival.received_at, ip=arrival.ip, fresh=attempt > 0)
        if isinstance(caller, Stranger):
            return turn_away(caller, arrival)
        # A request counts once, and what TrustedForm said stays said: it is not asked, and billed, again.
        case = Case(
            arrival,
            caller.source,
            caller,
            presented.in_query,
            number=number,
            certificate_answer=certificate_answer,
            assumes=attempt == 0,
        )
        examine(case)
        try:
            return record(case)
        except SourceMoved:
            number, certificate_answer = case.number, case.certificate_answer
    raise OperationalError("The source changed at each attempt to store what was judged by it.")
