"""A source's posting instructions as its vendor sees them, without a link, so that no opening is counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from leadping.console.scoped import ScopedAdmin
from leads.posting.facts import gather
from leads.posting.page import describe_page
from leads.posting.trial import TrialForm
from sources.models import Source


def show(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    facts = gather(source, address=request.build_absolute_uri("/"), now=timezone.now())
    context = describe_page(facts)
    form = TrialForm(initial={"payload": context["flat"]})
    back = screen.address(source, "instructions")
    return render(request, "posting/page.html", {**context, "form": form, "back": back})
