"""The parts from which each address's entry in the API's description is made."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from leadping.bodies import Body, ProblemBody, problem_shape
from leadping.problems import CONTENT_TYPE, Problem

REQUEST_ID = OpenApiParameter(
    "X-Request-Id",
    str,
    OpenApiParameter.HEADER,
    description="Name it when you report a fault.",
    response=True,
)


def answers(
    family: str,
    bodies: Mapping[int, OpenApiResponse],
    problems: Iterable[Problem],
    *,
    base: type[ProblemBody] = ProblemBody,
) -> dict[Any, OpenApiResponse]:
    """All that an address can answer, by status. `family` begins the names of the problems' shapes; addresses
    of one family have the same problems."""
    told: dict[Any, OpenApiResponse] = dict(bodies)
    for status, group in groupby(sorted(problems, key=attrgetter("status")), key=attrgetter("status")):
        told[status, CONTENT_TYPE] = problem_answer(family, base, status, list(group))
    return told


def problem_answer(
    family: str, base: type[ProblemBody], status: int, problems: list[Problem]
) -> OpenApiResponse:
    codes = tuple(problem.code for problem in problems)
    listed = "\n".join(f"- [`{one.code}`]({one.page}): {one.meaning}" for one in problems)
    return OpenApiResponse(problem_shape(f"{family}Problem{status}", base, status, codes), description=listed)


def answer(body: type[Body], description: str) -> OpenApiResponse:
    return OpenApiResponse(body, description=description)


def answer_header(
    name: str, statuses: list[int], description: str, *, always: bool = True
) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=description, response=statuses, required=always
    )


RETRY_AFTER = answer_header(
    "Retry-After", [429, 503], "Seconds to wait before sending the same request again."
)
CHALLENGE = answer_header("WWW-Authenticate", [401], "The forms of credentials that are taken here.")
