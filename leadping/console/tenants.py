"""Businesses and the accounts in them. Both are named here; a business is made on the command line."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.businesses import (
    change_override_rule,
    change_review_rule,
    find_or_create_account,
    rename_account,
    rename_business,
)
from leadping.accounts.models import Account, Business
from leadping.accounts.roles import Deed
from leadping.console.display import code, moment, yes_or_no
from leadping.console.reach import person
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin, Step
from leadping.console.steps import Preview, ask_first, entered


class ReviewRuleForm(ReasonForm):
    separate_reviewer = forms.BooleanField(
        label="The reviewer of terms is not who submitted them",
        required=False,
        help_text="Without this rule one person can submit terms and approve them alone.",
    )
    field_order = ("separate_reviewer", "reason")


def change_rule(screen: ScopedAdmin, request: HttpRequest, business: Business) -> HttpResponse:
    form = ReviewRuleForm(entered(request), initial={"separate_reviewer": business.separate_reviewer})

    def act() -> str:
        change_review_rule(business, **form.cleaned_data, by=person(request).public_id, now=timezone.now())
        return "The rule is saved."

    preview = Preview("Who reviews terms", "Keep this rule", ["It holds from the next decision on."])
    back = screen.address(business)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=business)


class OverrideRuleForm(ReasonForm):
    second_person = forms.BooleanField(
        label="Passing over failed evidence takes a second person",
        required=False,
        help_text="Without this rule one person can release a lead whose certificate failed, or whose source "
        "is disputed. That they did stays visible on the lead either way.",
    )
    field_order = ("second_person", "reason")


def change_second_person(screen: ScopedAdmin, request: HttpRequest, business: Business) -> HttpResponse:
    form = OverrideRuleForm(entered(request), initial={"second_person": business.second_person})

    def act() -> str:
        change_override_rule(business, **form.cleaned_data, by=person(request).public_id, now=timezone.now())
        return "The rule is saved."

    preview = Preview(
        "Who passes over failed evidence", "Keep this rule", ["It holds from the next decision on."]
    )
    back = screen.address(business)
    return ask_first(screen, request, form, preview, act=act, back=back, obj=business)


class BusinessAdmin(ScopedAdmin):
    scope = "id"
    deed = Deed.MANAGE_MEMBERS
    steps = {
        "review_rule": Step(change_rule, (Deed.MANAGE_BUSINESS,), confirms=True),
        "override_rule": Step(change_second_person, (Deed.MANAGE_BUSINESS,), confirms=True),
    }
    change_form_template = "admin/accounts/business.html"
    list_display = ("name", "created")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "public_id", "reviewer", "second", "created")
    readonly_fields = ("public_id", "reviewer", "second", "created")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change(self, request: HttpRequest, obj: Business, changes: dict[str, Any], **context: Any) -> None:
        if "name" in changes:
            rename_business(obj, changes["name"], **context)

    @display(description="reviewer is not who submitted")
    def reviewer(self, business: Business) -> str:
        return yes_or_no(business.separate_reviewer)

    @display(description="passing over failed evidence takes a second person")
    def second(self, business: Business) -> str:
        return yes_or_no(business.second_person)

    @display(description="created", ordering="id")
    def created(self, business: Business) -> str:
        return moment(business.created_at)

    @display(description="id")
    def public_id(self, business: Business) -> str:
        return code(business.public_id)


class AccountAdmin(ScopedAdmin):
    deed = Deed.MANAGE_SOURCES
    none_yet = (
        "There is no account yet. Add one for each customer or desk that leads belong to; a source needs one."
    )
    list_display = ("name", "business", "created")
    list_select_related = ("business",)
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("public_id", "created")

    def get_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        return ("name", "business", "public_id", "created") if obj else ("business", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        return ("business", "public_id", "created") if obj else ()

    def create(self, request: HttpRequest, fields: dict[str, Any], **context: Any) -> Account:
        return find_or_create_account(fields["business"], fields["name"], **context)

    def change(self, request: HttpRequest, obj: Account, changes: dict[str, Any], **context: Any) -> None:
        if "name" in changes:
            rename_account(obj, changes["name"], **context)

    @display(description="created", ordering="id")
    def created(self, account: Account) -> str:
        return moment(account.created_at)

    @display(description="id")
    def public_id(self, account: Account) -> str:
        return code(account.public_id)
