"""Keys: issued and shown once, looked at by their prefix, revoked."""

import shlex

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import badge, code, moment
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, Step, person, screen_of
from leadping.console.steps import Preview, ReasonForm, ShownOnce, ask_first, entered, show_once
from sources.credentials import CredentialError, Issued, issue_credential, revoke_credential
from sources.models import Credential, Source

SAMPLE = '{"firstName": "Jordan", "lastName": "Example", "phone": "+15125550123", "state": "TX"}'


def show_key(
    screen: ScopedAdmin, request: HttpRequest, source: Source, issued: Issued, onward: str
) -> HttpResponse:
    """The one time that a key is seen."""
    values = [
        ("Source id", source.public_id),
        ("API key", issued.api_key),
        ("API secret", issued.api_secret),
    ]
    shown = ShownOnce(
        f"Keys of {source}",
        values,
        "Copy them now: we keep only their hashes, so they cannot be shown again. "
        "The secret is needed for Basic authentication alone.",
        [
            ("See what the key opens", curl(request, "/source", source, issued)),
            (
                "Try a lead without storing one; the answer names all that is missing",
                curl(request, "/leads/intake", source, issued)
                + " -H 'Content-Type: application/json' -H 'Leadping-Dry-Run: true'"
                + f" -d {shlex.quote(SAMPLE)}",
            ),
        ],
    )
    return show_once(screen, request, shown, onward=onward)


def curl(request: HttpRequest, path: str, source: Source, issued: Issued) -> str:
    headers = {"X-Leadping-Source-Id": source.public_id, "X-Leadping-Source-Key": issued.api_key}
    given = " ".join(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items())
    return f"curl {request.build_absolute_uri(path)} {given}"


def issue(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = forms.Form(entered(request))

    def act() -> HttpResponse:
        issued = issue_credential(source, by=person(request).public_id, now=timezone.now())
        return show_key(screen, request, source, issued, screen.address(source))

    preview = Preview(
        "Issue a second key",
        "Issue key",
        [
            "The new key works at once, beside the one in use, so that the sender can change over in peace.",
            "Revoke the old key when nothing uses it any more. Two keys can be active at a time.",
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


def revoke(screen: "CredentialAdmin", request: HttpRequest, credential: Credential) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        revoke_credential(credential, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"The key {credential} is revoked."

    others = credential.source.credentials.filter(revoked_at=None).exclude(pk=credential.pk).count()
    preview = Preview(
        f"Revoke the key {credential}",
        "Revoke key",
        [
            "From the next request on it is answered 401. This cannot be undone.",
            f"Last used: {credential.last_used_at:%-d %b %Y, %H:%M} UTC."
            if credential.last_used_at
            else "It was never used.",
            "Another key of the source stays active."
            if others
            else "It is the only active key: the source can send nothing until a new one is issued.",
        ],
        grave=True,
    )
    back = screen_of(screen, Source).address(credential.source)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=credential)


class CredentialAdmin(ReadOnlyAdmin):
    refusals = (CredentialError,)
    steps = {"revoke": Step(revoke, (Deed.MANAGE_SOURCES,))}
    list_display = ("prefix_shown", "source", "state", "created", "used", "revoked")
    list_select_related = ("source",)
    search_fields = ("prefix",)
    search_help_text = "The eight characters after lp_."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("prefix_shown", "source", "state", "created", "used", "revoked")
    readonly_fields = fields

    def subject_of(self, obj: Credential) -> str:
        return obj.source.public_id

    @display(description="key")
    def prefix_shown(self, credential: Credential) -> str:
        return code(str(credential))

    @display(description="state")
    def state(self, credential: Credential) -> str:
        return badge("Revoked", "bad") if credential.revoked_at else badge("Active", "good")

    @display(description="created")
    def created(self, credential: Credential) -> str:
        return moment(credential.created_at)

    @display(description="last used")
    def used(self, credential: Credential) -> str:
        return moment(credential.last_used_at)

    @display(description="revoked")
    def revoked(self, credential: Credential) -> str:
        return moment(credential.revoked_at)
