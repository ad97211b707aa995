"""Errors as people see them. None of these pages needs the database or repeats anything of the request."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from leadping.problems import RETRY_SECONDS

FOR_PEOPLE = ("/workspace/", "/console/", "/instructions/")
FOR_PROGRAMS = ("/leads", "/submissions", "/source", "/schema", "/metrics", "/healthz", "/readyz")


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is likely to look at the answer. The API's addresses answer in JSON to everybody."""
    if request.path.startswith(FOR_PEOPLE):
        return True
    return not request.path.startswith(FOR_PROGRAMS) and "text/html" in request.headers.get("Accept", "")


def error_page(status: int, *, request_id: str) -> HttpResponse:
    """The page `templates/{status}.html`."""
    response = HttpResponse(render_to_string(f"{status}.html", {"request_id": request_id}), status=status)
    if status == 503:
        response["Retry-After"] = RETRY_SECONDS
    return response
