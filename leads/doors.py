"""/leads, where sources post and users read."""

from django.http import HttpResponse
from rest_framework.request import Request

from leads.intake.doors import Door, pass_through
from leads.models import Submission


class LeadsView(Door):
    def post(self, request: Request) -> HttpResponse:
        return pass_through(Submission.Door.STRUCTURED, request._request)
