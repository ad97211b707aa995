"""What the JSON addresses have in common: one format, and one body for every error."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from leadping import problems
from leadping.middleware import ScopedRequest
from leadping.problems import Problem, problem_response
from leadping.verdicts import failed


class AlwaysJSON(BaseContentNegotiation):
    """`Accept` is ignored: there is one format, and a sender who asks for another still wants an answer."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


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
    if isinstance(error, exceptions.ValidationError):
        return problem_response(
            problems.PARAMETER_INVALID,
            request_id=request_id,
            errors=[
                failed(problems.PARAMETER_INVALID.code, " ".join(map(str, messages)), field=name)
                for name, messages in error.detail.items()
            ]
            if isinstance(error.detail, dict)
            else [failed(problems.PARAMETER_INVALID.code, " ".join(map(str, error.detail)))],
        )
    problem = ANSWERS.get(type(error))
    if problem is None:
        return None
    response = problem_response(problem, request_id=request_id)
    if problem is problems.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def not_found(request: ScopedRequest, exception: Exception) -> HttpResponse:
    return problem_response(problems.NOT_FOUND, request_id=request.request_id)


def internal_error(request: ScopedRequest) -> HttpResponse:
    return problem_response(problems.INTERNAL_ERROR, request_id=request.request_id)
