"""Members: who has which role in a business."""

from typing import Any

from django.contrib.admin import display
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.businesses import MembershipError, change_role, remove_member
from leadping.accounts.grants import grantable_roles
from leadping.accounts.models import Membership
from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed, Role
from leadping.console.display import badge, moment
from leadping.console.reach import is_owner, person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin, Step
from leadping.console.steps import Preview, ask_first, entered


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
            f"{membership.user} loses all access to {membership.business} at once, user tokens included, "
            "and is signed out everywhere.",
            "Invitations that the person made and nobody took up yet are taken back.",
            "What the person did stays on record under their name.",
        ],
        grave=True,
    )
    back = screen.list_address()
    return ask_first(screen, request, form, preview, act=act, back=back, obj=membership)


class MembershipAdmin(ScopedAdmin):
    deed = Deed.MANAGE_MEMBERS
    steps = {"remove": Step(remove, (Deed.MANAGE_MEMBERS,), confirms=True)}
    change_form_template = "admin/accounts/membership.html"
    change_list_template = "admin/accounts/memberships.html"
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

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """Offers the roles that this person may give, beside the one that the member has."""
        form: Any = super().get_form(request, obj, change, **options)
        if obj and "role" in form.base_fields:
            given = grantable_roles(obj.business, by=person(request).public_id)
            own = obj.user_id == person(request).pk
            offered = {obj.role} if own else {obj.role, *given}
            form.base_fields["role"].choices = [choice for choice in Role.choices if choice[0] in offered]
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever may change a role here is asked again who they are; others may look."""
        obj = self.get_object(request, args[0]) if args else None
        if obj and self.has_change_permission(request, obj) and not recently_authenticated(request):
            return confirm_identity(request)
        return super().changeform_view(request, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        invites = super().has_add_permission(request)
        return super().changelist_view(request, {"invites": invites, **(extra_context or {})})

    @display(description="email", ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @display(description="role", ordering="role")
    def role_shown(self, membership: Membership) -> str:
        return badge(membership.get_role_display(), "accent" if membership.role == Role.OWNER else "")

    @display(description="since", ordering="id")
    def since(self, membership: Membership) -> str:
        return moment(membership.created_at)
