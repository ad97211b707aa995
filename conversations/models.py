"""What is said with a contact point."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row

# What stands before the id where the contact point was erased; no phone and no email begins so.
ERASED = "erased:"


class Conversation(Row):
    """Everything said with one contact point of a business. It is in the inbox once `inbox_since` is set;
    that of a held lead stays out until the lead is released."""

    PREFIX = "conv"

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "Email"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="conversations")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=320)
    created_at = models.DateTimeField(default=timezone.now)
    inbox_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "channel", "address"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(channel__in=["phone", "email"]), name="conversation_channel_known"
            ),
        ]
        indexes = [models.Index(fields=["business", "id"], name="conversation_of_business")]

    def __str__(self) -> str:
        return "Erased" if self.address.startswith(ERASED) else self.address
