"""Pages about what the worker is doing: how far it is, and whether any worker is there to do it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from leadping.console.scoped import ScopedAdmin
from leadping.health import worker_is_alive

LOOKS_AGAIN_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """Of work that is not finished; `things` are what is counted, in the plural."""

    done: int
    total: int
    things: str

    def __str__(self) -> str:
        return f"{self.done:,} of {self.total:,}"

    @property
    def unattended(self) -> bool:
        return not worker_is_alive()


class ProgressScreen(ScopedAdmin):
    """Its template includes `admin/progress.html`, and its panels name a Progress `at_work`, or None."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("at_work"):
            # The page looks again by itself, without any script.
            response["Refresh"] = str(LOOKS_AGAIN_SECONDS)
        return response
