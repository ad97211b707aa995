"""Businesses and the accounts in them. Both are named here; a business is made on the command line."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest

from leadping.accounts.businesses import NameTaken, find_or_create_account, rename_account, rename_business
from leadping.accounts.models import Account, Business
from leadping.accounts.roles import Deed
from leadping.console.display import code, moment
from leadping.console.scoped import ScopedAdmin


class BusinessAdmin(ScopedAdmin):
    scope = "id"
    refusals = (NameTaken,)
    deed = Deed.MANAGE_MEMBERS
    list_display = ("name", "created")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "public_id", "created")
    readonly_fields = ("public_id", "created")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change(self, request: HttpRequest, obj: Business, changes: dict[str, Any], **context: Any) -> None:
        if "name" in changes:
            rename_business(obj, changes["name"], **context)

    @display(description="created", ordering="id")
    def created(self, business: Business) -> str:
        return moment(business.created_at)

    @display(description="id")
    def public_id(self, business: Business) -> str:
        return code(business.public_id)


class AccountAdmin(ScopedAdmin):
    deed = Deed.MANAGE_SOURCES
    refusals = (NameTaken,)
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
