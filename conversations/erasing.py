"""Taking the contact point out of conversations whose person is erased."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from conversations.models import ERASED, Conversation
from leadping.ids import new_id


def lock_conversations(conversation_ids: Collection[UUID]) -> list[Conversation]:
    """Whoever brings a lead with the same contact point at this moment waits, and then begins a new one."""
    chosen = Conversation.objects.filter(pk__in=conversation_ids)
    return list(chosen.select_for_update().order_by("id"))


def erase_addresses(conversation_ids: Collection[UUID]) -> int:
    nameless = Concat(Value(ERASED), Cast("id", CharField()))
    chosen = Conversation.objects.filter(pk__in=conversation_ids).exclude(address__startswith=ERASED)
    return chosen.update(address=nameless, inbox_since=None)


def part_from(conversation: Conversation) -> Conversation:
    """A nameless one beside it, for what has to leave a conversation that others still have."""
    own_id = new_id()
    return Conversation.objects.create(
        id=own_id,
        business_id=conversation.business_id,
        channel=conversation.channel,
        address=f"{ERASED}{own_id}",
        created_at=conversation.created_at,
    )
