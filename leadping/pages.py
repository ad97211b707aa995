"""The few pages that belong to no app."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone


def home(request: HttpRequest) -> HttpResponse:
    return redirect("workspace:leads")


def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; only an installation that named a contact has one."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    contact = settings.SECURITY_CONTACT
    if ":" not in contact:
        contact = f"mailto:{contact}"
    expires = timezone.now() + timedelta(days=180)
    text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT00:00:00Z}\nPreferred-Languages: en\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf_failed.html", status=403)
