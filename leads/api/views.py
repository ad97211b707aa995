"""What users and sources may read: leads, within the user's businesses; submissions, of the source itself."""

from typing import cast

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from leadping.accounts.models import User
from leadping.addresses import Address
from leadping.api import ProblemError
from leadping.bodies import json_response
from leadping.problems import PARAMETER_INVALID
from leads.api import contract
from leads.api.descriptions import describe_lead, describe_submission, with_rows
from leads.api.paging import Cursor, take_page
from leads.api.parameters import CURSOR, ListRequest, read_parameters
from leads.api.shapes import LeadPage
from leads.models import Lead, Submission
from sources.api import LookUp, asking_source


class LeadView(Address):
    @contract.READ_LEAD
    def get(self, request: Request, id: str) -> HttpResponse:
        lead = Lead.named(id).filter(business__in=asking_user(request).businesses()).first()
        if lead is None:
            raise Http404
        return json_response(describe_lead(*with_rows([lead])))


class SubmissionView(LookUp):
    @contract.READ_SUBMISSION
    def get(self, request: Request, id: str) -> HttpResponse:
        own = Submission.named(id).filter(source=asking_source(request)).select_related("lead")
        submission = own.first()
        if submission is None:
            raise Http404
        return json_response(describe_submission(submission))


def list_leads(request: Request) -> HttpResponse:
    """Raises ProblemError."""
    wanted = read_parameters(request.query_params)
    if not isinstance(wanted, ListRequest):
        raise ProblemError(PARAMETER_INVALID, wanted)
    leads = wanted.filters.qs
    scopes = [leads.filter(business=business) for business in asking_user(request).businesses()]
    page = take_page(scopes, wanted.cursor, wanted.size)
    return json_response(
        LeadPage(
            results=[describe_lead(lead) for lead in with_rows(page.leads)],
            next=address_of(request, page.older),
            previous=address_of(request, page.newer),
        )
    )


def asking_user(request: Request) -> User:
    return cast(User, request.user)


def address_of(request: Request, cursor: Cursor | None) -> str | None:
    """This list's address with another cursor."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query[CURSOR] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
