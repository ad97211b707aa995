"""The screen of what-ifs: how far one has come, and what it came to."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from leadping.console.display import badge, moment
from leadping.console.history import name_actor
from leadping.console.progress import Progress, ProgressScreen
from leadping.console.scoped import ReadOnlyAdmin, screen_of
from leads.console.display import say_last
from leads.console.whatif.report import describe_result, say_headline
from leads.models import WhatIf
from leads.whatif.asking import UNFINISHED, is_stale
from sources.admin.plain_words import say
from sources.admin.running import say_setting
from sources.models import Source

TONES = {
    WhatIf.Status.WAITING: "",
    WhatIf.Status.RUNNING: "accent",
    WhatIf.Status.DONE: "good",
    WhatIf.Status.FAILED: "bad",
}


class WhatIfAdmin(ProgressScreen, ReadOnlyAdmin):
    change_form_template = "admin/leads/what_if.html"
    list_display = ("source_shown", "tried", "days_shown", "state", "headline", "asked")
    list_select_related = ("source", "terms")
    list_filter = ("status",)
    search_fields = ("source__name",)
    none_yet = (
        "Nothing was tried yet. “What if …”, where a draft or settings are changed, shows what would have "
        "become of the leads that came."
    )
    search_help_text = "Name of the source, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("source", "tried", "days_shown", "asked", "asker", "finished")
    readonly_fields = fields

    def panels(self, request: HttpRequest, obj: WhatIf) -> dict[str, Any]:
        unfinished = obj.status in UNFINISHED
        sources = screen_of(self, Source)
        step = "settings" if obj.settings is not None else "draft"
        return {
            "trial": obj,
            "badge": self.state(obj),
            "at_work": Progress(obj.done, obj.total, "submissions") if unfinished else None,
            "stale": is_stale(obj),
            "headline": say_headline(obj),
            "report": describe_result(obj.result) if obj.status == WhatIf.Status.DONE else None,
            "settings_tried": list_settings(obj),
            "source_address": sources.address(obj.source),
            "edit_address": sources.address(obj.source, step)
            + (f"?what_if={obj.public_id}" if obj.settings is not None else ""),
            "submissions": reverse("console:search"),
        }

    @display(description="source")
    def source_shown(self, trial: WhatIf) -> str:
        return str(trial.source)

    @display(description="tried")
    def tried(self, trial: WhatIf) -> str:
        return f"Terms {trial.terms.number}" if trial.terms else "Settings"

    @display(description="over")
    def days_shown(self, trial: WhatIf) -> str:
        return say_last(trial.days)

    @display(description="state")
    def state(self, trial: WhatIf) -> SafeString:
        return badge(trial.get_status_display(), TONES[WhatIf.Status(trial.status)])

    @display(description="result")
    def headline(self, trial: WhatIf) -> str:
        return say_headline(trial)

    @display(description="asked")
    def asked(self, trial: WhatIf) -> str:
        return moment(trial.asked_at)

    @display(description="asked by")
    def asker(self, trial: WhatIf) -> str:
        return name_actor(trial.asked_by)

    @display(description="finished")
    def finished(self, trial: WhatIf) -> str:
        return moment(trial.finished_at)


def list_settings(trial: WhatIf) -> list[tuple[str, str]]:
    """What was tried, in the words of the form."""
    return [(say_setting(name), say_tried(name, value)) for name, value in (trial.settings or {}).items()]


def say_tried(name: str, value: Any) -> str:
    """Choices come and go; one that is no more stands as it was stored."""
    try:
        return say(name, value)
    except ValueError:
        return str(value)
