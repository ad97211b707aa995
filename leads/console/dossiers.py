"""Taking the dossier of a lead from the console: the button of the lead's page sends a POST, and gets it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from leads.dossier.keys import current_key
from leads.dossier.make import make_dossier
from leads.dossier.page import send_file
from leads.models import Lead

SAID = (
    "A signed ZIP with everything that proves why this lead was taken. Whoever gets it can check it alone.",
    "It holds personal data. That you took it is put on record.",
)


def take_dossier(screen: ScopedAdmin, request: HttpRequest, lead: Lead) -> HttpResponse:
    def act() -> HttpResponse:
        return send_file(make_dossier(lead, by=person(request).public_id, now=timezone.now()))

    back = screen.address(lead)
    return ask_first(
        screen, request, forms.Form(entered(request)), preview(lead), act=act, back=back, obj=lead
    )


def preview(lead: Lead) -> Preview:
    key = current_key()
    signed = f"Signed with the key {key.fingerprint}" if key else "The key is made with the first dossier"
    rows = [signed, f"The public key is at {reverse('dossier:keys')}"]
    return Preview(f"Dossier of {lead}", "Download the dossier", SAID, rows=rows)
