"""Keys: issued and shown once, looked at by their prefix, rotated and revoked."""

import shlex
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django import forms
from django.contrib.admin import display
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badges, code, moment
from leadping.console.notices import MANY, Notice, NoticeLine, capped, look_at
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, Step, screen_of
from leadping.console.steps import Preview, ShownOnce, ask_first, entered, show_once
from leadping.moments import say_moment
from sources.admin.filters import STALE
from sources.admin.key_states import list_states_of, say_stale
from sources.credentials import (
    Issued,
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from sources.models import Credential, Source

SAMPLE = '{"firstName": "Jordan", "lastName": "Example", "phone": "+15125550123", "state": "TX"}'
EXPOSED = "The key was seen in the payload of a lead."


class RotationForm(ReasonForm):
    field_order = ("overlap", "reason")
    overlap = forms.IntegerField(
        label="Hours until the old key ends",
        initial=24,
        min_value=0,
        max_value=24 * 30,
        help_text="Until then both work, and the sender changes over in peace. 0 ends the old key at once.",
    )


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
    form = ReasonForm(entered(request))

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        issued = issue_credential(source, by=person(request).public_id, reason=reason, now=timezone.now())
        return show_key(screen, request, source, issued, screen.address(source))

    preview = Preview(
        "Issue a key",
        "Issue key",
        [
            "The new key works at once, beside one that is in use.",
            "To replace a key, rotate it: then the old one ends by itself. Two keys can be active at a time.",
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(source), obj=source)


def rotate(screen: "CredentialAdmin", request: HttpRequest, credential: Credential) -> HttpResponse:
    at_once = {"overlap": 0, "reason": EXPOSED}
    form = RotationForm(entered(request), initial=at_once if credential.exposed_at else None)
    source = credential.source
    back = screen_of(screen, Source).address(source)

    def act() -> HttpResponse:
        issued = rotate_credential(
            credential,
            by=person(request).public_id,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            overlap=timedelta(hours=form.cleaned_data["overlap"]),
        )
        return show_key(screen, request, source, issued, back)

    preview = Preview(
        f"Rotate the key {credential}",
        "Rotate key",
        [
            "A new key and secret are issued and shown once, on the next page.",
            "Until the old key ends both work. Give the new one to the sender, and watch its first use.",
            say_last_use(credential),
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=back, obj=credential)


def revoke(screen: "CredentialAdmin", request: HttpRequest, credential: Credential) -> HttpResponse:
    form = ReasonForm(entered(request), initial={"reason": EXPOSED if credential.exposed_at else ""})

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
            say_last_use(credential),
            "Another key of the source stays active."
            if others
            else "It is the only active key: the source can send nothing until a new one is issued.",
        ],
        grave=True,
    )
    back = screen_of(screen, Source).address(credential.source)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=credential)


def say_last_use(credential: Credential) -> str:
    if credential.last_used_at is None:
        return "It was never used."
    origin = f", from {credential.last_used_ip}" if credential.last_used_ip else ""
    return f"Last used: {say_moment(credential.last_used_at)}{origin}."


class CredentialAdmin(ReadOnlyAdmin):
    steps = {
        "rotate": Step(rotate, (Deed.MANAGE_SOURCES,), confirms=True),
        "revoke": Step(revoke, (Deed.MANAGE_SOURCES,)),
    }
    change_form_template = "admin/sources/credential.html"
    list_display = ("prefix_shown", "source", "state", "created", "used", "used_from", "ends")
    list_select_related = ("source",)
    search_fields = ("prefix",)
    search_help_text = "The eight characters after lp_."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("prefix_shown", "source", "state", "created", "used", "used_from", "ends", "exposed")
    readonly_fields = fields

    def subject_of(self, obj: Credential) -> str:
        return obj.source.public_id

    def panels(self, request: HttpRequest, obj: Credential) -> dict[str, object]:
        return {"live": obj.is_live(timezone.now())}

    def notices(self, request: HttpRequest) -> list[Notice]:
        return [*self.notice_exposed(request), *self.notice_stale(request)]

    def notice_exposed(self, request: HttpRequest) -> list[Notice]:
        """Keys that a stranger may have: they were seen in what a sender wrote."""
        still = Q(retires_at=None) | Q(retires_at__gt=timezone.now())
        exposed = Credential.objects.filter(
            still, exposed_at__isnull=False, revoked_at=None, source__deleted_at=None
        )
        own = self.within(exposed, reach(request, Deed.MANAGE_SOURCES)).select_related("source")
        rows, figure = look_at(own.order_by("exposed_at"))
        if not rows:
            return []
        lines = [
            NoticeLine(f"{row} of {row.source}", self.address(row, "revoke"), "look and revoke")
            for row in rows
        ]
        source = screen_of(self, Source).list_address()
        title = "Keys were sent inside leads"
        return [Notice(title, figure, f"{source}?state=exposed", "bad", lines)]

    def notice_stale(self, request: HttpRequest) -> list[Notice]:
        """Keys that nothing has used for long, or that are old: a line for each source."""
        stale = Credential.objects.filter(STALE, revoked_at=None, exposed_at=None, source__deleted_at=None)
        own = self.within(stale, reach(request, Deed.MANAGE_SOURCES)).select_related("source")
        rows = list(own.order_by("source__name", "id")[: MANY + 1])
        if not rows:
            return []
        sources = screen_of(self, Source)
        lines = [
            NoticeLine(str(source), sources.address(source), say_stale(list(keys), now=timezone.now()))
            for source, keys in groupby(rows, key=attrgetter("source"))
        ]
        url = f"{sources.list_address()}?state=stale"
        return [Notice("Stale keys", capped(len(rows), MANY), url, "warn", lines[:5])]

    @display(description="key")
    def prefix_shown(self, credential: Credential) -> str:
        return code(str(credential))

    @display(description="state")
    def state(self, credential: Credential) -> str:
        return badges(list_states_of(credential, now=timezone.now()))

    @display(description="created")
    def created(self, credential: Credential) -> str:
        return moment(credential.created_at)

    @display(description="last used")
    def used(self, credential: Credential) -> str:
        return moment(credential.last_used_at)

    @display(description="last used from")
    def used_from(self, credential: Credential) -> str:
        return credential.last_used_ip or NOTHING

    @display(description="ends or ended")
    def ends(self, credential: Credential) -> str:
        return moment(credential.revoked_at or credential.retires_at)

    @display(description="seen in a lead")
    def exposed(self, credential: Credential) -> str:
        return credential.exposed_in or NOTHING
