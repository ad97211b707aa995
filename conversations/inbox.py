"""Which conversations wait for somebody to talk."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists

from conversations.models import Conversation


def enter_inbox(conversation: Conversation, *, now: datetime) -> None:
    """From now on the conversation is in the inbox; one that is there already keeps its place."""
    Conversation.objects.filter(pk=conversation.pk, inbox_since=None).update(inbox_since=now)


def leave_inbox(conversation_ids: Collection[UUID], *, unless: Exists) -> None:
    """Nobody is to talk there any more, unless something else of the conversation asks for it.

    To be called in a transaction. The rows are locked first and judged after that, so that a lead that comes
    in at the same instant is either seen or puts the conversation back in the inbox itself.
    """
    chosen = Conversation.objects.filter(pk__in=conversation_ids)
    list(chosen.select_for_update(no_key=True).order_by("id").values_list("id"))
    chosen.exclude(unless).update(inbox_since=None)
