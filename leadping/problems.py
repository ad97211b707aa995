"""Problem codes and the one error body of the API (RFC 9457, `application/problem+json`)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from leadping.verdicts import Verdict

CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Basic realm="leadping", Bearer realm="leadping"'
RETRY_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class Problem:
    """A code of the closed list. Its page is /docs/errors/{code}; `retry` says whether the same
    request may succeed later without a change."""

    code: str
    status: int
    title: str
    meaning: str
    remedy: str
    retry: bool = False

    @property
    def page(self) -> str:
        return f"/docs/errors/{self.code}"


METHOD_NOT_ALLOWED = Problem(
    "method_not_allowed",
    405,
    "Method not allowed",
    "This address does not answer the HTTP method that was used.",
    "Use one of the methods in the `Allow` header of the answer.",
)
REQUEST_INVALID = Problem(
    "request_invalid",
    400,
    "Request invalid",
    "The request breaks the rules of HTTP, or names a host that this installation does not serve.",
    "Let an HTTP library write the request, and use the address that you were given.",
)
ADDRESS_TOO_LONG = Problem(
    "address_too_long",
    414,
    "Address too long",
    "The address, query string included, is longer than about 8,000 characters.",
    "Send the lead by POST.",
)
NOT_FOUND = Problem(
    "not_found",
    404,
    "Not found",
    "There is nothing at this address that your credentials may see.",
    "Check the id and which business or source the credentials belong to.",
)
NOT_SIGNED_IN = Problem(
    "not_signed_in",
    401,
    "Not signed in",
    "This address is for users. The request carries no session and no valid user token.",
    "Send `Authorization: Bearer` with a token made in the console. Source keys do not open this address.",
)
NOT_PERMITTED = Problem(
    "not_permitted",
    403,
    "Not permitted",
    "The signed-in user's role does not allow this.",
    "Ask an owner or admin of the business.",
)
PARAMETER_INVALID = Problem(
    "parameter_invalid",
    400,
    "Parameter invalid",
    "A query parameter has a value that this address cannot use.",
    "Correct the parameter named in `errors`; /docs lists the accepted values.",
)
BODY_INVALID = Problem(
    "body_invalid",
    400,
    "Body invalid",
    "The body is not the JSON object that this address takes, or is over 64 KiB. `errors` names each field.",
    "Correct the fields named in `errors`; /docs describes the body.",
)
TOO_MANY_REQUESTS = Problem(
    "too_many_requests",
    429,
    "Too many requests",
    "The user's programs together asked more often this minute than the installation allows. Nothing was "
    "done.",
    "Send again after the seconds in `Retry-After`, and spread requests over time.",
    retry=True,
)
STORAGE_UNAVAILABLE = Problem(
    "storage_unavailable",
    503,
    "Storage unavailable",
    "The database could not be reached, so nothing was stored and nothing was accepted.",
    "Send the same request again after the seconds in `Retry-After`, with the same `Idempotency-Key`.",
    retry=True,
)
INTERNAL_ERROR = Problem(
    "internal_error",
    500,
    "Internal error",
    "Leadping failed on this request; nothing was accepted. The error has been logged.",
    "Report the `requestId` to whoever runs this installation.",
    retry=True,
)
PROBLEMS = (
    REQUEST_INVALID,
    ADDRESS_TOO_LONG,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    NOT_SIGNED_IN,
    NOT_PERMITTED,
    PARAMETER_INVALID,
    BODY_INVALID,
    TOO_MANY_REQUESTS,
    STORAGE_UNAVAILABLE,
    INTERNAL_ERROR,
)


def describe(verdict: Verdict) -> dict[str, Any]:
    """A failed verdict as an item of `errors`, `held` or `warnings`."""
    return {
        "code": verdict.code,
        "field": verdict.field,
        "message": verdict.detail,
        "hint": verdict.hint,
    }


def problem_body(
    problem: Problem,
    *,
    detail: str = "",
    errors: Sequence[Verdict] = (),
    request_id: str = "",
    **members: Any,
) -> str:
    """The JSON text of a problem; `members` are further members such as `submissionId`."""
    body = {
        "type": problem.page,
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": detail or problem.meaning,
        "requestId": request_id,
        **members,
        "errors": [describe(verdict) for verdict in errors],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def problem_response(problem: Problem, *, request_id: str, **details: Any) -> HttpResponse:
    """`details` as in `problem_body`."""
    body = problem_body(problem, request_id=request_id, **details)
    response = HttpResponse(body, status=problem.status, content_type=CONTENT_TYPE)
    if problem.status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    if problem is STORAGE_UNAVAILABLE:
        response["Retry-After"] = RETRY_SECONDS
    return response
