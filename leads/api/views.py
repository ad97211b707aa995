"""What users and sources may read: leads, within the user's businesses; submissions, of the source itself."""

from typing import cast

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from leadping.accounts.models import User
from leadping.addresses import Address
from leadping.api import ProblemError
from leadping.bodies import json_response
from leadping.paging import take_page
from leadping.parameters import address_beside
from leadping.problems import PARAMETER_INVALID
from leads.api import contract
from leads.api.descriptions import describe_leads, describe_submission
from leads.api.parameters import ListRequest, read_parameters
from leads.api.shapes import LeadPage
from leads.models import Lead, Submission
from sources.api import LookUp, asking_source


class LeadView(Address):
    @contract.READ_LEAD
    def get(self, request: Request, id: str) -> HttpResponse:
        lead = Lead.named(id).filter(business__in=asking_user(request).businesses()).first()
        if lead is None:
            raise Http404
        return json_response(describe_leads([lead])[0])


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
            results=describe_leads(page.rows),
            next=address_beside(request, page.older),
            previous=address_beside(request, page.newer),
        )
    )


def asking_user(request: Request) -> User:
    return cast(User, request.user)
