"""Dossiers over the web: taking one, and the public keys for whoever checks one."""

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed
from leads.dossier.keys import KeyFileError, current_key, public_key, public_keys
from leads.dossier.make import Dossier, make_dossier
from leads.models import Lead
from leads.pages.access import MemberRequest, for_members
from leads.pages.lead_page import find_lead

log = structlog.get_logger("leads.dossier")

PEM = "application/x-pem-file"


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: MemberRequest, public_id: str) -> HttpResponse:
    """The button sends a POST, for taking a dossier is put on record. The page is for whoever comes back from
    being asked for the password."""
    lead = find_lead(request, public_id)
    if not request.user.may(Deed.EXPORT, lead.business):
        raise PermissionDenied
    if not recently_authenticated(request):
        return confirm_identity(request)
    if request.method == "POST":
        return hand_over(request, lead)
    return show(request, lead)


def hand_over(request: MemberRequest, lead: Lead) -> HttpResponse:
    try:
        made = make_dossier(lead, by=request.user.public_id, now=timezone.now())
    except KeyFileError as error:
        return show(request, lead, failure=str(error))
    return send_file(made)


def send_file(made: Dossier) -> HttpResponse:
    response = HttpResponse(made.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def show(request: MemberRequest, lead: Lead, *, failure: str = "") -> HttpResponse:
    context = {"lead": lead, "failure": failure, "key": current_key()}
    return render(request, "workspace/dossier.html", context, status=503 if failure else 200)


@require_safe
def published_keys(request: HttpRequest, key_id: str = "") -> HttpResponse:
    """The key that signs now and after it the retired ones, or the one that a dossier names."""
    try:
        pem = public_key(key_id) if key_id else public_keys()
    except KeyFileError:
        log.exception("dossier key not readable")
        pem = b""
    if not pem:
        raise Http404
    return HttpResponse(pem, content_type=PEM)
