"""Requests that could not be tied to a source: they leave no submission, but are counted."""

from leadping.problems import CHALLENGE, CONTENT_TYPE, problem_body
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from sources.authentication import Stranger, record_stranger


def turn_away(stranger: Stranger, arrival: Arrival) -> Reply:
    record_stranger(stranger, ip=arrival.ip, now=arrival.received_at)
    body = problem_body(stranger.problem, request_id=arrival.request_id)
    return Reply(stranger.problem.status, body, CONTENT_TYPE, {"WWW-Authenticate": CHALLENGE})
