"""The screen of overrides: each time somebody asked to pass over failed evidence, and what came of it."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from leadping.console.display import badge, link, listed, moment
from leadping.console.filters import WithinFilter
from leadping.console.history import name_actor
from leadping.console.scoped import ReadOnlyAdmin, screen_of
from leads.models import Lead, Override
from leads.pages.overrides import TONES, OverrideLine, describe_override, hands_of
from leads.pages.wording import title_of


def describe_overrides(lead: Lead) -> list[OverrideLine]:
    """The newest first."""
    found = list(lead.overrides.order_by("-id"))
    names = {by: name_actor(by) for by in hands_of(found)}
    return [describe_override(override, names, now=timezone.now()) for override in found]


class OverrideAdmin(ReadOnlyAdmin):
    list_display = ("about", "codes_shown", "state_shown", "asker", "asked", "settler")
    list_filter = ("state", WithinFilter)
    search_fields = ("reason",)
    search_help_text = "Words of the reason, or any prefixed id."
    none_yet = "Nobody asked to pass over failed evidence yet. It begins in the audit queue, on a held lead."
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "lead_shown",
        "codes_shown",
        "state_shown",
        "asker",
        "asked",
        "reason",
        "settler",
        "settled",
        "settled_reason",
    )
    readonly_fields = fields

    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("lead")

    @display(description="lead")
    def about(self, override: Override) -> str:
        return str(override.lead)

    @display(description="lead")
    def lead_shown(self, override: Override) -> SafeString:
        screen = screen_of(self, Lead)
        page = "audit" if override.state == Override.State.WAITING else "change"
        return link(screen.address(override.lead, page), override.lead)

    @display(description="although")
    def codes_shown(self, override: Override) -> str:
        return listed(map(title_of, override.codes))

    @display(description="state")
    def state_shown(self, override: Override) -> SafeString:
        return badge(override.get_state_display(), TONES.get(Override.State(override.state), "plain"))

    @display(description="asked by")
    def asker(self, override: Override) -> str:
        return name_actor(override.asked_by)

    @display(description="asked")
    def asked(self, override: Override) -> str:
        return moment(override.asked_at)

    @display(description="settled by")
    def settler(self, override: Override) -> str:
        return name_actor(override.settled_by) if override.settled_by else ""

    @display(description="settled")
    def settled(self, override: Override) -> str:
        return moment(override.settled_at)
