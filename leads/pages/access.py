"""Who may open the pages, and what each page then looks like to caches and to htmx."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from leadping.accounts.models import User
from leadping.middleware import ScopedRequest


class MemberRequest(ScopedRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponse]


def for_members(view: View) -> View:
    """Only who is signed in sees the page, and no cache keeps it."""
    guarded = never_cache(login_required(view))

    @wraps(view)
    def page(request: MemberRequest, **kwargs: Any) -> HttpResponse:
        if request.htmx and not request.user.is_authenticated:
            # A redirect would put the sign-in page into the middle of this one.
            return HttpResponseClientRefresh()
        return guarded(request, **kwargs)

    return page
