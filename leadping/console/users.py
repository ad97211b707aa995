"""Users, to be looked at, and the tokens with which a person's own programs read the user API."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import display
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.browsers import admit_browser
from leadping.accounts.models import Membership, User, UserToken
from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed
from leadping.accounts.second_factor import has_second_factor, reset_second_factor
from leadping.accounts.tokens import LIFETIME, issue_token, revoke_token
from leadping.console.display import badge, code, moment, yes_or_no
from leadping.console.reach import person, reach
from leadping.console.reasons import KEPT, ReasonForm, reason_field
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, Step
from leadping.console.steps import Preview, ShownOnce, ask_first, entered, show_once


def reset(screen: ScopedAdmin, request: HttpRequest, user: User) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        reset_second_factor(user, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"{user} signs in with the password alone and can set up another factor."

    preview = Preview(
        f"Reset the second factor of {user}",
        "Reset second factor",
        [
            "For somebody who lost it. Make sure, other than by mail, that it is they who ask.",
            "App, keys and recovery codes are removed, and all sessions of the person end.",
        ],
        grave=True,
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(user), obj=user)


def admit(screen: ScopedAdmin, request: HttpRequest, user: User) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        secret = admit_browser(user, by=person(request).public_id, reason=reason, now=timezone.now())
        link = request.build_absolute_uri(reverse("known_browser", query={"secret": secret}))
        advice = "Hand it over now: it works for an hour. It signs nobody in; the password is still needed."
        shown = ShownOnce("A link for one browser", [("Link", link)], advice)
        return show_once(screen, request, shown, onward=screen.address(user))

    preview = Preview(
        f"Let {user} try from a new browser",
        "Make the link",
        [
            "For somebody whose account strangers keep locked by guessing, and who has no browser at hand in "
            "which they signed in before.",
            "The browser in which the link is opened gets attempts of its own.",
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(user), obj=user)


class UserAdmin(ReadOnlyAdmin):
    """Those with whom the person shares a business."""

    steps = {
        "admit_browser": Step(admit, (Deed.MANAGE_BUSINESS,), confirms=True),
        "reset_second_factor": Step(reset, (Deed.MANAGE_BUSINESS,), confirms=True),
    }
    change_form_template = "admin/accounts/user.html"

    list_display = ("email", "name", "active", "last_seen", "since")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "public_id", "active", "second_factor", "last_seen", "since")
    readonly_fields = fields

    def within(self, queryset: QuerySet[Any], businesses: Iterable[UUID]) -> QuerySet[Any]:
        return queryset.filter(pk__in=Membership.objects.filter(business_id__in=businesses).values("user"))

    def reaches(self, request: HttpRequest, obj: Model | None, deed: Deed) -> bool:
        if obj is None:
            return super().reaches(request, obj, deed)
        if deed is Deed.MANAGE_BUSINESS:
            # A person belongs to themselves: only who owns all of their businesses may act on them.
            theirs = Membership.objects.filter(user=obj.pk).exclude(business_id__in=reach(request, deed))
            return bool(reach(request, deed)) and not theirs.exists()
        return self.within(User.objects.filter(pk=obj.pk), reach(request, deed)).exists()

    def panels(self, request: HttpRequest, obj: User) -> dict[str, Any]:
        return {"has_factor": has_second_factor(obj)}

    @display(description="signs in")
    def active(self, user: User) -> str:
        return badge("Active", "good") if user.is_active else badge("Switched off", "bad")

    @display(description="second factor")
    def second_factor(self, user: User) -> str:
        return yes_or_no(has_second_factor(user))

    @display(description="last sign-in")
    def last_seen(self, user: User) -> str:
        return moment(user.last_login)

    @display(description="since", ordering="id")
    def since(self, user: User) -> str:
        return moment(user.created_at)

    @display(description="id")
    def public_id(self, user: User) -> str:
        return code(user.public_id)


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What will use it, for example “nightly report”.")
    reason = reason_field(
        label="What for",
        help_text=f"What the program reads, and why. {KEPT}",
    )


def revoke(screen: "TokenAdmin", request: HttpRequest, token: UserToken) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        revoke_token(token, reason=form.cleaned_data["reason"], now=timezone.now())
        return f"The token “{token}” is revoked."

    preview = Preview(
        f"Revoke “{token}”", "Revoke token", ["Programs that use it are answered 401 at once."], grave=True
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address(), obj=token)


class TokenAdmin(ScopedAdmin):
    """The person's own tokens, and nobody else's."""

    change_form_template = "admin/accounts/usertoken.html"
    deed = Deed.READ
    steps = {"revoke": Step(revoke, (Deed.READ,))}
    list_display = ("name", "state", "shown_prefix", "created", "expires", "used")
    ordering = ("-id",)
    fields = ("name", "shown_prefix", "state", "created", "expires", "used")
    readonly_fields = fields

    def within(self, queryset: QuerySet[Any], businesses: Iterable[UUID]) -> QuerySet[Any]:
        """Tokens belong to a person, not to a business; see `get_queryset`."""
        return queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(user=person(request))

    def subject_of(self, obj: UserToken) -> str:
        return obj.user.public_id

    def reaches(self, request: HttpRequest, obj: Model | None, deed: Deed) -> bool:
        return not isinstance(obj, UserToken) or obj.user_id == person(request).pk

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not recently_authenticated(request):
            return confirm_identity(request)
        form = TokenForm(entered(request))
        preview = Preview(
            "Create a user token",
            "Create token",
            [
                "With it a program of yours reads what you may read, through the user API.",
                f"It ends by itself after {LIFETIME.days} days.",
            ],
        )
        return ask_first(
            self, request, form, preview, act=lambda: self.issue(request, form), back=self.list_address()
        )

    def issue(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        text = issue_token(person(request), **form.cleaned_data, now=timezone.now())
        address = request.build_absolute_uri("/leads")
        shown = ShownOnce(
            "Your token",
            [("Token", text)],
            "Copy it now: we keep only its hash, so it cannot be shown again.",
            [("Read leads", f"curl {address} -H 'Authorization: Bearer {text}'")],
        )
        return show_once(self, request, shown, onward=self.list_address())

    @display(description="state")
    def state(self, token: UserToken) -> str:
        if token.revoked_at:
            return badge("Revoked", "bad")
        return badge("Active", "good") if token.expires_at > timezone.now() else badge("Expired", "warn")

    @display(description="begins with")
    def shown_prefix(self, token: UserToken) -> str:
        return code(f"lpu_{token.prefix}_…")

    @display(description="created", ordering="id")
    def created(self, token: UserToken) -> str:
        return moment(token.created_at)

    @display(description="expires", ordering="expires_at")
    def expires(self, token: UserToken) -> str:
        return moment(token.expires_at)

    @display(description="last used")
    def used(self, token: UserToken) -> str:
        return moment(token.last_used_at)
