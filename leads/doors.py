"""The addresses where leads come in. Users read at one of them what sources posted."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from leadping.addresses import Address
from leads.api import contract
from leads.api.views import list_leads
from leads.intake.doors import pass_through
from leads.models import Submission


class LeadsView(Address):
    """/leads: sources post, users read."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Only who reads is asked for a user's credentials; those of a source are intake's to judge."""
        if request.method in {"GET", "HEAD"}:
            super().initial(request, *args, **kwargs)

    @contract.POST_STRUCTURED
    def post(self, request: Request) -> HttpResponse:
        return pass_through(Submission.Door.STRUCTURED, request._request)

    @contract.LIST_LEADS
    def get(self, request: Request) -> HttpResponse:
        return list_leads(request)


class IntakeView(Address):
    """/leads/intake: for sources alone."""

    authentication_classes = ()
    permission_classes = ()

    @contract.POST_FLAT
    def post(self, request: Request) -> HttpResponse:
        return pass_through(Submission.Door.FLAT, request._request)

    @contract.GET_FLAT
    def get(self, request: Request) -> HttpResponse:
        return pass_through(Submission.Door.QUERY, request._request)

    def head(self, request: Request) -> HttpResponse:
        """Django would answer HEAD by GET, which creates a lead."""
        return self.http_method_not_allowed(request)
