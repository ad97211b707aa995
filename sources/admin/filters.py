"""The filter of the list of sources."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from sources.admin.key_states import OLD_AFTER, UNUSED_FOR
from sources.expiring import WARNED_AHEAD
from sources.models import Credential

EXPIRED = Q(terms_in_force__expires_at__lte=Now())
NOT_APPROVED = Q(terms_in_force=None) | EXPIRED
# As `list_reasons_to_rotate` has it, of keys that are live.
STALE = Q(retires_at=None) & (
    Q(created_at__lte=Now() - OLD_AFTER)
    | Q(last_used_at__lte=Now() - UNUSED_FOR)
    | Q(last_used_at=None, created_at__lte=Now() - UNUSED_FOR)
)
CANNOT_SEND = NOT_APPROVED | Q(enabled=False) | Q(account=None) | Q(paused_at__isnull=False)


def with_keys(condition: Q) -> Q:
    """Sources with a key that still works and is so."""
    live = Q(retires_at=None) | Q(retires_at__gt=Now())
    found = Credential.objects.filter(live, condition, source=OuterRef("pk"), revoked_at=None)
    return Q(Exists(found))


class StateFilter(SimpleListFilter):
    """Deleted sources are shown only to those who ask for them."""

    title = "state"
    parameter_name = "state"
    conditions = {
        "sending": ("Can send", ~CANNOT_SEND),
        "stopped": ("Cannot send", CANNOT_SEND),
        "unapproved": ("Not approved", NOT_APPROVED),
        "waiting": ("Waits for review", Q(terms__status="submitted")),
        "expiring": ("Approval expires within 14 days", Q()),
        "disabled": ("Disabled", Q(enabled=False)),
        "paused": ("Paused", Q(paused_at__isnull=False)),
        "unattached": ("No account", Q(account=None)),
        "exposed": ("Key seen in a lead", with_keys(Q(exposed_at__isnull=False))),
        "stale": ("Stale key", with_keys(STALE)),
    }

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [*((name, text) for name, (text, _) in self.conditions.items()), ("deleted", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "deleted":
            return queryset.exclude(deleted_at=None)
        if self.value() == "expiring":
            soon = Q(terms_in_force__expires_at__lte=timezone.now() + WARNED_AHEAD)
            return queryset.filter(soon, deleted_at=None)
        _, condition = self.conditions.get(self.value() or "", ("", Q()))
        return queryset.filter(condition, deleted_at=None)
