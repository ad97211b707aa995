"""Conversations, to be looked at; one talks in the workspace."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from compliance.models import Suppression
from compliance.suppression.looking import find_suppressions
from conversations.models import Conversation
from leadping.console.display import badge, code, moment
from leadping.console.filters import WithinFilter
from leadping.console.scoped import ReadOnlyAdmin, screen_of


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("address_shown", "channel", "inbox", "created")
    list_filter = (WithinFilter,)
    search_fields = ("address",)
    search_help_text = "The whole phone number or email address, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("address_shown", "channel", "suppressed", "public_id_shown", "inbox", "created")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Whole addresses, by the index of the unique rule, which begins with business and channel."""
        if not search_term:
            return queryset, False
        return queryset.filter(channel__in=Conversation.Channel.values, address=search_term.lower()), False

    @display(description="contact point")
    def address_shown(self, conversation: Conversation) -> str:
        return str(conversation)

    @display(description="may be contacted")
    def suppressed(self, conversation: Conversation) -> str:
        """By any account: the entries say for whom they hold."""
        entries = find_suppressions(
            conversation.business_id, account_id=None, **{conversation.channel: conversation.address}
        )
        screen = screen_of(self, Suppression)
        rows = (
            (badge(f"No {entry.get_channel_display().lower()}", "bad"), screen.address(entry))
            for entry in entries
        )
        return format_html_join(" ", '{} <a href="{}">The entry</a>', rows) or badge("Yes", "good")

    @display(description="id")
    def public_id_shown(self, conversation: Conversation) -> str:
        return code(conversation.public_id)

    @display(description="inbox")
    def inbox(self, conversation: Conversation) -> str:
        if conversation.inbox_since is None:
            return badge("Not in the inbox")
        return moment(conversation.inbox_since)

    @display(description="created")
    def created(self, conversation: Conversation) -> str:
        return moment(conversation.created_at)
