"""Invitations: made here and shown once as a link, looked at while they are open, taken back."""

from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.grants import BEYOND, grantable_roles
from leadping.accounts.invitations import LIFETIME, invite, revoke_invitation
from leadping.accounts.models import Business, Invitation
from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed, Role
from leadping.console.display import badge, moment
from leadping.console.history import name_actor
from leadping.console.reach import is_owner, person, reach
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, Step
from leadping.console.steps import Preview, ShownOnce, ask_first, entered, show_once


class InvitationForm(forms.Form):
    business = forms.ModelChoiceField(Business.objects.none(), empty_label=None)
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.OPERATOR)
    reason = reason_field()

    def __init__(self, *args: Any, request: HttpRequest) -> None:
        super().__init__(*args)
        self.request = request
        businesses = person(request).businesses(Deed.MANAGE_MEMBERS)
        self.fields["business"].queryset = businesses  # type: ignore[attr-defined]
        by = person(request).public_id
        offered = {role for business in businesses for role in grantable_roles(business, by=by)}
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in Role if role in offered
        ]

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        by = person(self.request).public_id
        if "business" in fields and fields.get("role") not in grantable_roles(fields["business"], by=by):
            self.add_error("role", BEYOND)
        return fields


def revoke(screen: ScopedAdmin, request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        revoke_invitation(invitation, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"The invitation of {invitation} is taken back."

    preview = Preview(
        f"Take back the invitation of {invitation}",
        "Take back",
        ["Its link opens nothing any more."],
        grave=True,
    )
    back = screen.list_address()
    return ask_first(screen, request, form, preview, act=act, back=back, obj=invitation)


def is_open(invitation: Invitation) -> bool:
    answered = invitation.accepted_at or invitation.revoked_at
    return not answered and invitation.expires_at > timezone.now()


class AnswerFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("over", "No longer open")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        still = Q(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
        chosen = {"open": still, "over": ~still}.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


class InvitationAdmin(ReadOnlyAdmin):
    """For those who may invite; to others an invitation of their business is none."""

    deed = Deed.MANAGE_MEMBERS
    adds = "Invite a person"
    steps = {"revoke": Step(revoke, (Deed.MANAGE_MEMBERS,))}
    change_form_template = "admin/accounts/invitation.html"
    list_display = ("email", "role_shown", "business", "state", "expires", "since")
    list_filter = (AnswerFilter,)
    list_select_related = ("business",)
    search_fields = ("email",)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("email", "role_shown", "business", "state", "inviter", "since", "expires")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.within(super().get_queryset(request), reach(request, self.deed))

    def reaches(self, request: HttpRequest, obj: Model | None, deed: Deed) -> bool:
        """An invitation to be an owner is for owners to touch."""
        reached = super().reaches(request, obj, self.deed)
        if not isinstance(obj, Invitation) or obj.role != Role.OWNER or deed is Deed.READ:
            return reached
        return reached and is_owner(request, obj.business)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, self.deed)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if not recently_authenticated(request):
            return confirm_identity(request)
        form = InvitationForm(entered(request), request=request)
        preview = Preview(
            "Invite a person",
            "Make the link",
            [
                "You get a link to hand over, shown once. We send no mail.",
                f"Whoever opens it within {LIFETIME.days} days joins under this address and with this role.",
            ],
        )
        return ask_first(
            self, request, form, preview, act=lambda: self.invite(request, form), back=self.list_address()
        )

    def invite(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        fields = form.cleaned_data
        role, by = Role(fields["role"]), person(request).public_id
        invitation, secret = invite(
            fields["business"], fields["email"], role, by=by, reason=fields["reason"], now=timezone.now()
        )
        link = request.build_absolute_uri(reverse("invitation", query={"secret": secret}))
        shown = ShownOnce(
            f"{invitation} is invited",
            [("Link", link)],
            "Copy it now and hand it over through a channel that only this person reads: whoever holds it "
            "can join. It is not shown again, but you can take it back.",
        )
        return show_once(self, request, shown, onward=self.list_address())

    def panels(self, request: HttpRequest, obj: Invitation) -> dict[str, Any]:
        return {"is_open": is_open(obj)}

    @display(description="role", ordering="role")
    def role_shown(self, invitation: Invitation) -> str:
        return badge(invitation.get_role_display(), "accent" if invitation.role == Role.OWNER else "")

    @display(description="state")
    def state(self, invitation: Invitation) -> str:
        if invitation.accepted_at:
            return badge("Accepted", "good")
        if invitation.revoked_at:
            return badge("Taken back", "bad")
        return badge("Open", "accent") if is_open(invitation) else badge("Expired", "warn")

    @display(description="invited by")
    def inviter(self, invitation: Invitation) -> str:
        return name_actor(invitation.invited_by)

    @display(description="made", ordering="id")
    def since(self, invitation: Invitation) -> str:
        return moment(invitation.created_at)

    @display(description="expires")
    def expires(self, invitation: Invitation) -> str:
        return moment(invitation.expires_at)
