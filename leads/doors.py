"""The addresses where leads come in. Users read at one of them what sources posted."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from rest_framework.request import Request

from leadping.addresses import Address
from leadping.middleware import GetResponse, ScopedRequest, storage_unavailable
from leads.api import contract
from leads.api.views import list_leads
from leads.bulk.door import pass_many_through
from leads.intake.doors import pass_through
from leads.models import Submission

# What is posted goes straight to intake, see Shortcut; the views describe it, and answer all other methods.
POSTED: dict[str | None, Callable[[Any], HttpResponseBase]] = {
    "leads": partial(pass_through, Submission.Door.STRUCTURED),
    "intake": partial(pass_through, Submission.Door.FLAT),
    "batch": pass_many_through,
}


class LeadsView(Address):
    """/leads: sources post, users read."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Only who reads is asked for a user's credentials; those of a source are intake's to judge."""
        if request.method in {"GET", "HEAD"}:
            super().initial(request, *args, **kwargs)

    @contract.POST_STRUCTURED
    def post(self, request: Request) -> HttpResponseBase:
        return POSTED["leads"](request._request)

    @contract.LIST_LEADS
    def get(self, request: Request) -> HttpResponse:
        return list_leads(request)


class IntakeView(Address):
    """/leads/intake: for sources alone."""

    authentication_classes = ()
    permission_classes = ()

    @contract.POST_FLAT
    def post(self, request: Request) -> HttpResponseBase:
        return POSTED["intake"](request._request)

    @contract.GET_FLAT
    def get(self, request: Request) -> HttpResponse:
        return pass_through(Submission.Door.QUERY, request._request)

    def head(self, request: Request) -> HttpResponse:
        """Django would answer HEAD by GET, which creates a lead."""
        return self.http_method_not_allowed(request)


class BatchView(Address):
    """/leads/batch: many leads of one source at once."""

    authentication_classes = ()
    permission_classes = ()

    @contract.POST_BATCH
    def post(self, request: Request) -> HttpResponseBase:
        return POSTED["batch"](request._request)


PATHS = frozenset(
    f"{path}{slash}" for path in ("/leads", "/leads/intake", "/leads/batch") for slash in ("", "/")
)


# Of a handful of paths.
resolved = cache(resolve)


class Shortcut:
    """Middleware: leads that are posted skip what only people need: sessions, CSRF, sign-in, messages. And
    the view, of whose content negotiation and authentication a door wants nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ScopedRequest) -> HttpResponseBase:
        if request.method != "POST" or request.path_info not in PATHS:
            return self.get_response(request)
        request.resolver_match = match = resolved(request.path_info)
        try:
            return POSTED[match.url_name](request)
        except (OperationalError, InterfaceError) as error:
            return storage_unavailable(request, error)
