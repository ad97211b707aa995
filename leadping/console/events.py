"""Events: everything that happened in the person's businesses, newest first."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest

from leadping.console.display import json_block, moment
from leadping.console.filters import WithinFilter
from leadping.console.history import name_rows, say_kind
from leadping.console.listing import UncountedList
from leadping.console.scoped import ReadOnlyAdmin
from leadping.models import Event


class EventList(UncountedList):
    """Names subjects and actors of the page in a few queries, where a column would ask for each row."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = [text for event in self.result_list for text in (event.subject, event.actor)]
        names = name_rows(self.model_admin.admin_site, request, ids)
        for event in self.result_list:
            event.subject_name, event.actor_name = names[event.subject], names[event.actor]


class EventAdmin(ReadOnlyAdmin):
    list_display = ("at_shown", "what", "about", "who", "reason")
    list_display_links = ("what",)
    list_filter = (WithinFilter,)
    search_fields = ("subject",)
    search_help_text = "A prefixed id such as lead_… or source_… leads to its object."
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at_shown", "what", "subject", "actor", "reason", "count", "data_shown")
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EventList]:
        return EventList

    @display(description="when")
    def at_shown(self, event: Event) -> str:
        return moment(event.at)

    @display(description="what")
    def what(self, event: Event) -> str:
        return say_kind(event.kind) + (f" ({event.count} times)" if event.count > 1 else "")

    @display(description="about")
    def about(self, event: Any) -> str:
        return event.subject_name

    @display(description="by")
    def who(self, event: Any) -> str:
        return event.actor_name

    @display(description="details")
    def data_shown(self, event: Event) -> str:
        return json_block(event.data)
