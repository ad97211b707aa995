"""The page of one submission: what came, what was found, what was answered. Refused ones have no other."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leadping.console.history import name_actor
from leads.models import Submission
from leads.pages.access import MemberRequest, for_members
from leads.pages.addresses import lead_address, submission_address
from leads.pages.attempts import describe_attempts
from leads.pages.stored import describe_request


@for_members
@require_safe
def submission_page(request: MemberRequest, public_id: str) -> HttpResponse:
    scope = Submission.named(public_id).filter(business__in=request.user.businesses())
    submission = scope.select_related("source", "lead").first()
    if submission is None:
        raise Http404
    context = {
        "stored": describe_request(submission, now=timezone.now()),
        "attempts": describe_attempts(submission, name=name_actor, address=address_of, now=timezone.now()),
        "source": submission.source,
        "lead_address": lead_address(submission.lead.public_id) if submission.lead else "",
    }
    return render(request, "workspace/submission.html", context)


def address_of(submission: Submission) -> str:
    return submission_address(submission.public_id)
