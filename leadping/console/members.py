"""Members: who has which role in a business."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.businesses import MembershipError, add_member, change_role, remove_member
from leadping.accounts.models import Business, Membership
from leadping.accounts.roles import Deed, Role
from leadping.console.display import badge, moment
from leadping.console.scoped import ScopedAdmin, Step, person
from leadping.console.steps import Preview, ReasonForm, ShownOnce, ask_first, entered, show_once


class InvitationForm(forms.Form):
    business = forms.ModelChoiceField(Business.objects.none(), empty_label=None)
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.OPERATOR)

    def __init__(self, *args: Any, request: HttpRequest) -> None:
        super().__init__(*args)
        self.request = request
        self.fields["business"].queryset = person(request).businesses(Deed.MANAGE_MEMBERS)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if "business" in fields and "email" in fields:
            members = fields["business"].memberships.filter(user__email__iexact=fields["email"])
            if members.exists():
                self.add_error("email", "This person is a member already; change the role there.")
            if fields.get("role") == Role.OWNER and not is_owner(self.request, fields["business"]):
                self.add_error("role", "Only an owner can make somebody an owner.")
        return fields


def is_owner(request: HttpRequest, business: Business) -> bool:
    """An admin may do nearly everything with members, but may not rise above an owner."""
    return person(request).memberships.filter(business=business, role=Role.OWNER).exists()


def remove(screen: ScopedAdmin, request: HttpRequest, membership: Membership) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        remove_member(membership, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"{membership.user} is no longer a member of {membership.business}."

    preview = Preview(
        f"Remove {membership.user}",
        "Remove member",
        [
            f"{membership.user} loses all access to {membership.business} at once, user tokens included.",
            "What the person did stays on record under their name.",
        ],
        grave=True,
    )
    back = screen.list_address()
    return ask_first(screen, request, form, preview, act=act, back=back, obj=membership)


class MembershipAdmin(ScopedAdmin):
    deed = Deed.MANAGE_MEMBERS
    refusals = (MembershipError,)
    steps = {"remove": Step(remove, (Deed.MANAGE_MEMBERS,))}
    list_display = ("user", "email", "role_shown", "business", "since")
    list_select_related = ("user", "business")
    search_fields = ("user__email", "user__name")
    ordering = ("user__email",)
    fields = ("user", "business", "role", "since")
    readonly_fields = ("user", "business", "since")

    def subject_of(self, obj: Membership) -> str:
        return obj.user.public_id

    def reaches(self, request: HttpRequest, obj: Model | None, deed: Deed) -> bool:
        """An owner's membership is for owners to touch."""
        if deed is Deed.READ or not isinstance(obj, Membership) or obj.role != Role.OWNER:
            return super().reaches(request, obj, deed)
        return is_owner(request, obj.business)

    def change(self, request: HttpRequest, obj: Membership, changes: dict[str, Any], **context: Any) -> None:
        if "role" not in changes:
            return
        role = Role(changes["role"])
        if role is Role.OWNER and not is_owner(request, obj.business):
            raise MembershipError("Only an owner can make somebody an owner.")
        change_role(obj, role, **context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(entered(request), request=request)
        preview = Preview(
            "Add a member",
            "Add member",
            ["A person who is new here gets a password, shown once on the next page, to hand over."],
        )
        return ask_first(
            self, request, form, preview, act=lambda: self.invite(request, form), back=self.list_address()
        )

    def invite(self, request: HttpRequest, form: forms.Form) -> str | HttpResponse:
        fields = form.cleaned_data
        member = add_member(
            fields["business"],
            fields["email"],
            Role(fields["role"]),
            by=person(request).public_id,
            now=timezone.now(),
        )
        if member.new_password is None:
            return f"{member.user} is now {fields['role']} of {fields['business']}."
        shown = ShownOnce(
            f"{member.user.email} can sign in",
            [("Email", member.user.email), ("Password", member.new_password)],
            "Hand the password over in person or through another channel than the email address. "
            "It is not shown again; the person changes it after signing in.",
        )
        return show_once(self, request, shown, onward=self.list_address())

    @display(description="email", ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @display(description="role", ordering="role")
    def role_shown(self, membership: Membership) -> str:
        return badge(membership.get_role_display(), "accent" if membership.role == Role.OWNER else "")

    @display(description="since", ordering="id")
    def since(self, membership: Membership) -> str:
        return moment(membership.created_at)
