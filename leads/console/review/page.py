"""The review of terms on one page: what changes, what intake makes of it, how the source has behaved, and the
decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.reauthentication import address_to_confirm, recently_authenticated
from leadping.accounts.roles import Deed
from leadping.console.history import name_actor
from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin, screen_of
from leadping.console.steps import entered, leave
from leadping.moments import ago
from leadping.verbs import VerbError
from leads.console.display import say_rate
from leads.console.review.deciding import NOT_KNOWN, DecisionForm, decide, why_not
from leads.console.review.queue import find_neighbours
from leads.console.review.sight import (
    Sight,
    earlier_reviews,
    look_at,
    read_source_traffic,
    unseal,
)
from leads.console.whatif.asking import latest_tried
from leads.pages.wording import CERTIFICATES, title_of
from sources.admin.key_states import describe_keys
from sources.admin.plain_words import describe_terms, list_checks, list_states_of
from sources.decisions import requester_of
from sources.models import Source, Terms


def review(screen: ScopedAdmin, request: HttpRequest, terms: Terms) -> HttpResponse:
    now, refusal = timezone.now(), why_not(screen, request, terms)
    form = DecisionForm(None if refusal else entered(request))
    known = bool(refusal) or recently_authenticated(request)
    if form.is_bound and form.is_valid() and not known:
        form.add_error(None, NOT_KNOWN)
    elif form.is_bound and form.is_valid():
        try:
            basis = unseal(form.cleaned_data["seen"])
            done = decide(terms, form.cleaned_data, basis, by=person(request).public_id, now=now)
        except VerbError as error:
            form.add_error(None, str(error))
            terms = screen.get_queryset(request).select_related("source__terms_in_force").get(pk=terms.pk)
        else:
            return leave(request, done, reverse("console:sources_terms_queue"))
    sight = look_at(terms, now=now)
    context = page(screen, request, sight) | {
        "form": form,
        "refusal": refusal,
        "sealed": sight.sealed(),
        "confirm": "" if known else address_to_confirm(request),
    }
    return TemplateResponse(request, "admin/sources/review.html", context)


def page(screen: ScopedAdmin, request: HttpRequest, sight: Sight) -> dict[str, Any]:
    terms, source, now = sight.terms, sight.terms.source, timezone.now()
    traffic = read_source_traffic(source, now=now)
    query = {"source": source.public_id}
    before, after = find_neighbours(screen, request, terms)
    return {
        **screen.admin_site.each_context(request),
        "title": f"Review terms {terms.number} of {source}",
        "opts": screen.opts,
        "original": terms,
        "source": source,
        "source_address": screen_of(screen, Source).address(source),
        "launch_address": screen_of(screen, Source).address(source, "launch"),
        "queue_address": reverse("console:sources_terms_queue"),
        "states": list_states_of(source, now=now),
        "sight": sight,
        "requester": name_actor(requester_of(terms)),
        "waited": ago(terms.submitted_at, now=now) if terms.submitted_at else "",
        "terms_said": describe_terms(terms),
        "checks": list_checks(terms, source.settings),
        "keys": [key for key in describe_keys(source.credentials.all(), now=now) if key.exposed],
        "may_revoke": screen.reaches(request, terms, Deed.MANAGE_SOURCES),
        "certificate": CERTIFICATES[sight.check.outcome] if sight.check else None,
        "traffic": traffic,
        "tried": latest_tried(screen, terms),
        "try_address": screen_of(screen, Source).address(source, "what_if"),
        "rate": say_rate(traffic),
        "refusals": [(title_of(code), code, count) for code, count in traffic.refusals[:5]],
        "earlier": [(review, name_actor(review.by)) for review in earlier_reviews(source.pk)],
        "submissions_address": reverse("console:leads_submission_changelist", query=query),
        "previous": before,
        "next": after,
    }
