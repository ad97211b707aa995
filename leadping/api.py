"""What the JSON addresses have in common: one format, and one body for every error."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from leadping import problems
from leadping.error_pages import error_page, wants_page
from leadping.middleware import ScopedRequest
from leadping.problems import Problem, problem_response
from leadping.verdicts import Verdict


class AlwaysJSON(BaseContentNegotiation):
    """`Accept` is ignored: there is one format, and a sender who asks for another still wants an answer."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class ProblemError(exceptions.APIException):
    """A problem as the answer, raised where no answer can be returned."""

    def __init__(self, problem: Problem, errors: Sequence[Verdict] = ()) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.errors = errors


ANSWERS: dict[type[Exception], Problem] = {
    Http404: problems.NOT_FOUND,
    exceptions.NotFound: problems.NOT_FOUND,
    exceptions.MethodNotAllowed: problems.METHOD_NOT_ALLOWED,
    exceptions.NotAuthenticated: problems.NOT_SIGNED_IN,
    exceptions.AuthenticationFailed: problems.NOT_SIGNED_IN,
    exceptions.PermissionDenied: problems.NOT_PERMITTED,
}


def answer_exception(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's exceptions as problems; None leaves the error to Django's own handling."""
    request_id = context["request"].request_id
    if isinstance(error, ProblemError):
        return problem_response(error.problem, request_id=request_id, errors=error.errors)
    if isinstance(error, exceptions.Throttled):
        response = problem_response(problems.TOO_MANY_REQUESTS, request_id=request_id)
        response["Retry-After"] = str(ceil(getattr(error, "wait", None) or 1))
        return response
    problem = ANSWERS.get(type(error))
    if problem is None:
        return None
    response = problem_response(problem, request_id=request_id)
    if problem is problems.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def bad_request(request: ScopedRequest, exception: Exception) -> HttpResponse:
    return problem_response(problems.REQUEST_INVALID, request_id=request.request_id)


def not_found(request: ScopedRequest, exception: Exception) -> HttpResponse:
    return answer_error(request, problems.NOT_FOUND)


def not_permitted(request: ScopedRequest, exception: Exception) -> HttpResponse:
    return answer_error(request, problems.NOT_PERMITTED)


def internal_error(request: ScopedRequest) -> HttpResponse:
    return answer_error(request, problems.INTERNAL_ERROR)


def answer_error(request: ScopedRequest, problem: Problem) -> HttpResponse:
    """A page for a person, a problem for a program."""
    if wants_page(request):
        return error_page(problem.status, request_id=request.request_id)
    return problem_response(problem, request_id=request.request_id)
