"""Which conversations wait for somebody to talk."""

from datetime import datetime

from conversations.models import Conversation


def enter_inbox(conversation: Conversation, *, now: datetime) -> None:
    """From now on the conversation is in the inbox; one that is there already keeps its place."""
    Conversation.objects.filter(pk=conversation.pk, inbox_since=None).update(inbox_since=now)
