"""Is it still the same person? Asked before deeds that cannot be taken back."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

FRESH = timedelta(minutes=15)
# A page opens only while enough time is left to fill it in: what is entered does not survive the question.
FRESH_ENOUGH_TO_BEGIN = timedelta(minutes=10)


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person gave password or second factor a few minutes ago, at sign-in or since."""
    if not request.user.is_authenticated:
        return False
    fresh = FRESH if request.method == "POST" else FRESH_ENOUGH_TO_BEGIN
    since = (timezone.now() - fresh).timestamp()
    return any(record["at"] > since for record in get_authentication_records(request, request.user))


def confirm_identity(request: HttpRequest) -> HttpResponse:
    return redirect(address_to_confirm(request))


def confirm_before_download(request: HttpRequest) -> HttpResponse:
    """A file leaves the browser where it was, so there must be another page than the question."""
    taking = {"file": request.get_full_path(), "back": request.headers.get("Referer", "")}
    return redirect(address_to_confirm(request, onward=reverse("account_download", query=taking)))


def address_to_confirm(request: HttpRequest, *, onward: str = "") -> str:
    """Of the page that asks, and from there on, or back to the page that the person is on."""
    address = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    return f"{address}?{urlencode({REDIRECT_FIELD_NAME: onward or request.get_full_path()})}"
